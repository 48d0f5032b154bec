#include "mail/line_ends.h"

#include <cstring>
#include <utility>

namespace truename::mail {

namespace {

/// Where the first LF is that has no CR before it, or the end. `after_cr`: a CR stands before the first octet.
std::size_t find_bare_lf(Bytes piece, bool after_cr) {
    std::size_t at = 0;
    while (at < piece.size()) {
        const void* found = std::memchr(piece.data() + at, '\n', piece.size() - at);
        if (found == nullptr) break;
        at = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - piece.data());
        if (at == 0 ? !after_cr : piece[at - 1] != '\r') return at;
        ++at;
    }
    return piece.size();
}

}  // namespace

Outcome CanonicalLines::write(Bytes piece) {
    if (piece.empty()) return {};
    const bool after_cr = std::exchange(after_cr_, piece.back() == '\r');
    std::size_t bare = find_bare_lf(piece, after_cr);
    if (bare == piece.size()) return next_.write(piece);
    // Twice as many is the most: a piece of nothing but empty lines.
    changed_.resize(2 * piece.size());
    std::size_t used = 0, from = 0;
    while (from < piece.size()) {
        std::memcpy(changed_.data() + used, piece.data() + from, bare - from);
        used += bare - from;
        if (bare == piece.size()) break;
        changed_[used++] = '\r';
        changed_[used++] = '\n';
        from = bare + 1;
        bare = from + find_bare_lf(piece.subspan(from), false);
    }
    return next_.write(Bytes(changed_).first(used));
}

}  // namespace truename::mail
