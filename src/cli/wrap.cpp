#include "cli/wrap.h"

#include <algorithm>

#include "base/text.h"

namespace truename::cli {

namespace {

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

void append_wrapped(std::string& out, std::string_view text, std::size_t column, std::size_t indent, std::size_t width) {
    bool first_in_line = true;
    for (const std::string_view word : split(text, ' ')) {
        const std::size_t size = code_points(word);
        if (!first_in_line && column + 1 + size > width) {
            out += '\n' + std::string(indent, ' ');
            column = indent;
            first_in_line = true;
        }
        if (!first_in_line) {
            out += ' ';
            ++column;
        }
        out += word;
        column += size;
        first_in_line = false;
    }
    out += '\n';
}

}  // namespace truename::cli
