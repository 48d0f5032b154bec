#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/result.h"
#include "finding/failure.h"

namespace truename::address {

/// What is put before a domain to make the name of its mail server, the usual one first.
inline constexpr std::array<std::string_view, 4> kPrefixes = {"remote", "mail", "imap", "mx"};

/// The one name under which everybody reaches the mail server of a domain.
struct InternetAddress {
    std::string domain;  ///< in A-labels: `example.com`
    std::string name;    ///< the prefix and the domain: `remote.example.com`; the domain alone where the prefix is empty

    friend bool operator==(const InternetAddress&, const InternetAddress&) = default;
};

/// Puts both together; they may hold U-labels, and the domain a last dot. Fails with `usage` for what is no name of a host, or one that no
/// public DNS has.
Result<InternetAddress, Failure> make_internet_address(std::string_view domain, std::string_view prefix);

}  // namespace truename::address
