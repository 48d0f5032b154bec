#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace truename::der {

/// How deep walk functions follow elements into each other; what lies deeper is not looked at. Certificates need about ten levels.
inline constexpr unsigned kMaxDepth = 32;

/// The first element in `input` (elements one after another, constructed ones entered) whose length is not written in the fewest octets:
/// its offset, counting from `offset`. Nothing when all are minimal; stops without an answer at the first element that cannot be read. Not
/// looked at: the inside of OCTET STRINGs and BIT STRINGs, and everything else that DER asks for.
std::optional<std::uint32_t> find_long_length(Bytes input, std::uint32_t offset);

}  // namespace truename::der
