#include "servers/postfix_service.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "servers/postfix_line.h"

namespace truename::servers {
namespace {

struct Word {
    std::size_t begin = 0, end = 0;
};

/// The words between white space; what stands in braces is not parted. Nothing when a brace does not close.
std::optional<std::vector<Word>> words_of(std::string_view text) {
    std::vector<Word> words;
    for (std::size_t at = 0; at < text.size();) {
        while (at < text.size() && is_postfix_space(text[at])) ++at;
        const std::size_t begin = at;
        std::size_t depth = 0;
        for (; at < text.size() && (depth > 0 || !is_postfix_space(text[at])); ++at) {
            if (text[at] == '{') ++depth;
            if (text[at] == '}' && depth > 0) --depth;
        }
        if (depth > 0) return std::nullopt;
        if (at > begin) words.push_back({begin, at});
    }
    return words;
}

/// The override that is [begin, end); nothing when it assigns nothing.
std::optional<PostfixOption> read_option(std::string_view text, std::size_t option, std::size_t begin, std::size_t end) {
    const bool has_braces = end - begin >= 2 && text[begin] == '{' && text[end - 1] == '}';
    const PostfixAssignment parted = has_braces ? part_assignment(text, begin + 1, end - 1) : part_assignment(text, begin, end);
    if (!parted.is_right) return std::nullopt;
    return PostfixOption{.name = std::string(text.substr(parted.name_begin, parted.name_end - parted.name_begin)),
                         .value = std::string(text.substr(parted.value_begin, parted.value_end - parted.value_begin)),
                         .begin = option,
                         .argument = begin,
                         .end = end,
                         .value_begin = parted.value_begin,
                         .value_end = parted.value_end,
                         .has_braces = has_braces};
}

}  // namespace

PostfixEntry read_postfix_entry(std::string_view text) {
    constexpr std::size_t kFields = 8;
    constexpr std::string_view kWithArgument = "imnost";  // of the letters that Postfix's daemons take
    PostfixEntry entry;
    const auto words = words_of(text);
    if (!words || words->size() < kFields) return entry;
    const auto word = [&](std::size_t i) { return text.substr((*words)[i].begin, (*words)[i].end - (*words)[i].begin); };
    entry.name = word(0);
    entry.type = word(1);
    entry.command = word(kFields - 1);
    entry.options_end = (*words)[kFields - 1].end;
    std::size_t i = kFields;
    for (; i < words->size(); ++i) {
        const std::string_view letters = word(i);
        const std::size_t found = std::min(letters.find_first_of(kWithArgument, 1), letters.size());
        if (letters.size() < 2 || letters[0] != '-' || !std::ranges::all_of(letters.substr(1, found - 1), is_alphanumeric)) break;
        const std::size_t begin = (*words)[i].begin;
        const bool is_override = found < letters.size() && letters[found] == 'o';
        const bool is_next = found == letters.size() - 1;
        if (is_next && i + 1 == words->size()) return entry;
        if (is_next) ++i;
        if (is_override) {
            const auto option =
                read_option(text, found == 1 ? begin : begin + found, is_next ? (*words)[i].begin : begin + found + 1, (*words)[i].end);
            if (!option) return entry;
            entry.options.push_back(*option);
        }
        entry.options_end = (*words)[i].end;
    }
    for (; i < words->size(); ++i) entry.arguments.emplace_back(word(i));
    entry.is_right = true;
    return entry;
}

}  // namespace truename::servers
