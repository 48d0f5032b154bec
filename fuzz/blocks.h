#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/bytes.h"

/// Splits what several things were put into: each with its length in two bytes before it; the last may be cut short.
inline std::vector<truename::Bytes> split_blocks(truename::Bytes input, std::size_t most) {
    std::vector<truename::Bytes> blocks;
    while (input.size() > 2 && blocks.size() < most) {
        const std::size_t size = std::min(std::size_t{input[0]} * 256 + input[1], input.size() - 2);
        blocks.push_back(input.subspan(2, size));
        input = input.subspan(2 + size);
    }
    return blocks;
}
