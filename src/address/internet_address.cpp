#include "address/internet_address.h"

#include "base/text.h"
#include "x509/dns_name.h"

namespace truename::address {

namespace {

Failure refuse(std::string_view option, std::string_view text, std::string reason, std::string next) {
    return {FailureKind::usage, "reading", std::string(option), "\"" + printable(text) + "\" " + std::move(reason), std::move(next)};
}

bool is_host(std::string_view name) {
    const x509::DnsNameTraits traits = x509::classify_dns_name(name);
    return traits.valid && !traits.has_star && !traits.has_underscore && !traits.is_ip_address;
}

}  // namespace

Result<InternetAddress, Failure> make_internet_address(std::string_view domain, std::string_view prefix) {
    if (domain.size() > 1 && domain.ends_with('.')) domain.remove_suffix(1);
    const auto labels = x509::to_a_labels(domain);
    if (!labels || !is_host(*labels))
        return Unexpected{refuse("--domain", domain, "is no domain", "Name what stands behind the @ of your addresses: example.com")};
    if (x509::classify_dns_name(*labels).labels < 2)
        return Unexpected{refuse("--domain", domain, "has no dot, so the DNS of the Internet does not have it",
                                 "Name what stands behind the @ of your addresses: example.com")};
    if (prefix.empty()) return InternetAddress{*labels, *labels};
    const auto name = x509::to_a_labels(std::string(prefix) + "." + *labels);
    if (!name || !is_host(*name)) return Unexpected{refuse("--prefix", prefix, "is no first part of a name", "remote and mail are usual")};
    return InternetAddress{*labels, *name};
}

}  // namespace truename::address
