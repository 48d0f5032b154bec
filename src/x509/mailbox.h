#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace truename::x509 {

/// A mailbox (RFC 5321 4.1.2, RFC 6531 3.3) in the form in which two of them are compared (RFC 9598 5).
struct Mailbox {
    std::string local_part;  ///< the octets as they stand: letter case, quotes and normal form count (RFC 5280 7.5)
    std::string host;        ///< A-labels in lower case

    friend bool operator==(const Mailbox&, const Mailbox&) = default;
};

/// Reads an address in UTF-8. Nothing for what is none: no @, an empty part, control characters, UTF-8 that is broken, a host that is no
/// name. Address literals (`ann@[192.0.2.1]`) are left out: nobody certifies them. A dot at the end of the host is no part of a mailbox.
std::optional<Mailbox> parse_mailbox(std::string_view text);

}  // namespace truename::x509
