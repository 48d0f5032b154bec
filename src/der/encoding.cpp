#include "der/encoding.h"

#include <array>

#include "der/reader.h"

namespace truename::der {

std::optional<std::uint32_t> find_long_length(Bytes input, std::uint32_t offset) {
    // A stack of readers instead of recursion: its size is the limit of depth.
    std::array<std::optional<Reader>, kMaxDepth> stack;
    stack[0].emplace(input, offset);
    for (std::size_t depth = 0;;) {
        Reader& reader = *stack[depth];
        if (reader.at_end()) {
            if (depth-- == 0) return std::nullopt;
            continue;
        }
        const auto element = reader.read();
        if (!element) return std::nullopt;
        if (!element->minimal_length) return element->offset;
        if (is_constructed(element->tag) && depth + 1 < stack.size()) stack[++depth].emplace(*element);
    }
}

}  // namespace truename::der
