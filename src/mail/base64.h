#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "mail/sink.h"

namespace truename::mail {

/// Decodes the base64 of MIME (RFC 2045 6.8) and hands the octets on. Line ends of any kind, blanks and tabs are skipped and lines may be
/// of any length; another character, a group that is not whole at the end, or anything behind the padding is refused, because whoever could
/// smuggle something in there would show different programs different messages.
class Base64Decoder : public Sink {
  public:
    /// Borrows `next`.
    explicit Base64Decoder(Sink& next);
    Outcome write(Bytes piece) override;
    Outcome finish() override;

  private:
    /// Whole groups at the front of `text`, into out_; how many characters these were.
    std::size_t take_groups(Bytes text);
    Outcome take_slowly(std::uint8_t character);
    Outcome hand_on();

    Sink& next_;
    std::vector<std::uint8_t> out_;
    std::size_t used_ = 0;     // of out_
    std::uint32_t group_ = 0;  // the bits of a group that is not whole
    unsigned characters_ = 0;  // of that group, padding included
    unsigned padding_ = 0;     // of the last group
};

/// Encodes in lines of 76 characters (RFC 2045 6.8) with CRLF or LF behind each, and hands them on.
class Base64Encoder : public Sink {
  public:
    /// Borrows `next`. `line_end` is CRLF or LF and lives for ever.
    Base64Encoder(Sink& next, std::string_view line_end) : next_(next), line_end_(line_end) {}
    Outcome write(Bytes piece) override;
    /// Writes the last line; does not finish `next`, for which more may follow.
    Outcome finish() override;

  private:
    static constexpr std::size_t kLineOctets = 57;  // 76 characters
    Sink& next_;
    std::string_view line_end_;
    std::array<std::uint8_t, kLineOctets> held_{};
    std::size_t held_size_ = 0;
    std::vector<std::uint8_t> out_;
};

/// Decodes whole groups of four at the front of `text` into `out` and stops at the first that is not made of four characters of the
/// alphabet; gives how many characters were taken. `out` has room for three quarters of `text` and 16 octets more.
std::size_t decode_base64_groups(Bytes text, std::uint8_t* out);

/// Encodes `octets` without line ends; what is over of a group of three is padded. `out` has room for four thirds, rounded up to a group,
/// and 16 octets more.
std::size_t encode_base64_groups(Bytes octets, std::uint8_t* out);

}  // namespace truename::mail
