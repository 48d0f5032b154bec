#include "probe/https.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/time.h"
#include "x509/certificate.h"
#include "x509/dns_match.h"
#include "x509/print.h"

namespace truename::probe {

namespace {

constexpr std::uint16_t kHttps = 443;

/// The first certificate of an endpoint that completed its handshake.
std::optional<x509::Certificate> leaf_of(const Endpoint& endpoint) {
    if (endpoint.tls.handshake != net::Handshake::completed || endpoint.tls.chain.empty()) return std::nullopt;
    const auto certificate = x509::parse_certificate(endpoint.tls.chain.front());
    return certificate ? std::optional(*certificate) : std::nullopt;
}

bool is_for(const x509::Certificate& certificate, const std::string& name) {
    for (const x509::GeneralName& each : *certificate.known.subject_alt_name) {
        if (each.kind == x509::GeneralNameKind::dns_name && x509::matches_dns_id(each.text(), name, x509::kStrictDnsMatch)) return true;
    }
    return false;
}

std::string in_words(const x509::Certificate& certificate) {
    return "from " + format_date(certificate.validity.not_before.time) + ", serial number " + x509::serial_hex(certificate.serial_number);
}

}  // namespace

void compare_with_https(Evidence& evidence) {
    if (evidence.target.is_address) return;
    const std::string& name = evidence.target.name;
    const auto web = std::find_if(evidence.endpoints.begin(), evidence.endpoints.end(),
                                  [](const Endpoint& endpoint) { return endpoint.port == kHttps && endpoint.protocol == Protocol::tls; });
    const auto newest = web == evidence.endpoints.end() ? std::nullopt : leaf_of(*web);
    if (!newest || !is_for(*newest, name)) return;
    for (Endpoint& endpoint : evidence.endpoints) {
        const auto leaf = endpoint.port == kHttps ? std::nullopt : leaf_of(endpoint);
        if (!leaf || !is_for(*leaf, name) || leaf->validity.not_before.time >= newest->validity.not_before.time) continue;
        endpoint.findings.push_back({.id = FindingId::server_newer_on_https, .expected = in_words(*newest), .found = in_words(*leaf)});
    }
}

}  // namespace truename::probe
