// Must reach matches_dns_id under every WildcardPosition and switch, matches_srv_id, classify_dns_name, to_a_labels, to_u_labels,
// parse_mailbox, parse_ip_address, parse_general_name, parse_subtree and encode_name. The first five bytes choose the rule; a line feed
// parts presented and reference name.
#include <arpa/inet.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/text.h"
#include "fuzz/must.h"
#include "tests/x509/slow_dns_match.h"
#include "x509/build.h"
#include "x509/dns_match.h"
#include "x509/dns_name.h"
#include "x509/ip_address.h"
#include "x509/mailbox.h"

using namespace truename;

namespace {

template <class E>
E pick(std::uint8_t choice, unsigned shift, unsigned count) {
    return static_cast<E>((choice >> shift & 7U) % count);
}

x509::DnsMatchRule rule_from(const std::uint8_t* choice) {
    x509::DnsMatchRule rule;
    rule.wildcard = pick<x509::WildcardPosition>(choice[0], 0, 8);
    rule.empty_star = pick<x509::EmptyStar>(choice[0], 3, 3);
    rule.star_covers = pick<x509::StarCovers>(choice[0], 5, 3);
    rule.min_labels_after = choice[1] % 4;
    rule.reference_dots = pick<x509::DotsCut>(choice[1], 2, 4);
    rule.presented_dots = pick<x509::DotsCut>(choice[1], 5, 4);
    bool* const switches[] = {&rule.star_spans_labels,      &rule.star_inside_a_label,  &rule.star_before_a_label,
                              &rule.star_below_registrable, &rule.hyphen_may_end_label, &rule.leading_dot_is_below,
                              &rule.compares_u_labels};
    for (std::size_t i = 0; i < std::size(switches); ++i) *switches[i] = (choice[2] >> i & 1) != 0;
    rule.presented_syntax = pick<x509::NameSyntax>(choice[3], 0, 5);
    rule.reference_syntax = pick<x509::NameSyntax>(choice[3], 3, 5);
    rule.empty_labels = pick<x509::EmptyLabels>(choice[4], 0, 3);
    rule.underscore = pick<x509::Underscore>(choice[4], 2, 3);
    rule.star_over_a_label = pick<x509::StarOverALabel>(choice[4], 4, 3);
    return rule;
}

/// Whether the pattern fits when each star stands for anything at all.
bool fits(std::string_view pattern, std::string_view text) {
    std::size_t star = std::string_view::npos, begin = 0, at = 0, in = 0;
    while (at < text.size()) {
        if (in < pattern.size() && pattern[in] == '*') {
            star = in++;
            begin = at;
        } else if (in < pattern.size() && pattern[in] == text[at]) {
            ++in;
            ++at;
        } else if (star != std::string_view::npos) {
            in = star + 1;
            at = ++begin;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', in) == std::string_view::npos;
}

/// Small names of two letters, made of pieces of the input so that many match, and the second implementation, which knows no more.
void check_small_names(std::string_view text, x509::DnsMatchRule rule) {
    const auto small = [](std::string_view piece, std::string_view alphabet) {
        std::string made;
        for (const char c : piece.substr(0, 1 + static_cast<unsigned char>(piece.front()) / 8 % 7))
            made += alphabet[static_cast<unsigned char>(c) % 8];
        return made;
    };
    rule.compares_u_labels = false;
    for (int pieces = 0; text.size() >= 8 && pieces < 8; ++pieces) {
        const std::string name = small(text.substr(0, 7), "a*.ba*-_"), wanted = small(text.substr(7, 7), "aa.ba.-_");
        text.remove_prefix(8);
        // Which suffixes are public is nothing that it knows.
        if (rule.star_below_registrable && (wanted.find("..") != std::string::npos || wanted.ends_with('.'))) continue;
        for (unsigned position = 0; position < 8; ++position) {
            rule.wildcard = static_cast<x509::WildcardPosition>(position);
            must(x509::matches_dns_id(name, wanted, rule) == x509::SlowMatch(rule).matches(name, wanted),
                 "both implementations say the same");
        }
    }
}

/// An address of which many parts are zero is written as the C library writes it, and read back.
void check_written_address(std::string_view bytes) {
    x509::IpAddress address{.octets = {}, .size = 16};
    for (std::size_t i = 0; i < std::min<std::size_t>(bytes.size(), 8); ++i)
        address.octets[2 * i + 1] = static_cast<std::uint8_t>(bytes[i] % 2 == 0 ? 0 : bytes[i]);
    const std::string ours = x509::to_string(address);
    must(x509::parse_ip_address(ours) == address, "an address that is written is read back");
    char theirs[INET6_ADDRSTRLEN] = {};
    inet_ntop(AF_INET6, address.octets.data(), theirs, sizeof theirs);
    must(std::string_view(theirs).find('.') != std::string_view::npos || ours == theirs, "the C library writes it the same way");
}

/// Our reading of addresses and that of the C library.
void check_addresses(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) return;
    const std::string terminated(text);
    x509::IpAddress theirs;
    const bool is_v6 = text.find(':') != std::string_view::npos;
    const bool known = inet_pton(is_v6 ? AF_INET6 : AF_INET, terminated.c_str(), theirs.octets.data()) == 1;
    theirs.size = is_v6 ? 16 : 4;
    const auto ours = x509::parse_ip_address(text);
    must(ours.has_value() == known && (!ours || ours == theirs), "the C library reads the same address");
    char written[INET6_ADDRSTRLEN] = {};
    if (ours) inet_ntop(is_v6 ? AF_INET6 : AF_INET, ours->octets.data(), written, sizeof written);
    const bool dotted = is_v6 && std::string_view(written).find('.') != std::string_view::npos;  // theirs, of IPv4 in IPv6
    must(!ours || dotted || x509::to_string(*ours) == written, "and writes it the same way");
    using enum x509::IpAddressText;
    must(x509::parse_ip_address(text, usual) == ours, "an address alone is one however it may be written");
    must(x509::parse_ip_address("[" + terminated + "]", bracketed) == ours, "and in brackets");
    (void)x509::parse_ip_address(text, decimal_parts);
    in_addr numbers{};
    const auto parts = x509::parse_ip_address(text, inet_aton);
    must(is_v6 || parts.has_value() == (::inet_aton(terminated.c_str(), &numbers) != 0), "numbers of C are an address");
    must(is_v6 || !parts || equal(Bytes(parts->octets.data(), 4), as_bytes({reinterpret_cast<const char*>(&numbers), 4})), "and the same");
    if (ours) must(unmapped(unmapped(*ours)) == unmapped(*ours), "an address is mapped once");
}

void check_names(std::string_view text) {
    check_addresses(text);
    if (const auto subtree = x509::parse_subtree(text)) must(!x509::encode_general_name(*subtree).empty(), "a subtree can be written");
    if (const auto ascii = x509::to_a_labels(text)) {
        must(x509::classify_dns_name(*ascii).valid, "what is converted is a name");
        must(x509::to_a_labels(*ascii).value_or("") == *ascii, "converting twice changes nothing");
    }
    (void)x509::to_u_labels(text);
    if (const auto address = x509::parse_ip_address(text)) {
        const std::string written = x509::to_string(*address);
        must(x509::parse_ip_address(written) == address, "an address is read back");
    }
    if (const auto mailbox = x509::parse_mailbox(text))
        must(x509::parse_mailbox(mailbox->local_part + "@" + mailbox->host) == mailbox, "a mailbox as it is compared is that mailbox");
    if (const auto name = x509::parse_general_name(text)) {
        const ByteString encoded = x509::encode_general_name(*name);
        der::Reader reader(encoded);
        must(x509::read_general_name(reader).has_value() && reader.at_end(), "a name that is built is one name");
    }
    if (const auto name = x509::encode_name(text)) must(x509::parse_name(*name).has_value(), "a distinguished name that is built is one");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 5 || size > 2'048) return 0;
    const x509::DnsMatchRule rule = rule_from(data);
    const std::string_view text(reinterpret_cast<const char*>(data) + 5, size - 5);
    const std::size_t line = text.find('\n');
    const std::string_view presented = text.substr(0, line), reference = line == std::string_view::npos ? presented : text.substr(line + 1);
    const bool matches = x509::matches_dns_id(presented, reference, rule);
    must(matches == x509::matches_dns_id(ascii_lower(presented), ascii_lower(reference), rule), "letter case does not matter");
    if (matches && presented.find('*') == std::string_view::npos) {
        const auto bare = [](std::string_view name) { return x509::cut_dots(name, x509::DotsCut::all); };
        must(rule.leading_dot_is_below || equal_ignoring_ascii_case(bare(presented), bare(reference)),
             "without a star only equal names match");
    }
    if (matches && !equal_ignoring_ascii_case(presented, reference) && !rule.compares_u_labels && !rule.leading_dot_is_below) {
        const std::string name = ascii_lower(x509::cut_dots(presented, rule.presented_dots));
        must(fits(name, ascii_lower(x509::cut_dots(reference, rule.reference_dots))), "a star stands for what is there");
    }
    if (matches) must(presented.find('\0') == std::string_view::npos, "a name with a NUL never matches");
    if (const std::string_view service = x509::service_of(presented); !service.empty()) {
        const std::string_view host = presented.substr(service.size() + 2);
        must(x509::matches_srv_id(presented, service, reference, rule) == x509::matches_dns_id(host, reference, rule),
             "behind the service stands a host");
    }
    check_small_names(text, rule);
    check_written_address(text);
    check_names(presented);
    check_names(reference);
    return 0;
}
