#pragma once

#include <optional>
#include <string>

namespace truename {

/// All of a file that this program wrote itself, so of a size that is known; nothing where it cannot be read or is empty. Not for input
/// from outside: nothing bounds it.
std::optional<std::string> read_own_file(const std::string& path);

}  // namespace truename
