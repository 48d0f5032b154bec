#include "probe/certificates.h"

#include <chrono>
#include <cstddef>
#include <string>

#include "der/oid.h"
#include "x509/certificate.h"

namespace truename::probe {

namespace {

std::string text_of(const x509::Name& name, der::Oid type) {
    const auto attribute = name.last(type);
    return attribute ? x509::to_utf8(*attribute).value_or("") : std::string();
}

/// make-ssl-cert of Debian: self-signed, nothing but the machine's name as CN, its only DNS name, for ten years, and no authority. All of
/// it must fit: the subject alone could be anybody's.
bool is_snake_oil(const x509::Certificate& certificate) {
    std::size_t attributes = 0;
    for ([[maybe_unused]] const x509::Attribute& attribute : certificate.subject) ++attributes;
    if (attributes != 1) return false;
    const std::string host = text_of(certificate.subject, der::oid::common_name);
    const auto& names = certificate.known.subject_alt_name;
    std::size_t count = 0;
    bool same = false;
    if (names) {
        for (const x509::GeneralName& name : *names) {
            ++count;
            same = name.kind == x509::GeneralNameKind::dns_name && name.text() == host;
        }
    }
    if (host.empty() || count != 1 || !same) return false;
    const auto& constraints = certificate.known.basic_constraints;
    if (!constraints || constraints->ca) return false;
    const auto life = certificate.validity.not_after.time - certificate.validity.not_before.time;
    return life == std::chrono::days(3650);
}

}  // namespace

void name_certificates(Endpoint& endpoint) {
    if (endpoint.tls.chain.empty()) return;
    const auto certificate = x509::parse_certificate(endpoint.tls.chain.front());
    if (!certificate || !x509::is_self_issued(*certificate)) return;
    const std::string subject = x509::to_string(certificate->subject);
    if (text_of(certificate->subject, der::oid::organization_name) == "Exim Developers" &&
        text_of(certificate->subject, der::oid::country_name) == "UK") {
        endpoint.findings.push_back({.id = FindingId::server_generated_certificate, .field = Field::subject, .found = subject});
    } else if (is_snake_oil(*certificate)) {
        endpoint.findings.push_back({.id = FindingId::server_snake_oil, .field = Field::subject, .found = subject});
    }
}

}  // namespace truename::probe
