#include "probe/wire.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>

#include "base/text.h"
#include "net/dialog.h"
#include "x509/certificate.h"

namespace truename::probe {

namespace {

using net::ConnectionEnd;
using net::ConnectionPhase;
using net::ConnectionReport;
using net::DialogEnd;
using net::DialogStep;
using net::Handshake;
using net::TlsTrouble;

/// As much of the first line as people read; a hostile server's is as long as it likes.
std::string first_line(std::string_view text) {
    constexpr std::size_t kMost = 120;
    const std::string_view line = trim(text.substr(0, text.find('\n')));
    return line.size() <= kMost ? std::string(line) : std::string(line.substr(0, kMost)) + " ...";
}

/// What went wrong where OpenSSL alone knows it.
std::string words_of(const net::TlsReport& tls) {
    if (tls.trouble == TlsTrouble::bad_certificate) return "what the server sent as a certificate is none (" + tls.error + ")";
    if (tls.trouble == TlsTrouble::too_large) return "what the server sent is larger than what this program reads (" + tls.error + ")";
    return tls.error;
}

/// How the mail servers say on the wire that their key or certificate could not be loaded (Dovecot, Postfix, Exim, Cyrus, in this order).
bool tells_of_certificate(std::string_view line) {
    static constexpr std::array<std::string_view, 4> kWords = {"TLS initialization failed", "TLS not available due to local problem",
                                                               "TLS currently unavailable", "Error initializing TLS"};
    return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view words) { return line.find(words) != std::string_view::npos; });
}

void add(Endpoint& endpoint, FindingId id, std::string found = {}, std::string expected = {}) {
    endpoint.findings.push_back({.id = id, .expected = std::move(expected), .found = std::move(found)});
}

std::string alert_text(std::uint8_t alert) {
    return std::to_string(alert) + " " + std::string(net::alert_name(alert));
}

void record_alert(Endpoint& endpoint) {
    const std::uint8_t alert = endpoint.tls.alert.value_or(0);
    add(endpoint, FindingId::tls_alert, alert_text(alert));
    // RFC 8446 6.2. handshake_failure and bad_certificate after a request for a certificate are about ours, which was empty.
    const bool ours = endpoint.tls.asks_client_certificate && (alert == 40 || (alert >= 41 && alert <= 46) || alert == 48);
    if (alert == 116 || ours) return add(endpoint, FindingId::tls_needs_client_certificate, alert_text(alert));
    if (alert == 70) return add(endpoint, FindingId::tls_version_unsupported, alert_text(alert));
    if (alert == 40 || alert == 71) return add(endpoint, FindingId::tls_no_common_cipher, alert_text(alert));
    if (alert == 112) return add(endpoint, FindingId::tls_name_only, alert_text(alert));
}

// What the protocol's own dialog makes of the line as a greeting; open where there is no such dialog.
DialogEnd as_greeting(Protocol protocol, std::string_view line) {
    const net::MailProtocol mail = mail_protocol(protocol);
    if (mail == net::MailProtocol::none) return DialogEnd::open;
    const auto dialog = net::make_dialog(mail, net::DialogGoal::greeting, {}, 512);
    dialog->feed(std::string(line) + "\r\n");
    return dialog->report().end;
}

void record_plaintext(Endpoint& endpoint) {
    const std::string line = first_line(endpoint.tls.plaintext);
    endpoint.state = EndpointState::no_tls;
    if (endpoint.tls_mode == TlsMode::starttls) {
        add(endpoint, FindingId::mail_starttls_failed, line);
        if (tells_of_certificate(line)) add(endpoint, FindingId::server_certificate_load, line);
        return;
    }
    const DialogEnd greeting = as_greeting(endpoint.protocol, line);
    if (greeting == DialogEnd::limited) {
        endpoint.state = EndpointState::limited;
        return add(endpoint, FindingId::mail_limited, line);
    }
    // Only the protocol's own greeting says that it is the server, set up without TLS; anything else is another program.
    add(endpoint, greeting == DialogEnd::wrong_protocol ? FindingId::mail_greeting : FindingId::tls_plaintext, line);
}

void record_trouble(Endpoint& endpoint) {
    endpoint.state = EndpointState::tls_failed;
    const net::TlsReport& tls = endpoint.tls;
    switch (tls.trouble) {
        case TlsTrouble::plaintext:
            return record_plaintext(endpoint);
        case TlsTrouble::alert:
            return record_alert(endpoint);
        case TlsTrouble::closed:
            add(endpoint, FindingId::tls_closed);
            // Whatever the server: without a loadable pair it takes the connection and ends it before its first TLS byte.
            if (!tls.version && tls.chain.empty()) add(endpoint, FindingId::server_certificate_load);
            return;
        case TlsTrouble::bad_server_signature:
            return add(endpoint, FindingId::tls_bad_server_signature, tls.error);
        case TlsTrouble::version:
            return add(endpoint, FindingId::tls_version_unsupported, tls.error);
        default:
            return add(endpoint, FindingId::tls_handshake, words_of(tls));
    }
}

