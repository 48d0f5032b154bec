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

/// 4 or 16 bytes; nothing for other lengths.
std::optional<IpAddress> to_ip_address(Bytes bytes);

/// `192.0.2.1`, or IPv6 as RFC 5952 writes it.
std::string to_string(const IpAddress& address);

}  // namespace truename::x509
