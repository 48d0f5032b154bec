#include "servers/postfix_line.h"

namespace truename::servers {

bool is_postfix_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

PostfixLine read_postfix_line(std::string_view text, std::size_t begin) {
    PostfixLine line;
    line.begin = line.next = begin;
    std::size_t lines = 0;
    for (std::size_t at = begin; at < text.size();) {
        const TextLine physical = line_at(text, at);
        ++lines;
        std::size_t from = physical.begin, to = physical.end;
        while (from < to && is_postfix_space(text[from])) ++from;
        while (to > from && is_postfix_space(text[to - 1])) --to;
        const bool is_empty = from == to || text[from] == '#';
        if (!line.pieces.empty() && !is_empty && from == physical.begin) break;
        at = physical.next;
        if (!is_empty) {
            if (!line.pieces.empty()) line.text += ' ';
            line.text += text.substr(from, to - from);
            line.pieces.push_back({from, to - from, to});
        }
        if (!is_empty || line.pieces.empty()) {
            line.next = at;
            line.lines = lines;
        }
        if (line.pieces.empty()) break;
    }
    return line;
}

PostfixAssignment part_assignment(std::string_view text, std::size_t begin, std::size_t end) {
    PostfixAssignment result;
    const auto skip = [&](std::size_t at) {
        while (at < end && is_postfix_space(text[at])) ++at;
        return at;
    };
    std::size_t at = result.name_begin = skip(begin);
    while (at < end && !is_postfix_space(text[at]) && text[at] != '=') ++at;
    result.name_end = at;
    at = skip(at);
    result.is_right = at < end && text[at] == '=' && result.name_end > result.name_begin;
    result.value_begin = at < end ? skip(at + 1) : end;
    result.value_end = end;
    while (result.value_end > result.value_begin && is_postfix_space(text[result.value_end - 1])) --result.value_end;
    return result;
}

}  // namespace truename::servers
