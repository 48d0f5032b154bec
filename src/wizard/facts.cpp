#include "wizard/facts.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/read_file.h"
#include "base/text.h"
#include "net/address.h"
#include "net/dns_record.h"
#include "servers/plan.h"
#include "x509/dns_name.h"

namespace truename::wizard {

namespace {

using Servers = std::vector<std::shared_ptr<const servers::Server>>;

constexpr const char* kStore = "/var/lib/truename/ca";

void add_once(std::vector<std::string>& list, std::string item) {
    if (std::ranges::find(list, item) == list.end()) list.push_back(std::move(item));
}

/// A name that the DNS of the Internet can have.
bool is_public(const std::string& name) {
    const x509::DnsNameTraits traits = x509::classify_dns_name(name);
    return traits.valid && !traits.is_internal && !traits.is_ip_address && !traits.has_star;
}

/// The names that the mail servers have, those that the Internet can know.
std::vector<std::string> host_names(const Servers& servers) {
    std::vector<std::string> names;
    for (const std::shared_ptr<const servers::Server>& server : servers) {
        const auto name = server->host_name();
        if (name && is_public(*name)) add_once(names, *name);
    }
    return names;
}

std::vector<std::string> find_domains(const Servers& servers) {
    std::vector<std::string> domains;
    for (const std::string& name : host_names(servers)) {
        const std::string domain = name.substr(name.find('.') + 1);
        if (domain.find('.') != std::string::npos) add_once(domains, domain);
    }
    // Debian keeps there what stands behind the @ of local senders.
    const std::string mail_name(trim(read_own_file("/etc/mailname").value_or("")));
    if (is_public(mail_name)) add_once(domains, mail_name);
    return domains;
}

std::vector<std::string> find_own_addresses() {
    std::vector<std::string> addresses;
    ifaddrs* first = nullptr;
    if (::getifaddrs(&first) != 0) return addresses;
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(first, ::freeifaddrs);
    for (const ifaddrs* each = first; each != nullptr; each = each->ifa_next) {
        const bool is_ipv4 = each->ifa_addr != nullptr && each->ifa_addr->sa_family == AF_INET;
        const bool is_ipv6 = each->ifa_addr != nullptr && each->ifa_addr->sa_family == AF_INET6;
        if (!is_ipv4 && !is_ipv6) continue;
        const auto address = net::SocketAddress::from_native(each->ifa_addr, is_ipv4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
        if (address && net::scope_of(*address) == net::AddressScope::global) add_once(addresses, address->text());
    }
    return addresses;
}

/// Asks the DNS for addresses, each name once.
class Addresses {
  public:
    explicit Addresses(net::DnsOptions options) : options_(std::move(options)) {}

    std::map<std::string, std::vector<std::string>> of(const std::vector<std::string>& names) {
        std::vector<net::DnsQuestion> questions;
        for (const std::string& name : names) {
            if (known_.contains(name)) continue;
            questions.push_back({name, net::DnsType::a});
            questions.push_back({name, net::DnsType::aaaa});
            known_[name];
        }
        if (!questions.empty()) ask(questions);
        return known_;
    }

  private:
    void ask(const std::vector<net::DnsQuestion>& questions) {
        if (!client_) {
            auto made = net::DnsClient::create(options_);
            if (!made) return;
            client_ = std::move(*made);
        }
        for (const net::DnsReply& reply : client_->ask(questions)) {
            for (const ByteString& data : reply.data) {
                if (auto address = net::read_address_record(data)) known_[reply.question.name].push_back(std::move(*address));
            }
        }
    }

    net::DnsOptions options_;
    std::optional<net::DnsClient> client_;
    std::map<std::string, std::vector<std::string>> known_;
};

bool is_for_tests(const acme::PublicAuthority& authority) {
    return std::ranges::any_of(authority.directories, [](const std::string& each) { return each.starts_with("https://localhost"); });
}

}  // namespace

AddressFacts find_address_facts(const Servers& servers, net::DnsOptions dns) {
    AddressFacts facts;
    facts.domains = find_domains(servers);
    facts.own_addresses = find_own_addresses();
    for (const std::shared_ptr<const servers::Server>& server : servers) add_once(facts.servers, std::string(server->title()));
    facts.addresses_of = [addresses = std::make_shared<Addresses>(std::move(dns))](const std::vector<std::string>& names) {
        return addresses->of(names);
    };
    return facts;
}

CertificateFacts find_certificate_facts(const Servers& servers) {
    CertificateFacts facts;
    facts.names = host_names(servers);
    for (const acme::PublicAuthority& authority : acme::public_authorities()) {
        if (!is_for_tests(authority)) facts.authorities.push_back(authority);
    }
    facts.store = kStore;
    facts.shows_anything = [servers] {
        const auto surveyed = servers::survey_all(servers);
        return surveyed && servers::shows_anything(*surveyed);
    };
    facts.has_authority = [](const std::string& store) { return ::access((store + "/authority.db").c_str(), F_OK) == 0; };
    return facts;
}

}  // namespace truename::wizard
