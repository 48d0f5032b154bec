#include "servers/setting_words.h"

#include <algorithm>

namespace truename::servers {

std::vector<std::string> setting_words(std::string_view text) {
    constexpr std::string_view kBetween = " \t\r\n,";
    std::vector<std::string> words;
    std::size_t at = 0;
    while ((at = text.find_first_not_of(kBetween, at)) != std::string_view::npos) {
        const std::size_t end = std::min(text.find_first_of(kBetween, at), text.size());
        std::string word(text.substr(at, end - at));
        std::erase(word, '"');
        if (!word.empty()) words.push_back(std::move(word));
        at = end;
    }
    return words;
}

}  // namespace truename::servers
