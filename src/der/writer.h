#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "der/oid.h"
#include "der/reader.h"

namespace truename::der {

/// Builds DER from the outside in. What is opened is closed by the lambda's end, so the nesting of the code is that of the bytes:
///
///     Writer w;
///     w.sequence([&] {
///         w.oid(oid::basic_constraints);
///         w.boolean(true);
///         w.nested(Tag::octet_string, [&] { w.sequence([&] { w.boolean(true); }); });
///     });
///     use(w.bytes());
///
/// Nothing checks that the result means anything: the lab builds wrong certificates with it too.
class Writer {
  public:
    /// An element with this tag whose contents are what `body` writes.
    template <class Body>
    Writer& nested(Tag tag, Body&& body) {
        const std::size_t start = open(tag);
        body();
        close(start);
        return *this;
    }
    template <class Body>
    Writer& sequence(Body&& body) {
        return nested(Tag::sequence, static_cast<Body&&>(body));
    }
    template <class Body>
    Writer& set(Body&& body) {
        return nested(Tag::set, static_cast<Body&&>(body));
    }

    /// These elements in the order that DER wants of a SET OF (X.690 11.6).
    Writer& set_of(std::vector<ByteString> elements, Tag tag = Tag::set);

    /// An element with this tag and these contents.
    Writer& element(Tag tag, Bytes value);
    /// Bytes as they are: a ready element, or a wrong one.
    Writer& raw(Bytes bytes);

    Writer& boolean(bool value);
    Writer& null();
    Writer& oid(Oid oid);
    Writer& integer(std::int64_t value, Tag tag = Tag::integer);
    /// A number that is not negative, given as big-endian bytes; leading zeros are dropped or added as DER wants.
    Writer& unsigned_integer(Bytes magnitude, Tag tag = Tag::integer);
    Writer& octet_string(Bytes value) { return element(Tag::octet_string, value); }
    /// A BIT STRING of whole octets.
    Writer& bit_string(Bytes value, Tag tag = Tag::bit_string);
    /// A BIT STRING of named bits: bit number 0 is the lowest bit of `bits`; trailing zeros are dropped as DER wants (X.690 11.2.2).
    Writer& named_bits(std::uint32_t bits, Tag tag = Tag::bit_string);
    Writer& text(Tag string_type, std::string_view value) { return element(string_type, as_bytes(value)); }
    /// UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 4.1.2.5).
    Writer& time(Time time);
    /// In the given type, whatever the year; years outside 1950 to 2049 lose their century in a UTCTime.
    Writer& time(Time time, Tag form);

    /// What has been written so far; borrowed until the next call.
    [[nodiscard]] const ByteString& bytes() const { return bytes_; }
    /// Gives the bytes away and starts anew.
    [[nodiscard]] ByteString take();

  private:
    std::size_t open(Tag tag);
    void close(std::size_t start);

    ByteString bytes_;
};

}  // namespace truename::der
