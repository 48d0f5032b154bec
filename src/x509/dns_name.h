#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace truename::x509 {

/// What kind of text stands where a DNS name should, for reports and for rules that treat some forms apart.
struct DnsNameTraits {
    bool valid =
        false;  ///< labels of 1 to 63 letters, digits, hyphens (not at the ends) and underscores, at most 253; a star only in the first
    bool has_star = false;          ///< a `*` anywhere
    bool is_wildcard = false;       ///< the first label is `*`, and nothing else has a star
    bool has_underscore = false;    ///< not in a host name (RFC 952), but in many DNS names
    bool has_trailing_dot = false;  ///< absolute form; RFC 5280 4.2.1.6 has no place for it in a certificate
    bool has_leading_dot = false;   ///< `.example.com`, a name constraint's form
    bool has_a_label = false;       ///< a label begins with `xn--`
    bool is_ascii = true;           ///< false: a U-label or garbage in a certificate
    bool is_ip_address = false;     ///< the text of an IPv4 or IPv6 address
    bool is_internal = false;       ///< no dot, or under `.local`, `.lan`, `.internal`, `.localdomain`, `.home.arpa`, `.test` and the like
    std::uint8_t labels = 0;        ///< without an empty last one; 255 for that many or more
};

/// Looks at `text` as it stands in a certificate or as a user typed it.
DnsNameTraits classify_dns_name(std::string_view text);

/// Where a star may stand in a presented name, in terms of what it does. A star covers at least one character, unless the rule says whole
/// label; a star where the rule has no place for it makes the name match nothing.
enum class WildcardPosition : std::uint8_t {
    none,                     ///< no wildcards at all
    whole_left_label,         ///< `*.example.com`
    left_label_start,         ///< the star is the first character of the left label; text may follow: `*.`, `*ail.`
    left_label_end,           ///< the star is the last character of the left label; text may come before: `*.`, `ma*.`
    left_label_start_or_end,  ///< `*.`, `*ail.`, `ma*.`
    left_label_anywhere,      ///< one star anywhere in the left label: `m*l.` too
    any_label,                ///< one star anywhere in any one label, covering no dot: `mail.*.com` too
};

/// How a client compares a presented DNS name with the one it wants: the habits seen in the clients, as independent switches.
struct DnsMatchRule {
    WildcardPosition wildcard = WildcardPosition::whole_left_label;
    std::uint8_t min_labels_after = 2;           ///< labels that must follow the label with the star
    bool star_spans_labels = false;              ///< a whole-label star stands for one or more labels
    bool star_covers_a_label = true;             ///< a whole-label star may stand for a label that begins with `xn--`
    bool partial_star_covers_a_label = false;    ///< so may a star that is part of its label
    bool star_inside_a_label = false;            ///< a presented label that begins with `xn--` may hold a star
    bool star_before_a_label = true;             ///< the label right after the star may begin with `xn--`
    bool star_may_be_empty = false;              ///< a star that is part of a label may stand for no character
    bool strips_reference_trailing_dot = false;  ///< one dot at the end of the name asked for is cut off first
    bool strips_presented_trailing_dot = false;  ///< one dot at the end of the presented name is cut off first
    bool allows_underscore = true;               ///< else a presented or asked name with `_` matches nothing
    bool checks_presented_syntax = false;        ///< a presented name that is not `valid` (DnsNameTraits) matches nothing

    friend bool operator==(const DnsMatchRule&, const DnsMatchRule&) = default;
};

/// True when the presented identifier matches the reference identifier (RFC 9525 6.3) by `rule`. Both in ASCII, compared without regard to
/// letter case; the same text matches itself whatever it is (all libraries that were observed do so), but for an empty one or one with a
/// NUL. A star matches no name with a star or an empty label in it: a dot at the end that is not cut off makes one. Constant memory; time
/// grows with the names' lengths. Not checked: that `reference` is no IP address; the caller decides that first.
bool matches_dns_id(std::string_view presented, std::string_view reference, const DnsMatchRule& rule);

/// The rules that standards and the strictest readers use: whole left label, two labels after it, nothing else.
inline constexpr DnsMatchRule kStrictDnsMatch{};

/// A name as users type it, with U-labels, as the A-labels that DNS and certificates use (IDNA 2008 with the mapping of UTS 46, not
/// transitional). ASCII names come back in lower case. bad_value for what no name can be. `text` is UTF-8.
Result<std::string> to_a_labels(std::string_view text);

/// For showing: A-labels that decode are turned into U-labels; others stay. Not safe against look-alikes: show both forms.
std::string to_u_labels(std::string_view text);

}  // namespace truename::x509
