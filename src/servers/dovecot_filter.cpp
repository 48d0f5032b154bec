#include "servers/dovecot_filter.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <tuple>

#include "base/text.h"

namespace truename::servers {
namespace {

/// `*.example.com` matches one label in the place of the star.
bool name_applies(std::string_view pattern, std::string_view name) {
    if (!pattern.starts_with("*.")) return equal_ignoring_ascii_case(pattern, name);
    const std::size_t dot = name.find('.');
    return dot != std::string_view::npos && dot > 0 && equal_ignoring_ascii_case(pattern.substr(1), name.substr(dot));
}

bool any_name_applies(std::string_view patterns, std::string_view name) {
    for (const std::string_view pattern : split(patterns, ' ')) {
        if (!pattern.empty() && name_applies(pattern, name)) return true;
    }
    return false;
}

bool protocol_applies(std::string_view block, std::string_view asked) {
    if (block.empty()) return true;
    if (asked.empty()) return false;
    return block.starts_with('!') ? block.substr(1) != asked : block == asked;
}

bool network_applies(std::string_view block, std::string_view asked) {
    if (block.empty() || block == asked) return true;
    const auto network = parse_dovecot_network(block), address = parse_dovecot_network(asked);
    if (!network || !address || network->size_bits != address->size_bits || network->bits > address->bits) return false;
    for (unsigned bit = 0; bit < network->bits; ++bit) {
        const unsigned mask = 0x80U >> (bit % 8);
        if (((network->bytes[bit / 8] ^ address->bytes[bit / 8]) & mask) != 0) return false;
    }
    return true;
}

/// One text for all spellings of a network.
std::string key_of_network(std::string_view text) {
    const auto network = parse_dovecot_network(text);
    return network ? to_hex(network->bytes) + "/" + std::to_string(network->size_bits) + "/" + std::to_string(network->bits)
                   : std::string(text);
}

/// How many bits of an address a network fixes; a host name stands for one whole address.
unsigned bits_of(std::string_view network) {
    if (network.empty()) return 0;
    const auto parsed = parse_dovecot_network(network);
    return parsed ? parsed->bits : 32;
}

}  // namespace

std::optional<DovecotNetwork> parse_dovecot_network(std::string_view text) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    const std::string address(text.substr(0, slash));
    DovecotNetwork network;
    if (inet_pton(AF_INET, address.c_str(), network.bytes.data()) == 1) {
        network.size_bits = 32;
    } else if (inet_pton(AF_INET6, address.c_str(), network.bytes.data()) == 1) {
        network.size_bits = 128;
    } else {
        return std::nullopt;
    }
    network.bits = network.size_bits;
    if (slash == text.size()) return network;
    const std::string_view bits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(bits.data(), bits.data() + bits.size(), network.bits);
    if (error != std::errc() || end != bits.data() + bits.size() || network.bits > network.size_bits) return std::nullopt;
    return network;
}

bool is_dovecot_filter(std::string_view type) {
    return type == "protocol" || type == "local" || type == "local_name" || type == "remote";
}

std::string key_of(const DovecotFilter& filter) {
    return std::string(filter.protocol) + '\n' + ascii_lower(filter.local_name) + '\n' + key_of_network(filter.local) + '\n' +
           key_of_network(filter.remote);
}

bool applies(const DovecotFilter& block, const DovecotFilter& asked) {
    return protocol_applies(block.protocol, asked.protocol) &&
           (block.local_name.empty() || (!asked.local_name.empty() && any_name_applies(block.local_name, asked.local_name))) &&
           network_applies(block.local, asked.local) && network_applies(block.remote, asked.remote);
}

bool goes_before(const DovecotFilter& a, const DovecotFilter& b) {
    const auto rank = [](const DovecotFilter& filter) {
        return std::tuple(!filter.local_name.empty(), bits_of(filter.local), bits_of(filter.remote), !filter.protocol.empty());
    };
    return rank(a) > rank(b);
}

}  // namespace truename::servers
