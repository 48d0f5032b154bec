#include "address/told.h"

namespace truename::address {

namespace {

constexpr std::uint16_t kHttps = 443;

/// A host that is asked for a file, where there is such a host.
void add_web(std::vector<Told>& all, const DnsView& view, const std::string& host, Teller teller, std::string_view path) {
    if (!view.addresses(host).empty())
        all.push_back({{probe::Protocol::tls, kHttps}, host, teller, "https://" + host + std::string(path), true});
}

}  // namespace

std::string_view name_of(Teller teller) {
    switch (teller) {
        case Teller::users:
            return "users";
        case Teller::srv:
            return "srv";
        case Teller::mx:
            return "mx";
        case Teller::autoconfig:
            return "autoconfig";
        case Teller::autodiscover:
            return "autodiscover";
    }
    return "";
}

std::vector<Told> told_by_dns(const DnsView& view, const InternetAddress& address) {
    std::vector<Told> all;
    for (const AnnouncedService& service : announced_services()) {
        const std::string owner = srv_owner(service.label, address.domain);
        for (const net::ServiceRecord& record : view.services(owner)) {
            if (record.target.empty() || record.port == 0) continue;  // it is said not to be there
            all.push_back({{service.protocol, record.port}, record.target, Teller::srv, owner, service.protocol == probe::Protocol::tls});
        }
    }
    for (const net::MailExchanger& exchanger : view.mail_exchangers(address.domain)) {
        if (!exchanger.name.empty())
            all.push_back({{probe::Protocol::smtp, probe::info(probe::Protocol::smtp).port}, exchanger.name, Teller::mx, address.domain});
    }
    add_web(all, view, "autoconfig." + address.domain, Teller::autoconfig, "/mail/config-v1.1.xml");
    // The web server of the domain itself, which may be anybody's: where its certificate is for another name, programs warn.
    if (address.domain != address.name) add_web(all, view, address.domain, Teller::autodiscover, "/autodiscover/autodiscover.xml");
    add_web(all, view, "autodiscover." + address.domain, Teller::autodiscover, "/autodiscover/autodiscover.xml");
    return all;
}

}  // namespace truename::address
