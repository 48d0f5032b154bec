#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "der/oid.h"
#include "der/reader.h"

namespace truename::der {

/// A BIT STRING without its first octet. Bit 0 is the highest bit of the first byte.
struct BitString {
    Bytes bytes;
    std::uint8_t unused_bits = 0;  ///< 0 to 7, at the low end of the last byte

    /// True when bit `number` exists and is set.
    [[nodiscard]] bool has(unsigned number) const {
        return number < bytes.size() * 8 - unused_bits && (bytes[number / 8] & (0x80U >> (number % 8))) != 0;
    }
    /// True when a bit that does not count is set, which only BER allows (X.690 11.2.1).
    [[nodiscard]] bool has_unused_bits_set() const { return !bytes.empty() && (bytes.back() & ((1U << unused_bits) - 1)) != 0; }
};

// Each of these looks at the contents of an element only; its tag is the caller's business, because IMPLICIT tagging changes it. Errors
// carry the offset of the contents' first wrong byte.

/// A BOOLEAN: one octet. Any octet but 0 is true, as in BER; DER wants FF (is_der_boolean()).
Result<bool> read_boolean(const Tlv& element);
/// True when the octet is one of the two that DER allows (X.690 11.1).
[[nodiscard]] bool is_der_boolean(const Tlv& element);

/// Checks that the contents are an INTEGER in the fewest octets (X.690 8.3.2) and gives them as they are: two's complement.
Result<Bytes> read_integer(const Tlv& element);
/// The magnitude of an INTEGER that is not negative, without leading zeros (empty for 0); bad_value when it is negative.
Result<Bytes> read_unsigned(const Tlv& element);
/// A small INTEGER that is not negative; too_large beyond 2^31-1.
Result<std::uint32_t> read_small(const Tlv& element);

/// A BIT STRING; bad_value for a wrong number of unused bits. Unused bits that are set are let through (DER wants zeros).
Result<BitString> read_bit_string(const Tlv& element);
/// A BIT STRING of whole octets, as keys and signatures are; bad_value when bits are left over.
Result<Bytes> read_octets_of_bit_string(const Tlv& element);

/// An OBJECT IDENTIFIER; bad_value when it is empty, ends inside an arc or has an arc with leading zeros (X.690 8.19.2).
Result<Oid> read_oid(const Tlv& element);

}  // namespace truename::der