void record_facts(Endpoint& endpoint) {
    const net::TlsReport& tls = endpoint.tls;
    if (tls.asks_client_certificate) add(endpoint, FindingId::tls_asks_client_certificate);
    if (!tls.version || tls.handshake != Handshake::completed) return;
    if (*tls.version <= net::TlsVersion::tls_1_1) add(endpoint, FindingId::tls_version_old, std::string(net::name_of(*tls.version)));
    if (*tls.version == net::TlsVersion::tls_1_0) add(endpoint, FindingId::tls_version_1_0);
}

void record_dialog(Endpoint& endpoint, const net::DialogReport& dialog) {
    endpoint.greeting = dialog.greeting;
    endpoint.capabilities = dialog.capabilities;
    endpoint.login_before_tls = dialog.login_before_tls;
    if (dialog.login_before_tls) add(endpoint, FindingId::mail_login_before_tls);
    if (dialog.masked) add(endpoint, FindingId::mail_shield, first_line(dialog.greeting));
    // A complaint that TLS does not start is no attempt to smuggle words in: record_dialog_end() has a name for it.
    const bool smuggled = !dialog.leftover.empty() && !net::is_complaint(dialog.leftover);
    if (smuggled) add(endpoint, FindingId::mail_plaintext_after_starttls, first_line(dialog.leftover));
}

void record_dialog_end(Endpoint& endpoint, const net::DialogReport& dialog) {
    endpoint.state = EndpointState::no_tls;
    switch (dialog.end) {
        case DialogEnd::limited:
            endpoint.state = EndpointState::limited;
            return add(endpoint, FindingId::mail_limited, dialog.answer);
        case DialogEnd::not_offered:
            return add(endpoint, FindingId::mail_starttls_missing, dialog.answer);
        case DialogEnd::refused:
            add(endpoint, FindingId::mail_starttls_refused, dialog.answer);
            if (tells_of_certificate(dialog.answer)) add(endpoint, FindingId::server_certificate_load, dialog.answer);
            return;
        case DialogEnd::wrong_protocol:
            return add(endpoint, FindingId::mail_greeting, dialog.answer);
        case DialogEnd::too_long:
            return add(endpoint, FindingId::mail_greeting, "an answer without an end");
        case DialogEnd::tls_next:  // and then a complaint in plain text
            add(endpoint, FindingId::mail_starttls_failed, first_line(dialog.leftover));
            if (tells_of_certificate(dialog.leftover)) add(endpoint, FindingId::server_certificate_load, first_line(dialog.leftover));
            return;
        case DialogEnd::open:
        case DialogEnd::greeted:
            return;
    }
}

EndpointState state_of_timeout(const ConnectionReport& report) {
    // A greeting that began and does not end is how servers slow down those that they do not know (postscreen).
    const bool began =
        report.phase == ConnectionPhase::dialog && report.dialog.step == DialogStep::greeting && report.dialog.greeting_began;
    return began ? EndpointState::limited : EndpointState::timeout;
}

std::string place(const Endpoint& endpoint) {
    return endpoint.address + " port " + std::to_string(endpoint.port);
}

std::string_view waiting_for(const ConnectionReport& report) {
    switch (report.phase) {
        case ConnectionPhase::connect:
            return "connecting";
        case ConnectionPhase::handshake:
        case ConnectionPhase::inside:
            return "the TLS handshake";
        case ConnectionPhase::dialog:
            break;
    }
    switch (report.dialog.step) {
        case DialogStep::greeting:
            return "waiting for the greeting";
        case DialogStep::capabilities:
            return "asking for the capabilities";
        default:
            return "asking for STARTTLS";
    }
}

