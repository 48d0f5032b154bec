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

/// A name as users type it, with U-labels, as the A-labels that DNS and certificates use (IDNA 2008 with the mapping of UTS 46, not
/// transitional). ASCII names come back in lower case. bad_value for what no name can be. `text` is UTF-8.
Result<std::string> to_a_labels(std::string_view text);

/// For showing: A-labels that decode are turned into U-labels; others stay. Not safe against look-alikes: show both forms.
std::string to_u_labels(std::string_view text);

}  // namespace truename::x509
