#pragma once

#include <string>
#include <string_view>

namespace truename::servers {

/// What differs between two texts, as `diff -u` shows it and `patch` takes it: three lines around each change, `\ No newline at end of
/// file` where that is so; empty for equal texts. The bytes of the texts stand in it as they are: not safe for a terminal.
///
/// Takes time in proportion to the texts and to the square of the changed lines; beyond 1,000 of these, everything between the first and
/// the last of them is shown as replaced.
std::string unified_diff(std::string_view old_text, std::string_view new_text, std::string_view old_name, std::string_view new_name);

}  // namespace truename::servers
