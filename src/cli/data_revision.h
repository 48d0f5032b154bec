#pragma once

#include <string_view>

namespace truename::cli {

/// Which data the program was built with: the first 12 digits of a SHA-256 over the files of data/ and their names. The same files give the
/// same on every machine. The build makes it (cmake/data_revision.cmake).
[[nodiscard]] std::string_view data_revision();

}  // namespace truename::cli
