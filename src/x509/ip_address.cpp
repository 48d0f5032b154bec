#include "x509/ip_address.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <system_error>
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

/// A number at the front of `text`, which is shortened: decimal, or as C writes them.
std::optional<std::uint64_t> take_number(std::string_view& text, bool as_in_c) {
    int base = 10;
    if (as_in_c && text.size() > 1 && text[0] == '0') base = text[1] == 'x' || text[1] == 'X' ? 16 : 8;
    if (base == 16) text.remove_prefix(2);
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

std::optional<IpAddress> parse_parts(std::string_view text, bool as_in_c) {
    IpAddress address;
    for (std::size_t i = 0; i < 4; ++i) {
        const auto number = take_number(text, as_in_c);
        if (!number) return std::nullopt;
        const bool is_last = text.empty() || text.front() != '.';
        const std::size_t bytes = is_last ? 4 - i : 1;
        if (*number >> (8 * bytes) != 0) return std::nullopt;
        for (std::size_t byte = 0; byte < bytes; ++byte)
            address.octets[i + byte] = static_cast<std::uint8_t>(*number >> (8 * (bytes - 1 - byte)));
        if (is_last) {
            const bool is_blank = !text.empty() && (text.front() == ' ' || (text.front() >= '\t' && text.front() <= '\r'));
            return text.empty() || (as_in_c && is_blank) ? std::optional(address) : std::nullopt;
        }
        text.remove_prefix(1);
    }
    return std::nullopt;
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

std::optional<IpAddress> parse_ip_address(std::string_view text, IpAddressText form) {
    if (const auto address = parse_ip_address(text)) return address;
    switch (form) {
        case IpAddressText::usual:
            return std::nullopt;
        case IpAddressText::bracketed:
            if (text.size() < 3 || text.front() != '[' || text.back() != ']') return std::nullopt;
            return parse_ip_address(text.substr(1, text.size() - 2));
        case IpAddressText::decimal_parts:
        case IpAddressText::inet_aton:
            return parse_parts(text, form == IpAddressText::inet_aton);
    }
    return std::nullopt;
}

IpAddress unmapped(const IpAddress& address) {
    constexpr std::array<std::uint8_t, 12> kPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (address.size != 16 || !std::equal(kPrefix.begin(), kPrefix.end(), address.octets.begin())) return address;
    IpAddress ipv4;
    std::copy_n(address.octets.begin() + 12, 4, ipv4.octets.begin());
    return ipv4;
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
