#pragma once

#include <span>
#include <string_view>

namespace truename::authority {

/// A file of a folder below data/ as it is in the program.
struct DataFile {
    std::string_view id;  ///< its name without .toml
    std::string_view toml;
};

/// All files of data/certificates/, by id. The build makes this from what lies in the folder.
std::span<const DataFile> certificate_files();
/// All files of data/handouts/.
std::span<const DataFile> handout_files();

}  // namespace truename::authority