Failure failure_of_tls(std::string object, const net::TlsReport& tls) {
    Failure failure{FailureKind::protocol, "the TLS handshake", std::move(object), words_of(tls), ""};
    switch (tls.trouble) {
        case TlsTrouble::plaintext:
            failure.reason = "the server answered in plain text: " + printable(first_line(tls.plaintext));
            failure.next = "Is this a port for STARTTLS? Say so with --starttls; else look into the server's log.";
            break;
        case TlsTrouble::closed:
            failure.kind = FailureKind::dropped;
            failure.reason = "the server closed the connection in the middle";
            failure.next = "Look into the server's log: most often it cannot load its key or its certificate.";
            break;
        case TlsTrouble::alert:
            failure.reason = "the server sent alert " + alert_text(tls.alert.value_or(0));
            failure.next = "Look into the server's log at this time.";
            if (tls.alert == 40 && !tls.version) failure.next += " With --deep it is also asked whether it has a certificate at all.";
            break;
        case TlsTrouble::bad_server_signature:
            failure.reason = "the server's signature does not fit the key in its certificate (" + tls.error + ")";
            failure.next = "Does the private key belong to the certificate?";
            break;
        default:
            break;
    }
    return failure;
}

Failure failure_of_dialog(std::string object, const ConnectionReport& report) {
    const std::string answer = printable(report.dialog.answer);
    Failure failure{FailureKind::protocol, std::string(waiting_for(report)), std::move(object), {}, {}};
    switch (report.dialog.end) {
        case DialogEnd::limited:
            failure.kind = FailureKind::limited;
            failure.reason = "the server turned us away: " + answer;
            failure.next = "Ask again later, or from another address.";
            break;
        case DialogEnd::not_offered:
            failure.reason = "the server does not offer STARTTLS";
            break;
        case DialogEnd::refused:
            failure.reason = "the server offers STARTTLS and refuses it: " + answer;
            failure.next = "Look into the server's log: most often it cannot load its key or its certificate.";
            break;
        case DialogEnd::wrong_protocol:
            failure.reason = "this is not the protocol: " + answer;
            failure.next = "Say which protocol the port speaks: --ports PROTOCOL:PORT or --starttls.";
            break;
        case DialogEnd::too_long:
            failure.reason = "the answer does not end";
            break;
        case DialogEnd::tls_next:
            failure.reason = "the server agreed to TLS and then said: " + printable(first_line(report.dialog.leftover));
            failure.next = "Look into the server's log: most often it cannot load its key or its certificate.";
            break;
        case DialogEnd::open:
        case DialogEnd::greeted:
            break;
    }
    return failure;
}

std::string seconds(std::chrono::milliseconds time) {
    std::string text = std::to_string(time.count() / 1000);
    if (time.count() % 1000 != 0) text += "." + std::to_string(time.count() % 1000 / 100);
    return text + " s";
}

std::chrono::milliseconds limit_of(const ConnectionReport& report, const Limits& limits) {
    const bool greeting = report.phase == ConnectionPhase::dialog && report.dialog.step == DialogStep::greeting;
    return report.phase == ConnectionPhase::connect ? limits.connect : greeting ? limits.greeting : limits.step;
}

}  // namespace

net::MailProtocol mail_protocol(Protocol protocol) {
    switch (protocol) {
        case Protocol::imaps:
        case Protocol::imap:
            return net::MailProtocol::imap;
        case Protocol::pop3s:
        case Protocol::pop3:
            return net::MailProtocol::pop3;
        case Protocol::submissions:
        case Protocol::submission:
        case Protocol::smtp:
            return net::MailProtocol::smtp;
        case Protocol::sieve:
            return net::MailProtocol::sieve;
        case Protocol::tls:
            break;
    }
    return net::MailProtocol::none;
}

std::optional<Failure> failure_of(const Endpoint& endpoint, const ConnectionReport& report, const Limits& limits) {
    const std::string object = place(endpoint);
    switch (report.end) {
        case ConnectionEnd::unreachable:
            return Failure{FailureKind::local, "connecting", object, std::strerror(report.system_error),
                           "Is there a route to this address?"};
        case ConnectionEnd::refused:
            return Failure{FailureKind::refused, "connecting", object, "connection refused",
                           "Does the service run, and does it listen on this address and port?"};
        case ConnectionEnd::timeout: {
            const bool slow = state_of_timeout(report) == EndpointState::limited;
            return Failure{slow ? FailureKind::limited : FailureKind::timeout, std::string(waiting_for(report)), object,
                           (slow ? "the greeting did not end within " : "no whole answer came within ") + seconds(limit_of(report, limits)),
                           report.phase == ConnectionPhase::connect ? "Does a firewall drop the packets?" : ""};
        }
        case ConnectionEnd::dropped:
            return Failure{FailureKind::dropped, std::string(waiting_for(report)), object, "the server closed the connection", ""};
        case ConnectionEnd::dialog:
            return failure_of_dialog(object, report);
        case ConnectionEnd::tls:
            if (report.tls.handshake != Handshake::completed) return failure_of_tls(object, report.tls);
            break;
        case ConnectionEnd::open:
            break;
    }
    if (!report.tls_unasked) return std::nullopt;
    return Failure{FailureKind::protocol, "waiting for the greeting", object, "the port speaks TLS from the first byte, not STARTTLS",
                   "Ask it as what it is: --ports imaps:PORT, pop3s:PORT or submissions:PORT."};
}

