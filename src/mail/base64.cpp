#include "mail/base64.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace truename::mail {

namespace {

/// The most characters that are decoded before what came out is handed on.
constexpr std::size_t kStep = std::size_t{64} << 10;

bool is_blank(std::uint8_t c) {
    return c == '\r' || c == '\n' || c == ' ' || c == '\t';
}

}  // namespace

Base64Decoder::Base64Decoder(Sink& next) : next_(next), out_(kStep / 4 * 3 + 64) {}

std::size_t Base64Decoder::take_groups(Bytes text) {
    const std::size_t taken = decode_base64_groups(text, out_.data() + used_);
    used_ += taken / 4 * 3;
    return taken;
}

Outcome Base64Decoder::take_slowly(std::uint8_t character) {
    if (is_blank(character)) return {};
    if (padding_ > 0 && (characters_ == 0 || character != '=')) return bad_message("there is something behind the end of its base64");
    std::uint8_t group[20];
    if (character == '=') {
        if (characters_ < 2) return bad_message("its base64 is broken: padding stands where none may");
        ++padding_;
        group_ <<= 6;
    } else {
        const std::uint8_t four[] = {'A', 'A', 'A', character};
        if (decode_base64_groups(four, group) != 4)
            return bad_message("its base64 is broken by a character that is none of it",
                               "Something on the way has changed it; have it sent again");
        group_ = group_ << 6 | group[2];
    }
    if (++characters_ < 4) return {};
    // Bits behind the last octet say nothing; some encoders leave them set.
    for (unsigned i = 0; i < 3 - padding_; ++i) out_[used_++] = static_cast<std::uint8_t>(group_ >> (16 - 8 * i));
    characters_ = 0;
    group_ = 0;
    return {};
}

Outcome Base64Decoder::hand_on() {
    const std::size_t used = std::exchange(used_, 0);
    return used > 0 ? next_.write(Bytes(out_).first(used)) : Outcome();
}

Outcome Base64Decoder::write(Bytes piece) {
    while (!piece.empty()) {
        Bytes step = piece.first(std::min(piece.size(), kStep));
        piece = piece.subspan(step.size());
        while (!step.empty()) {
            // Up to the next line end in one go, as far as it goes in whole groups.
            if (characters_ == 0 && padding_ == 0) {
                const void* end = std::memchr(step.data(), '\n', step.size());
                const std::size_t line =
                    end != nullptr ? static_cast<std::size_t>(static_cast<const std::uint8_t*>(end) - step.data()) : step.size();
                step = step.subspan(take_groups(step.first(line)));
            }
            // Then what breaks the way: the line end, or a group that is parted by one.
            do {
                if (step.empty()) break;
                if (Outcome taken = take_slowly(step.front()); !taken) {
                    // What stood before it goes on its way, so that the same fault is found however the text is cut into pieces.
                    Outcome handed = hand_on();
                    return handed ? taken : handed;
                }
                step = step.subspan(1);
            } while (characters_ != 0 || (!step.empty() && is_blank(step.front())));
        }
        if (Outcome handed = hand_on(); !handed) return handed;
    }
    return {};
}

Outcome Base64Decoder::finish() {
    if (characters_ != 0) return bad_message("it ends in the middle of its base64: the end is missing", "Have it sent again");
    return next_.finish();
}

Outcome Base64Encoder::write(Bytes piece) {
    out_.resize((piece.size() + kLineOctets) / kLineOctets * (76 + line_end_.size()) + 32);
    std::size_t used = 0;
    const auto put_line = [&](Bytes octets) {
        used += encode_base64_groups(octets, out_.data() + used);
        std::memcpy(out_.data() + used, line_end_.data(), line_end_.size());
        used += line_end_.size();
    };
    if (held_size_ > 0) {
        const std::size_t more = std::min(kLineOctets - held_size_, piece.size());
        std::copy_n(piece.begin(), more, held_.begin() + static_cast<std::ptrdiff_t>(held_size_));
        held_size_ += more;
        piece = piece.subspan(more);
        if (held_size_ < kLineOctets) return {};
        put_line(held_);
        held_size_ = 0;
    }
    for (; piece.size() >= kLineOctets; piece = piece.subspan(kLineOctets)) put_line(piece.first(kLineOctets));
    std::copy(piece.begin(), piece.end(), held_.begin());
    held_size_ = piece.size();
    return used > 0 ? next_.write(Bytes(out_).first(used)) : Outcome();
}

Outcome Base64Encoder::finish() {
    if (held_size_ == 0) return {};
    std::array<std::uint8_t, 100> line{};
    std::size_t used = encode_base64_groups(Bytes(held_).first(held_size_), line.data());
    std::copy(line_end_.begin(), line_end_.end(), line.begin() + static_cast<std::ptrdiff_t>(used));
    held_size_ = 0;
    return next_.write(Bytes(line).first(used + line_end_.size()));
}

}  // namespace truename::mail
