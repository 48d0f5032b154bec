#include "x509/ip_address.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "base/text.h"

namespace truename::x509 {

namespace {

/// Four decimal numbers into `out`; false when the text is anything else.
bool parse_ipv4(std::string_view text, std::uint8_t* out) {
    const auto parts = split(text, '.');
    if (parts.size() != 4) return false;
    for (const std::string_view part : parts) {
        if (part.empty() || part.size() > 3 || (part.size() > 1 && part[0] == '0')) return false;
        unsigned number = 0;
        for (const char c : part) {
            if (c < '0' || c > '9') return false;
            number = number * 10 + static_cast<unsigned>(c - '0');
        }
        if (number > 255) return false;
        *out++ = static_cast<std::uint8_t>(number);
    }
    return true;
}

/// Groups of four hexadecimal digits between colons, appended to `out`; the last may be an IPv4 address when `ipv4_at_end`. An empty text
/// is no group at all.
bool parse_groups(std::string_view text, bool ipv4_at_end, std::vector<std::uint8_t>& out) {
    if (text.empty()) return true;
    const auto groups = split(text, ':');
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const std::string_view group = groups[i];
        if (ipv4_at_end && i + 1 == groups.size() && group.find('.') != std::string_view::npos) {
            out.resize(out.size() + 4);
            return parse_ipv4(group, &out[out.size() - 4]);
        }
        if (group.empty() || group.size() > 4) return false;
        unsigned number = 0;
        for (const char c : group) {
            const int digit = c >= '0' && c <= '9'   ? c - '0'
                              : c >= 'a' && c <= 'f' ? c - 'a' + 10
                              : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                     : -1;
            if (digit < 0) return false;
            number = number << 4 | static_cast<unsigned>(digit);
        }
        out.push_back(static_cast<std::uint8_t>(number >> 8));
        out.push_back(static_cast<std::uint8_t>(number));
    }
    return true;
}

std::optional<IpAddress> parse_ipv6(std::string_view text) {
    const std::size_t gap = text.find("::");
    std::vector<std::uint8_t> head, tail;
    if (gap == std::string_view::npos) {
        if (!parse_groups(text, true, head) || head.size() != 16) return std::nullopt;
    } else {
        if (!parse_groups(text.substr(0, gap), false, head) || !parse_groups(text.substr(gap + 2), true, tail)) return std::nullopt;
        if (head.size() + tail.size() > 14) return std::nullopt;  // the gap stands for at least one group
    }
    IpAddress address{.octets = {}, .size = 16};
    std::copy(head.begin(), head.end(), address.octets.begin());
    std::copy(tail.begin(), tail.end(), address.octets.end() - static_cast<std::ptrdiff_t>(tail.size()));
    return address;
}

std::string ipv6_to_string(const IpAddress& address) {
    const auto group = [&](std::size_t i) { return static_cast<unsigned>(address.octets[2 * i] << 8 | address.octets[2 * i + 1]); };
    // RFC 5952 4.2: the first of the longest runs of two or more zero groups becomes `::`.
    std::size_t best = 8, best_size = 1;
    for (std::size_t i = 0; i < 8;) {
        std::size_t end = i;
        while (end < 8 && group(end) == 0) ++end;
        if (end - i > best_size) {
            best = i;
            best_size = end - i;
        }
        i = end + 1;
    }
    std::string text;
    for (std::size_t i = 0; i < 8; ++i) {
        if (i == best) {
            text += "::";
            i += best_size - 1;
            continue;
        }
        char digits[8];
        std::snprintf(digits, sizeof digits, "%x", group(i));
        if (!text.empty() && text.back() != ':') text += ':';
        text += digits;
    }
    return text;
}

}  // namespace

std::optional<IpAddress> parse_ip_address(std::string_view text) {
    if (text.empty() || text.size() > 45) return std::nullopt;
    if (text.find(':') != std::string_view::npos) return parse_ipv6(text);
    IpAddress address;
    if (text.back() < '0' || text.back() > '9' || !parse_ipv4(text, address.octets.data()))
        return std::nullopt;  // nearly every text is a host name
    return address;
}

std::optional<IpAddress> to_ip_address(Bytes bytes) {
    if (bytes.size() != 4 && bytes.size() != 16) return std::nullopt;
    IpAddress address{.octets = {}, .size = static_cast<std::uint8_t>(bytes.size())};
    std::copy(bytes.begin(), bytes.end(), address.octets.begin());
    return address;
}

std::string to_string(const IpAddress& address) {
    if (address.size == 16) return ipv6_to_string(address);
    const auto& o = address.octets;
    return std::to_string(o[0]) + "." + std::to_string(o[1]) + "." + std::to_string(o[2]) + "." + std::to_string(o[3]);
}

}  // namespace truename::x509