KeyColumn key_column(const net::TlsReport& tls) {
    const auto leaf = tls.chain.empty() ? std::nullopt : std::optional(x509::parse_certificate(tls.chain.front()));
    if (leaf && *leaf) {
        using crypto::Curve;
        const x509::SubjectPublicKeyInfo& key = (*leaf)->subject_public_key_info;
        if (key.kind == x509::KeyKind::rsa) return KeyColumn::rsa;
        const bool usual = key.known_curve == Curve::p256 || key.known_curve == Curve::p384 || key.known_curve == Curve::p521;
        return key.kind == x509::KeyKind::ec && usual ? KeyColumn::ecdsa : KeyColumn::other;
    }
    // Without a signature the key exchange itself was by RSA (RFC 5246 7.4.7.1), unless the suite's name says otherwise.
    const bool ecdsa = tls.signature.starts_with("ecdsa") || (tls.signature.empty() && tls.cipher.find("ECDSA") != std::string::npos);
    return ecdsa ? KeyColumn::ecdsa : KeyColumn::rsa;
}

void record_reach(Reach& reach, const net::TlsHello& hello, const net::TlsReport& tls, bool alone) {
    const auto set = [&](std::size_t row, std::size_t key, Answer answer) {
        Answer& cell = reach.answers[row][key];
        if (cell != Answer::yes) cell = answer;
    };
    const auto set_offered = [&](std::size_t row, Answer answer) {
        if (hello.keys != net::KeyOffer::ecdsa) set(row, 0, answer);
        if (hello.keys != net::KeyOffer::rsa) set(row, 1, answer);
        if (hello.keys == net::KeyOffer::any) set(row, 2, answer);
    };
    const std::size_t low = Reach::row(hello.min), high = Reach::row(hello.max);
    if (tls.handshake == Handshake::completed && tls.version) {
        const std::size_t chosen = Reach::row(*tls.version);
        // RFC 8446 4.2.1, RFC 5246 E.1: the server takes the highest version that both speak, so it speaks none of those above.
        for (std::size_t row = chosen + 1; row <= high; ++row) set_offered(row, Answer::no);
        set(chosen, static_cast<std::size_t>(key_column(tls)), Answer::yes);
        return;
    }
    // handshake_failure, protocol_version, insufficient_security: about the offer. Others only when other offers succeeded.
    const bool about_offer = tls.alert && (*tls.alert == 40 || *tls.alert == 70 || *tls.alert == 71) && !tls.asks_client_certificate;
    const bool failed = tls.handshake == Handshake::failed && tls.trouble != TlsTrouble::timeout;
    if (!about_offer && !(alone && failed)) return;
    for (std::size_t row = low; row <= high; ++row) set_offered(row, Answer::no);
}

void record_connection(Endpoint& endpoint, ConnectionReport&& report, const Limits& limits) {
    endpoint.error = failure_of(endpoint, report, limits);
    endpoint.elapsed = report.elapsed;
    endpoint.tls = std::move(report.tls);
    record_dialog(endpoint, report.dialog);
    switch (report.end) {
        case ConnectionEnd::unreachable:
        case ConnectionEnd::refused:
            endpoint.state = EndpointState::refused;
            break;
        case ConnectionEnd::timeout:
            endpoint.state = state_of_timeout(report);
            break;
        case ConnectionEnd::dropped:
            endpoint.state = EndpointState::dropped;
            if (report.dialog.step == DialogStep::starttls) add(endpoint, FindingId::mail_starttls_failed);
            break;
        case ConnectionEnd::dialog:
            record_dialog_end(endpoint, report.dialog);
            break;
        case ConnectionEnd::tls:
        case ConnectionEnd::open:
            if (endpoint.tls.handshake != Handshake::completed) {
                record_trouble(endpoint);
            } else if (report.tls_unasked) {
                endpoint.state = EndpointState::tls_failed;
                add(endpoint, FindingId::tls_on_starttls_port);
            } else {
                endpoint.state = EndpointState::judged;
            }
    }
    if (report.inside.end != DialogEnd::open) endpoint.greeting = report.inside.greeting;
    if (report.inside.end == DialogEnd::limited) add(endpoint, FindingId::mail_limited, report.inside.answer);
    record_facts(endpoint);
    record_reach(endpoint.reach, endpoint.hello, endpoint.tls, false);
}

}  // namespace truename::probe
