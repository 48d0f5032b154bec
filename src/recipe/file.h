#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "finding/failure.h"

namespace truename::recipe {

/// The contents of a file of at most `limit` bytes; Failure (kind input) with `doing` when it cannot be read or is larger.
Result<std::string, Failure> read_file(const std::filesystem::path& file, std::size_t limit, std::string_view doing);

}  // namespace truename::recipe
