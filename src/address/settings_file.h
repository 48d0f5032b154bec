#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "address/told.h"

namespace truename::address {

/// The largest file with settings that is read.
inline constexpr std::size_t kMaxSettingsFile = std::size_t{256} << 10;

/// The servers that an autoconfig file (clientConfig) names, as `teller` of `record` tells them. `text` comes from outside: what is no such
/// file, or names no host, gives nothing; at most 50 servers. `%EMAILDOMAIN%` is `domain`.
std::vector<Told> read_autoconfig(std::string_view text, const std::string& domain, const std::string& record);

/// The same of an answer of Autodiscover with servers for IMAP, POP3 and SMTP.
std::vector<Told> read_autodiscover(std::string_view text, const std::string& domain, const std::string& record);

}  // namespace truename::address
