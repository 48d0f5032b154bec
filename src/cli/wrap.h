#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace truename::cli {

/// Adds `text`, broken at blanks so that no line is longer than `width`, and a line end; the first line goes on where `out` stands (at
/// `column`), the others begin at `indent`. Columns are counted in code points.
void append_wrapped(std::string& out, std::string_view text, std::size_t column, std::size_t indent, std::size_t width = 80);

}  // namespace truename::cli
