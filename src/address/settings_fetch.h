#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "address/dns_view.h"
#include "address/told.h"

namespace truename::address {

/// How files with settings are fetched.
struct FetchOptions {
    std::string roots_file = {};  ///< PEM; certificates that are trusted besides this machine's own; empty: none
    std::chrono::milliseconds deadline = std::chrono::seconds(3);  ///< for each file
    std::stop_token stop = {};
};

/// A file with settings that was found.
struct SettingsFile {
    std::string url;
    std::vector<Told> told;  ///< the servers that it names
};

/// Asks the hosts where programs look for files with settings (autoconfig, Autodiscover), as far as the DNS has addresses for them. Those
/// that do not answer, or have nothing that can be read, are left out: programs pass them over, too. Fetches nothing where this machine has
/// no libcurl.
std::vector<SettingsFile> fetch_settings(const DnsView& view, const InternetAddress& address, const FetchOptions& options);

}  // namespace truename::address
