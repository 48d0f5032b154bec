#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace truename::doctor {

/// The columns that `text` takes on a terminal: wide East Asian characters count two, combining marks none. `text` is UTF-8 without
/// control characters.
std::size_t display_width(std::string_view text);

/// Text of a report made safe for a terminal and for one line, as printable() does it, but a backslash stays one: names and subjects were
/// escaped when they were read (`O=Example\, Inc.`), and escaping them twice helps nobody.
std::string safe_text(std::string_view text);

/// `text` with blanks up to `width` columns; unchanged when it is longer.
std::string padded(std::string_view text, std::size_t width);

/// `text` broken at blanks into lines of at most `width` columns; a longer word stays whole. At least one line.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// Writes `text` after `first`, broken at `width` columns, further lines under the first letter of the text; ends in \n.
std::string hanging(std::string_view first, std::string_view text, std::size_t width);

/// `left` and `right` at both ends of a line of `width` columns; `right` follows after three blanks when there is no room.
std::string both_ends(std::string_view left, std::string_view right, std::size_t width);

}  // namespace truename::doctor
