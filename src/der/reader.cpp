#include "der/reader.h"

namespace truename::der {

namespace {

/// The bytes of the identifier: one, or all of the high-tag-number form (X.690 8.1.2.4). 0 when they do not end.
std::size_t identifier_size(Bytes input) {
    if ((input[0] & 0x1F) != 0x1F) return 1;
    std::size_t n = 1;
    while (n < input.size() && (input[n] & 0x80) != 0) ++n;
    return n < input.size() ? n + 1 : 0;
}

}  // namespace

Result<Tlv> Reader::read_any() {
    if (rest_.empty()) return fail(ErrorKind::missing, offset_);
    if (rest_.size() > kMaxInput - offset_) return fail(ErrorKind::too_large, offset_);
    std::size_t at = identifier_size(rest_);
    if (at == 0 || at >= rest_.size()) return fail(ErrorKind::truncated, offset_);

    // X.690 8.1.3: one octet up to 127; else the number of octets that follow, and those.
    std::size_t length = rest_[at++];
    bool minimal = true;
    if (length >= 0x80) {
        const std::size_t octets = length & 0x7F;
        if (octets == 0 || octets == 0x7F) return fail(ErrorKind::bad_length, offset_);  // indefinite; reserved
        if (octets > rest_.size() - at) return fail(ErrorKind::truncated, offset_);
        length = 0;
        for (std::size_t i = 0; i < octets; ++i) {
            if (length > kMaxInput >> 8) return fail(ErrorKind::bad_length, offset_);
            length = length << 8 | rest_[at + i];
        }
        minimal = length >= 0x80 && rest_[at] != 0;
        at += octets;
    }
    if (length > rest_.size() - at) return fail(ErrorKind::truncated, offset_);

    return take(at, length, minimal);
}

}  // namespace truename::der
