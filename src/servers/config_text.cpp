#include "servers/config_text.h"

#include <algorithm>

#include "base/text.h"

namespace truename::servers {

TextLine line_at(std::string_view text, std::size_t begin) {
    const std::size_t newline = std::min(text.find('\n', begin), text.size());
    std::size_t end = newline;
    if (newline < text.size() && end > begin && text[end - 1] == '\r') --end;
    return {begin, end, std::min(newline + 1, text.size())};
}

std::string_view line_end_of(std::string_view text) {
    const std::size_t newline = text.find('\n');
    return newline != std::string_view::npos && newline > 0 && text[newline - 1] == '\r' ? "\r\n" : "\n";
}

std::string with_changes(std::string_view text, const std::vector<Change>& changes) {
    std::string result;
    std::size_t copied = 0;
    for (const Change& change : changes) {
        result.append(text.substr(copied, change.begin - copied)).append(change.by);
        copied = change.begin + change.size;
    }
    return result.append(text.substr(copied));
}

Change insert_lines(std::string_view text, std::size_t at, const std::vector<std::string>& lines) {
    const std::string_view line_end = line_end_of(text);
    Change change{at, 0, {}};
    if (at > 0 && text[at - 1] != '\n') change.by = line_end;
    for (const std::string& line : lines) change.by.append(line).append(line_end);
    return change;
}

Change remove_from_line(std::string_view text, std::size_t begin, std::size_t end) {
    const std::size_t newline = begin == 0 ? std::string_view::npos : text.rfind('\n', begin - 1);
    const TextLine line = line_at(text, newline == std::string_view::npos ? 0 : newline + 1);
    const std::string_view before = text.substr(line.begin, begin - line.begin), behind = text.substr(end, line.end - end);
    if (trim(before).empty() && trim(behind).empty()) return {line.begin, line.next - line.begin, {}};
    while (begin > line.begin && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
    return {begin, end - begin, {}};
}

}  // namespace truename::servers
