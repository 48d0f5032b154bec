#include "servers/config_text.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace truename::servers {

TextLine line_at(std::string_view text, std::size_t begin) {
    const std::size_t newline = std::min(text.find('\n', begin), text.size());
    std::size_t end = newline;
    if (end > begin && text[end - 1] == '\r') --end;
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
        const std::size_t begin = std::max(copied, change.begin);
        result.append(text.substr(copied, begin - copied)).append(change.by);
        copied = std::max(begin, change.begin + change.size);
    }
    return result.append(text.substr(copied));
}

Change insert_lines(std::string_view text, std::size_t at, const std::vector<std::string>& lines) {
    const std::string_view line_end = line_end_of(text);
    Change change{at, 0, {}};
    if (at > 0 && text[at - 1] != '\n') change.by = text[at - 1] == '\r' ? "\n" : line_end;
    for (const std::string& line : lines) change.by.append(line).append(line_end);
    return change;
}

Change remove_from_line(std::string_view text, std::size_t begin, std::size_t end) {
    const std::size_t newline = begin == 0 ? std::string_view::npos : text.rfind('\n', begin - 1);
    const TextLine line = line_at(text, newline == std::string_view::npos ? 0 : newline + 1);
    const std::string_view before = text.substr(line.begin, begin - line.begin), behind = text.substr(end, line.end - end);
    const bool is_first = trim(before).empty();
    if (is_first && trim(behind).empty()) return {line.begin, line.next - line.begin, {}};
    // The blanks that a line begins with may say that it continues another.
    const auto is_blank = [&](std::size_t at) { return text[at] == ' ' || text[at] == '\t'; };
    while (is_first && end < line.end && is_blank(end)) ++end;
    while (!is_first && is_blank(begin - 1)) --begin;
    return {begin, end - begin, {}};
}

std::vector<Piece> locate(const std::vector<Piece>& pieces, std::size_t from, std::size_t to) {
    std::vector<Piece> result;
    std::size_t start = 0;
    for (const Piece& piece : pieces) {
        const std::size_t stop = start + piece.size;
        if (from <= stop && start <= to) {
            const std::size_t first = std::max(from, start), last = std::min(to, stop);
            result.push_back({piece.begin + first - start, last - first, last == stop ? piece.end : piece.begin + last - start});
        }
        start = stop + 1;
    }
    return result;
}

std::vector<Change> replace_pieces(std::string_view text, const std::vector<Piece>& pieces, std::string by) {
    const Piece& first = pieces.front();
    const bool is_glued = first.size == 0 && first.begin > 0 && text[first.begin - 1] == '=' && !by.empty();
    std::vector<Change> changes = {{first.begin, first.end - first.begin, (is_glued ? " " : "") + std::move(by)}};
    for (std::size_t i = 1; i < pieces.size(); ++i) changes.push_back(remove_from_line(text, pieces[i].begin, pieces[i].end));
    return changes;
}

std::string indentation_of(std::string_view text, std::size_t begin) {
    const std::size_t end = std::min(text.find_first_not_of(" \t", begin), text.size());
    return std::string(text.substr(begin, end - begin));
}

std::string_view name_in_comment(std::string_view line) {
    line = trim(line);
    if (!line.starts_with('#')) return {};
    line = trim(line.substr(std::min(line.find_first_not_of('#'), line.size())));
    std::size_t end = 0;
    while (end < line.size() && (is_alphanumeric(line[end]) || line[end] == '_')) ++end;
    return trim(line.substr(end)).starts_with('=') ? line.substr(0, end) : std::string_view();
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

}  // namespace truename::servers
