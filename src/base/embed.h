#pragma once

#include <string_view>

namespace truename {

/// A file of a folder below data/ as it is in the program. A module that has some declares `std::span<const DataFile> NAME_files()` in its
/// `data_files.h`; embed_data_files() of cmake/modules.cmake makes it from what lies in the folder.
struct DataFile {
    std::string_view id;  ///< its name without .toml
    std::string_view toml;
};

}  // namespace truename

/// Puts a file into the program as it is, by the assembler: no generator, and it costs nothing until it is looked at. Declares nothing: in
/// `extern "C"`, `symbol` and `symbol##_end` are arrays of char. Whoever builds the source says that it depends on the file.
#define TRUENAME_EMBED(symbol, path)                         \
    asm(".section .rodata." #symbol                          \
        ",\"a\",@progbits\n"                                 \
        ".global " #symbol "\n" #symbol ":\n.incbin \"" path \
        "\"\n"                                               \
        ".global " #symbol "_end\n" #symbol "_end:\n.byte 0\n.text\n")
