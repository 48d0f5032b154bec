#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "servers/config_text.h"

namespace truename::servers {

/// One logical line of main.cf or master.cf: a line and those that continue it because they begin with a blank. Empty lines and comments
/// may stand between them.
struct PostfixLine {
    std::size_t begin = 0, next = 0;  ///< from the first line to behind the last that belongs to it
    std::size_t lines = 1;            ///< so many lines of the file
    std::vector<Piece> pieces;        ///< what is neither blanks around a line nor a comment; none for an empty line or a comment
    std::string text;                 ///< the pieces, joined
};

/// The logical line, the empty line or the comment that begins at `begin`.
PostfixLine read_postfix_line(std::string_view text, std::size_t begin);

/// White space in the eyes of Postfix: also carriage returns, so files with CRLF are read.
bool is_postfix_space(char c);

/// `name = value` as Postfix parts it: where in the text the name ends and the value begins and ends. `is_right` is false without a name or
/// `=`.
struct PostfixAssignment {
    bool is_right = false;
    std::size_t name_begin = 0, name_end = 0, value_begin = 0, value_end = 0;
};

/// Parts [begin, end) of `text`.
PostfixAssignment part_assignment(std::string_view text, std::size_t begin, std::size_t end);

}  // namespace truename::servers
