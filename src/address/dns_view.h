#pragma once

#include <map>
#include <string>
#include <vector>

#include "address/internet_address.h"
#include "net/dns_client.h"
#include "net/dns_record.h"
#include "probe/endpoint.h"

namespace truename::address {

/// A service that SRV records announce (RFC 6186, 8314, 5804), and its label: `_imaps`.
struct AnnouncedService {
    probe::Protocol protocol;
    std::string_view label;
};

/// All of them, in the order in which they are told.
std::span<const AnnouncedService> announced_services();

/// Where the SRV record of a service of `domain` lies: `_imaps._tcp.example.com`.
std::string srv_owner(std::string_view label, const std::string& domain);

/// Where the records lie that say which certificate mail servers meet (RFC 7672 2.2): `_25._tcp.remote.example.com`.
std::string tlsa_owner(const std::string& host);

/// What the DNS has said, by question.
class DnsView {
  public:
    void add(std::vector<net::DnsReply> replies);

    /// Null when it was not asked.
    [[nodiscard]] const net::DnsReply* find(const std::string& name, net::DnsType type) const;

    // The records of an answer, those that can be read; none when there are none.
    [[nodiscard]] std::vector<std::string> addresses(const std::string& name) const;  ///< IPv4 first
    [[nodiscard]] std::vector<std::string> names_of_address(const std::string& address) const;
    [[nodiscard]] std::vector<net::MailExchanger> mail_exchangers(const std::string& domain) const;  ///< the first choice first
    [[nodiscard]] std::vector<net::ServiceRecord> services(const std::string& owner) const;          ///< the first choice first
    [[nodiscard]] std::vector<net::TlsaRecord> tlsa(const std::string& owner) const;
    /// Those that count for the name (RFC 8659 3): its own, else those of the nearest name above that has any.
    [[nodiscard]] std::vector<net::CaaRecord> caa(const InternetAddress& address) const;
    /// Whether the DNS has answered for all of these names, so that none means that there are none.
    [[nodiscard]] bool knows_caa(const InternetAddress& address) const;

    [[nodiscard]] const std::map<net::DnsQuestion, net::DnsReply>& replies() const { return replies_; }

  private:
    std::map<net::DnsQuestion, net::DnsReply> replies_;
};

/// Asks for everything that decides how programs find the mail server of a domain, in two rounds: the second is for the names and addresses
/// that the first brought, at most 20 of a kind, and for those in `addresses`.
DnsView look_up(net::DnsClient& client, const InternetAddress& address, const std::vector<std::string>& addresses);

}  // namespace truename::address
