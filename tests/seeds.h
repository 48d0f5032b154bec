#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace truename {

/// What tests give to the code is a good begin for fuzzing it: with TRUENAME_SEEDS=FOLDER they write it there, in the form that the fuzz
/// target wants. `script/fuzz --seeds` makes fuzz/corpus of it.
inline void write_seed(std::string_view target, std::string_view input) {
    const char* root = std::getenv("TRUENAME_SEEDS");
    if (root == nullptr) return;
    const std::filesystem::path folder = std::filesystem::path(root) / target;
    std::filesystem::create_directories(folder);
    std::ofstream out(folder / std::to_string(std::hash<std::string_view>()(input)), std::ios::binary);
    out.write(input.data(), static_cast<std::streamsize>(input.size()));
}

/// The same of bytes of choices and blocks, each with its length in two bytes before it (fuzz/blocks.h); nothing when one is longer.
inline void write_seed(std::string_view target, std::initializer_list<std::size_t> choices,
                       std::initializer_list<std::span<const Bytes>> lists) {
    std::string input;
    for (const std::size_t choice : choices) input += static_cast<char>(choice);
    for (const auto& list : lists) {
        for (const Bytes block : list) {
            if (block.size() > 0xFFFF) return;
            input += static_cast<char>(block.size() >> 8);
            input += static_cast<char>(block.size() & 0xFF);
            input += as_text(block);
        }
    }
    if (input.size() <= 32'768) write_seed(target, input);
}

}  // namespace truename
