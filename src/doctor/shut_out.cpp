#include "doctor/shut_out.h"

#include <algorithm>

#include "doctor/endpoints.h"

namespace truename::doctor {

namespace {

// Why nobody, or not everybody, gets through.
enum class Fault : std::uint8_t {
    none,
    delivery,  ///< only other servers come here, and they deliver without TLS
    offer,     ///< what this program offered, versions or cipher suites, was not taken
    server,    ///< whatever a client offers
};

Fault fault_of(FindingId id) {
    switch (id) {
        case FindingId::tls_version_unsupported:
        case FindingId::tls_no_common_cipher:
            return Fault::offer;
        case FindingId::mail_starttls_missing:
        case FindingId::tls_plaintext:
        case FindingId::tls_closed:
        case FindingId::tls_alert:
        case FindingId::tls_handshake:
        case FindingId::tls_bad_server_signature:
        case FindingId::tls_needs_client_certificate:
        case FindingId::tls_name_only:
        case FindingId::tls_on_starttls_port:
        case FindingId::mail_starttls_refused:
        case FindingId::mail_starttls_failed:
        case FindingId::mail_plaintext_after_starttls:
        case FindingId::server_certificate_load:
            return Fault::server;
        default:
            return Fault::none;
    }
}

// An alert about the offer is an alert, too; that the server cannot load its certificate explains an alert about the offer.
Fault fault_of(const probe::Endpoint& endpoint) {
    if (endpoint.tls.trouble == net::TlsTrouble::too_large) return Fault::none;  // it was this program that broke off
    Fault worst = Fault::none;
    bool about_offer = false, cannot_load = false;
    for (const Finding& finding : endpoint.findings) {
        const bool delivery = finding.id == FindingId::mail_starttls_missing && endpoint.protocol == probe::Protocol::smtp;
        const Fault one = delivery ? Fault::delivery : fault_of(finding.id);
        worst = std::max(worst, one);
        about_offer = about_offer || one == Fault::offer;
        cannot_load = cannot_load || finding.id == FindingId::server_certificate_load;
    }
    return about_offer && !cannot_load ? Fault::offer : worst;
}

// Whether the client offers nothing that our own hello did not.
bool offers_no_more(const clients::TlsRule& rule, const net::TlsHello& hello) {
    const auto version = [](net::TlsVersion value) {
        return static_cast<int>(clients::TlsVersion::tls1_0) + static_cast<int>(value) - static_cast<int>(net::TlsVersion::tls_1_0);
    };
    return rule.min.known && rule.max.known && static_cast<int>(rule.min.value) >= version(hello.min) &&
           static_cast<int>(rule.max.value) <= version(hello.max);
}

bool is_shut_out(const clients::Profile& profile, Fault fault, const probe::Endpoint& endpoint) {
    const clients::ServerTls tls = server_tls(endpoint);
    switch (fault) {
        case Fault::none:
        case Fault::delivery:
            return false;
        case Fault::offer: {
            const clients::Reaches reaches = clients::reaches(profile.tls, tls);
            const bool no =
                reaches == clients::Reaches::no || (reaches == clients::Reaches::not_asked && offers_no_more(profile.tls, endpoint.hello));
            return no && !profile.retired;
        }
        case Fault::server:
            return !(profile.tls.sni.is(false) && tls.without_name == clients::ServerTls::Answer::yes);
    }
    return false;
}

}  // namespace

bool may_shut_out(FindingId id) {
    return fault_of(id) != Fault::none;
}

void find_shut_out(Report& report, const probe::Evidence& evidence, const Settings::Impl& settings) {
    std::vector<Fault> faults;
    bool other_judged = false;
    for (const probe::Endpoint& endpoint : evidence.endpoints) {
        const bool works = endpoint.tls.handshake == net::Handshake::completed && endpoint.state == probe::EndpointState::judged;
        faults.push_back(works ? Fault::none : fault_of(endpoint));
        other_judged = other_judged || works || faults.back() == Fault::server || faults.back() == Fault::offer;
    }
    for (std::size_t i = 0; i < faults.size(); ++i) {
        // Where a login is offered some program may have come for it.
        const bool is_answer = faults[i] == Fault::delivery && !other_judged && evidence.endpoints[i].login_before_tls;
        const Fault fault = is_answer ? Fault::server : faults[i];
        for (std::size_t client = 0; client < settings.profiles.size(); ++client) {
            if (is_shut_out(*settings.profiles[client], fault, evidence.endpoints[i]))
                report.endpoints[i].shuts_out.push_back(settings.ids[client]);
        }
    }
}

}  // namespace truename::doctor
