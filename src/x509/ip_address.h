#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace truename::x509 {

/// An IPv4 or IPv6 address as a certificate holds it: 4 or 16 bytes in network order.
struct IpAddress {
    std::array<std::uint8_t, 16> octets{};
    std::uint8_t size = 4;

    [[nodiscard]] Bytes bytes() const { return Bytes(octets).first(size); }
    friend bool operator==(const IpAddress& a, const IpAddress& b) { return equal(a.bytes(), b.bytes()); }
};

/// Reads `192.0.2.1` (four decimal numbers without leading zeros) or an IPv6 address (RFC 4291 2.2, without brackets and zone); nothing for
/// anything else.
std::optional<IpAddress> parse_ip_address(std::string_view text);

/// What programs take for the text of an address, beside its usual form.
enum class IpAddressText : std::uint8_t {
    usual,
    bracketed,      ///< the usual one in square brackets, too
    decimal_parts,  ///< IPv4 in one to four decimal numbers, the last filling what is left: `127.1`
    inet_aton,      ///< the same in octal (`0177.1`) or hexadecimal (`0x7f.1`), too, and with anything behind a blank (inet_aton(3))
};

/// Reads an address in the usual form or in that one; nothing for anything else.
std::optional<IpAddress> parse_ip_address(std::string_view text, IpAddressText form);

/// The IPv4 address in `::ffff:192.0.2.1` (RFC 4291 2.5.5.2); any other address as it is.
IpAddress unmapped(const IpAddress& address);

/// 4 or 16 bytes; nothing for other lengths.
std::optional<IpAddress> to_ip_address(Bytes bytes);

/// `192.0.2.1`, or IPv6 as RFC 5952 writes it.
std::string to_string(const IpAddress& address);

}  // namespace truename::x509
