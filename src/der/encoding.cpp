#include "der/encoding.h"

#include <array>

#include "der/reader.h"

namespace truename::der {

std::optional<std::uint32_t> find_long_length(Bytes input, std::uint32_t offset) {
    // The ends of the elements around instead of recursion: their number is the limit of depth. Every element of every certificate passes
    // here, so only headers that are not of the short kind are left to a reader.
    std::array<std::size_t, kMaxDepth> ends;
    std::size_t depth = 0, at = 0, end = input.size();
    for (;;) {
        while (at == end) {
            if (depth == 0) return std::nullopt;
            end = ends[--depth];
        }
        std::size_t header = 2, length = at + 1 < end ? input[at + 1] : 0x80;
        if (length >= 0x80 || (input[at] & 0x1F) == 0x1F) {
            const auto element = Reader(input.subspan(at, end - at), offset + static_cast<std::uint32_t>(at)).read();
            if (!element) return std::nullopt;
            if (!element->minimal_length) return element->offset;
            length = element->value.size();
            header = element->tlv.size() - length;
        }
        if (length > end - at - header) return std::nullopt;
        const bool goes_in = is_constructed(static_cast<Tag>(input[at])) && depth + 1 < kMaxDepth;
        at += header;
        if (goes_in) {
            ends[depth++] = end;
            end = at + length;
        } else {
            at += length;
        }
    }
}

}  // namespace truename::der
