#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace truename {

/// A borrowed run of bytes. Whoever hands one out says what keeps it alive.
using Bytes = std::span<const std::uint8_t>;

/// Bytes that are owned.
using ByteString = std::vector<std::uint8_t>;

/// The same bytes, seen as text; borrows from `bytes`.
[[nodiscard]] inline std::string_view as_text(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The same text, seen as bytes; borrows from `text`.
[[nodiscard]] inline Bytes as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// True when both hold the same bytes; not in constant time, so never for secrets.
[[nodiscard]] inline bool equal(Bytes a, Bytes b) {
    return as_text(a) == as_text(b);
}

/// A copy that owns its bytes.
[[nodiscard]] inline ByteString to_owned(Bytes bytes) {
    return {bytes.begin(), bytes.end()};
}

/// True when `inner` lies wholly inside `outer` (the same memory, not equal contents).
[[nodiscard]] inline bool lies_within(Bytes inner, Bytes outer) {
    return inner.data() >= outer.data() && inner.data() + inner.size() <= outer.data() + outer.size();
}

}  // namespace truename
