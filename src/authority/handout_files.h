#pragma once

#include <span>
#include <string_view>

namespace truename::authority {

/// A file of data/handouts/ as it is in the program.
struct HandoutFile {
    std::string_view id;  ///< its name without .toml
    std::string_view toml;
};

/// All of them, by id. The build makes this from what lies in the folder.
std::span<const HandoutFile> handout_files();

}  // namespace truename::authority
