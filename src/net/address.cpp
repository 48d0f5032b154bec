#include "net/address.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace truename::net {

namespace {

const sockaddr_in& v4(const sockaddr* address) {
    return *reinterpret_cast<const sockaddr_in*>(address);
}

const sockaddr_in6& v6(const sockaddr* address) {
    return *reinterpret_cast<const sockaddr_in6*>(address);
}

std::uint32_t zone_index(std::string_view zone) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(zone.data(), zone.data() + zone.size(), number);
    if (error == std::errc() && end == zone.data() + zone.size()) return number;
    return if_nametoindex(std::string(zone).c_str());
}

bool in_network(std::string_view address, std::initializer_list<unsigned> prefix, unsigned bits) {
    unsigned at = 0;
    for (const unsigned octet : prefix) {
        const unsigned width = std::min(bits - std::min(bits, at * 8), 8U);
        const unsigned mask = (0xff00U >> width) & 0xffU;
        if ((static_cast<unsigned char>(address[at]) & mask) != (octet & mask)) return false;
        ++at;
    }
    return true;
}

// The networks of the IANA special-purpose address registries (RFC 6890) that matter here.
AddressScope scope_of_v4(std::string_view a) {
    if (in_network(a, {127}, 8)) return AddressScope::loopback;
    if (in_network(a, {169, 254}, 16)) return AddressScope::link_local;
    if (in_network(a, {10}, 8) || in_network(a, {172, 16}, 12) || in_network(a, {192, 168}, 16) || in_network(a, {100, 64}, 10)) {
        return AddressScope::inner;
    }
    if (in_network(a, {0}, 8) || in_network(a, {224}, 3) || in_network(a, {192, 0, 0}, 24) || in_network(a, {198, 18}, 15)) {
        return AddressScope::other;
    }
    return AddressScope::global;
}

AddressScope scope_of_v6(std::string_view a) {
    static const std::string kZero(16, '\0');
    if (a.substr(0, 15) == std::string_view(kZero).substr(0, 15)) return a[15] == 1 ? AddressScope::loopback : AddressScope::other;
    if (a.substr(0, 12) == std::string_view(kZero).substr(0, 12)) return scope_of_v4(a.substr(12));  // IPv4-compatible, RFC 4291 2.5.5.1
    if (in_network(a, {0x00, 0x64, 0xff, 0x9b}, 32)) return scope_of_v4(a.substr(12));
    if (in_network(a, {0x20, 0x02}, 16)) return scope_of_v4(a.substr(2, 4));
    if (in_network(a, {0xfe, 0x80}, 10)) return AddressScope::link_local;
    if (in_network(a, {0xfc}, 7) || in_network(a, {0xfe, 0xc0}, 10)) return AddressScope::inner;
    if (in_network(a, {0xff}, 8)) return AddressScope::other;
    return AddressScope::global;
}

}  // namespace

std::optional<SocketAddress> SocketAddress::from_text(std::string_view address, std::uint16_t port) {
    SocketAddress result;
    const auto percent = address.find('%');
    const std::string text(address.substr(0, percent));
    sockaddr_in in4{};
    if (percent == std::string_view::npos && inet_pton(AF_INET, text.c_str(), &in4.sin_addr) == 1) {
        in4.sin_family = AF_INET;
        in4.sin_port = htons(port);
        std::memcpy(&result.storage_, &in4, sizeof in4);
        result.size_ = sizeof in4;
        return result;
    }
    sockaddr_in6 in6{};
    if (inet_pton(AF_INET6, text.c_str(), &in6.sin6_addr) != 1) return std::nullopt;
    in6.sin6_family = AF_INET6;
    in6.sin6_port = htons(port);
    if (percent != std::string_view::npos) {
        in6.sin6_scope_id = zone_index(address.substr(percent + 1));
        if (in6.sin6_scope_id == 0) return std::nullopt;
    }
    std::memcpy(&result.storage_, &in6, sizeof in6);
    result.size_ = sizeof in6;
    return result;
}

std::optional<SocketAddress> SocketAddress::from_native(const sockaddr* address, socklen_t size) {
    const bool known =
        (address->sa_family == AF_INET && size >= sizeof(sockaddr_in)) || (address->sa_family == AF_INET6 && size >= sizeof(sockaddr_in6));
    if (!known || size > sizeof(sockaddr_storage)) return std::nullopt;
    SocketAddress result;
    std::memcpy(&result.storage_, address, size);
    result.size_ = size;
    return result;
}

std::string SocketAddress::text() const {
    char buffer[INET6_ADDRSTRLEN + 1] = {};
    if (family() == AF_INET) {
        inet_ntop(AF_INET, &v4(native()).sin_addr, buffer, sizeof buffer);
        return buffer;
    }
    inet_ntop(AF_INET6, &v6(native()).sin6_addr, buffer, sizeof buffer);
    std::string text = buffer;
    char zone[IF_NAMESIZE] = {};
    if (const auto scope = v6(native()).sin6_scope_id; scope != 0) {
        text += '%';
        text += if_indextoname(scope, zone) != nullptr ? std::string(zone) : std::to_string(scope);
    }
    return text;
}

std::uint16_t SocketAddress::port() const {
    return ntohs(family() == AF_INET ? v4(native()).sin_port : v6(native()).sin6_port);
}

std::string SocketAddress::smtp_literal() const {
    const std::string address = text();
    return (family() == AF_INET ? "[" : "[IPv6:") + address.substr(0, address.find('%')) + "]";
}

std::string address_bytes(const SocketAddress& address) {
    if (address.family() == AF_INET) {
        const in_addr& in4 = v4(address.native()).sin_addr;
        return {reinterpret_cast<const char*>(&in4), sizeof in4};
    }
    const in6_addr& in6 = v6(address.native()).sin6_addr;
    const std::string bytes(reinterpret_cast<const char*>(&in6), sizeof in6);
    return IN6_IS_ADDR_V4MAPPED(&in6) ? bytes.substr(12) : bytes;
}

AddressScope scope_of(const SocketAddress& address) {
    const std::string bytes = address_bytes(address);
    return bytes.size() == 4 ? scope_of_v4(bytes) : scope_of_v6(bytes);
}

}  // namespace truename::net
