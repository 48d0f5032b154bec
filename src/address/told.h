#pragma once

#include <string>
#include <vector>

#include "address/dns_view.h"
#include "probe/endpoint.h"

namespace truename::address {

/// What tells programs where to connect.
enum class Teller : std::uint8_t {
    users,         ///< who type the name
    srv,           ///< an SRV record (RFC 6186)
    mx,            ///< an MX record: mail servers ask it, not programs of users
    autoconfig,    ///< the address where a file with settings is looked for
    autodiscover,  ///< the same, of another kind of file
};

/// `users`, `srv`, ...: the word in JSON.
std::string_view name_of(Teller teller);

/// A host and a port to which programs are sent.
struct Told {
    probe::Port port;
    std::string host;
    Teller teller = Teller::users;
    std::string record = {};  ///< the owner of the record that says it; of files: their address
    bool is_web = false;      ///< it is asked for a file by HTTPS
};

/// Whom the DNS sends where: SRV and MX records, and the hosts that are asked for files with settings where they exist. What such files say
/// is for fetch_settings().
std::vector<Told> told_by_dns(const DnsView& view, const InternetAddress& address);

}  // namespace truename::address
