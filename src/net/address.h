#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace truename::net {

/// An IPv4 or IPv6 address with a port, as the kernel wants it.
class SocketAddress {
  public:
    /// Reads `192.0.2.1`, `2001:db8::1` (no brackets) or `fe80::1%eth0`; nothing for any other text.
    static std::optional<SocketAddress> from_text(std::string_view address, std::uint16_t port);
    /// Takes what the kernel or getaddrinfo gave; nothing for other families.
    static std::optional<SocketAddress> from_native(const sockaddr* address, socklen_t size);

    /// The address without brackets and port, IPv6 as RFC 5952 writes it.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] int family() const { return storage_.ss_family; }
    /// `[192.0.2.1]`, `[IPv6:2001:db8::1]`: the address literal of RFC 5321 4.1.3.
    [[nodiscard]] std::string smtp_literal() const;

    [[nodiscard]] const sockaddr* native() const { return reinterpret_cast<const sockaddr*>(&storage_); }
    [[nodiscard]] socklen_t native_size() const { return size_; }

  private:
    sockaddr_storage storage_{};
    socklen_t size_ = 0;
};

/// Where an address lies, for the question whether a stranger may send us there.
enum class AddressScope : std::uint8_t {
    global,      ///< out in the Internet
    loopback,    ///< 127.0.0.0/8, ::1
    link_local,  ///< 169.254.0.0/16, fe80::/10
    inner,       ///< private and shared networks: RFC 1918, RFC 6598, fc00::/7
    other        ///< multicast, unspecified, reserved, documentation: nobody to talk to
};

/// The scope of an address; an IPv4 address inside an IPv6 one (`::ffff:10.0.0.1`, `64:ff9b::`, 6to4) counts as the IPv4 address.
AddressScope scope_of(const SocketAddress& address);

/// The address without its port as bytes, 4 or 16, IPv4-mapped ones as 4: equal bytes are the same host.
std::string address_bytes(const SocketAddress& address);

}  // namespace truename::net
