#include "wizard/answer.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "base/text.h"

namespace truename::wizard {

Result<std::string, std::string> choose(const Page& page, std::string_view text) {
    for (const Choice& choice : page.choices) {
        if (choice.value == text) return choice.value;
    }
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size() && number >= 1 && number <= page.choices.size())
        return page.choices[number - 1].value;
    if (page.takes_text && !text.empty()) return std::string(text);
    if (text.empty()) return Unexpected{std::string("Something has to be answered here.")};
    return Unexpected{"\"" + printable(text) + "\" is none of these."};
}

Result<std::string, std::string> readable_file(std::string_view text) {
    const std::string path(text);
    if (::access(path.c_str(), R_OK) != 0) return Unexpected{printable(path) + " cannot be read: " + std::strerror(errno) + "."};
    return path;
}

Result<std::string, std::string> folder_path(std::string_view text) {
    if (!text.starts_with('/')) return Unexpected{std::string("The whole path of a folder is wanted, beginning with a slash.")};
    return std::string(text);
}

std::vector<Choice> yes_or_no(std::string yes, std::string no) {
    return {{"yes", std::move(yes)}, {"no", std::move(no)}};
}

}  // namespace truename::wizard
