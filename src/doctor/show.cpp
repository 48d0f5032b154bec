#include <algorithm>

#include "base/text.h"
#include "crypto/digest.h"
#include "der/oid.h"
#include "doctor/describe.h"
#include "doctor/doctor.h"
#include "doctor/render/layout.h"
#include "doctor/render/view.h"
#include "x509/certificate.h"
#include "x509/findings.h"
#include "x509/pem.h"
#include "x509/print.h"
#include "x509/request.h"

namespace truename::doctor {

namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kColumn = 16;
constexpr std::size_t kMostNames = 500, kMostSubtrees = 50;

class Sheet {
  public:
    void title(std::string_view text) { out_ += (out_.empty() ? "" : "\n") + std::string(text) + "\n"; }
    /// `text` is safe already, or is made so by the caller.
    void row(std::string_view label, std::string_view text) { out_ += hanging("  " + padded(label, kColumn), text, kWidth); }
    std::string take() { return std::move(out_); }

  private:
    std::string out_;
};

struct Purpose {
    der::Oid id;
    std::string_view words;
};
const Purpose kPurposes[] = {{der::oid::kp_server_auth, "TLS servers"},
                             {der::oid::kp_client_auth, "TLS clients"},
                             {der::oid::kp_email_protection, "signing and encrypting mail"},
                             {der::oid::kp_code_signing, "signing programs"},
                             {der::oid::kp_time_stamping, "time stamps"},
                             {der::oid::kp_ocsp_signing, "answers about revocation"},
                             {der::oid::any_extended_key_usage, "any purpose"}};

std::string purposes(const x509::Known<x509::ExtendedKeyUsage>& usage) {
    if (!usage.is_present()) return "not limited (no extended key usage)";
    std::string text;
    for (const der::Oid& id : usage.content) {
        const auto known = std::find_if(std::begin(kPurposes), std::end(kPurposes), [&](const Purpose& p) { return p.id == id; });
        const std::string words = known == std::end(kPurposes) ? std::string() : std::string(known->words);
        if (!words.empty()) text += (text.empty() ? "" : ", ") + words;
        if (text.size() > 400) break;
    }
    const std::string exact = x509::describe_extended_key_usage(usage.content);
    return text.empty() ? exact : text + " (" + exact + ")";
}

std::string key_usage(const x509::Known<x509::KeyUsage>& usage) {
    if (!usage.is_present()) return "not limited (no key usage)";
    struct Word {
        x509::KeyUsageBit bit;
        std::string_view words;
    };
    static constexpr Word kWords[] = {{x509::KeyUsageBit::digital_signature, "sign in a handshake"},
                                      {x509::KeyUsageBit::key_encipherment, "receive a session key"},
                                      {x509::KeyUsageBit::key_agreement, "agree on a session key"},
                                      {x509::KeyUsageBit::key_cert_sign, "issue certificates"},
                                      {x509::KeyUsageBit::crl_sign, "sign lists of revoked certificates"}};
    std::string text;
    for (const Word& word : kWords) {
        if (usage.content.has(word.bit)) text += (text.empty() ? "" : ", ") + std::string(word.words);
    }
    const std::string exact = x509::describe_key_usage(usage.content);
    return text.empty() ? exact : text + " (" + exact + ")";
}

std::string authority(const x509::Known<x509::BasicConstraints>& constraints) {
    if (!constraints.is_present() || !constraints.content.ca) return "no";
    if (!constraints.content.path_length) return "yes";
    return "yes, with at most " + std::to_string(*constraints.content.path_length) + " more below it";
}

std::string subtrees(const x509::GeneralSubtrees& list) {
    std::string text;
    std::size_t shown = 0;
    for (const x509::GeneralSubtree& subtree : list) {
        if (shown++ == kMostSubtrees) return text + " and more";
        text += (text.empty() ? "" : ", ") + x509::to_string(subtree);
    }
    return text;
}

/// What an authority may issue for (RFC 5280 4.2.1.10).
void limits(Sheet& sheet, const x509::Known<x509::NameConstraints>& constraints) {
    if (!constraints.is_present()) return;
    if (!constraints) return sheet.row("Only for names", "its limits cannot be read");
    const std::string permitted = subtrees(constraints->permitted), excluded = subtrees(constraints->excluded);
    if (!permitted.empty()) sheet.row("Only for names", "under " + permitted + ": programs refuse other names of these kinds below it");
    if (!excluded.empty()) sheet.row("Not for names", "under " + excluded + ": programs refuse them below it");
}

void must_staple(Sheet& sheet, const x509::Known<x509::TlsFeature>& feature) {
    if (feature.is_present() && feature.content.must_staple())
        sheet.row("Must staple",
                  "yes: its server has to send an OCSP response with it, or programs that look at this refuse it (TLS feature)");
}

void names(Sheet& sheet, const x509::KnownExtensions& known, const x509::Name& subject) {
    const std::vector<std::string> list = names_of(known);
    if (list.empty()) {
        const std::vector<std::string> common = x509::common_names(subject);
        sheet.row("Names", common.empty() ? "none" : "none in the list of names; common name " + printable(common.front()));
    }
    for (std::size_t i = 0; i < std::min(list.size(), kMostNames); ++i)
        sheet.row(i == 0 ? "Names" : "", std::to_string(i + 1) + " " + list[i]);
    if (list.size() > kMostNames) sheet.row("", "and " + std::to_string(list.size() - kMostNames) + " more");
}

void findings(Sheet& sheet, const std::vector<Finding>& list) {
    bool first = true;
    for (const Finding& finding : list) {
        std::string text = std::string(info(finding.id).title);
        if (!finding.found.empty()) text += ": " + safe_text(finding.found);
        sheet.row(first ? "Worth knowing" : "", text + " [" + std::string(info(finding.id).name) + "]");
        first = false;
    }
}

void addresses(Sheet& sheet, std::string_view label, const std::vector<std::string_view>& list) {
    for (std::size_t i = 0; i < std::min<std::size_t>(list.size(), 10); ++i) sheet.row(i == 0 ? label : "", printable(list[i]));
}

std::string validity(const x509::Certificate& certificate, Time now) {
    const Time from = certificate.validity.not_before.time;
    return format_time(from) + " to " + format_time(certificate.validity.not_after.time) + ", " +
           life_label(from, certificate.validity.not_after.time, now);
}

void show_certificate(Sheet& sheet, const x509::Certificate& certificate, Time now) {
    const std::string subject = x509::to_string(certificate.subject);
    sheet.row("Subject", subject.empty() ? "empty" : subject);
    const bool own = x509::is_self_issued(certificate);
    const std::string issuer = x509::to_string(certificate.issuer);
    sheet.row("Issued by", own ? "itself" : issuer.empty() ? "empty" : issuer);
    names(sheet, certificate.known, certificate.subject);
    sheet.row("Valid", validity(certificate, now));
    sheet.row("Key", x509::describe_key(certificate.subject_public_key_info));
    sheet.row("Signature", x509::describe_signature(certificate.signature_algorithm));
    sheet.row("Made for", purposes(certificate.known.extended_key_usage));
    sheet.row("Its key may", key_usage(certificate.known.key_usage));
    sheet.row("An authority", authority(certificate.known.basic_constraints));
    limits(sheet, certificate.known.name_constraints);
    must_staple(sheet, certificate.known.tls_feature);
    addresses(sheet, "Its issuer at", x509::ca_issuer_addresses(certificate));
    addresses(sheet, "Revoked? ask", x509::ocsp_addresses(certificate));
    addresses(sheet, "Revoked? list", x509::crl_addresses(certificate));
    sheet.row("Serial number", x509::serial_hex(certificate.serial_number));
    sheet.row("SHA-256", to_hex(crypto::sha256(certificate.der)));
    sheet.row("SHA-1", to_hex(crypto::sha1(certificate.der)));
    std::vector<Finding> list;
    x509::report_findings(certificate, list);
    findings(sheet, list);
}

void show_request(Sheet& sheet, const x509::Request& request) {
    const std::string subject = x509::to_string(request.subject);
    sheet.row("Subject", subject.empty() ? "empty" : subject);
    names(sheet, request.known, request.subject);
    sheet.row("Key", x509::describe_key(request.subject_public_key_info));
    sheet.row("Signature", x509::describe_signature(request.signature_algorithm));
    if (request.known.extended_key_usage.is_present()) sheet.row("Asks to be for", purposes(request.known.extended_key_usage));
    if (request.known.key_usage.is_present()) sheet.row("Its key may", key_usage(request.known.key_usage));
    must_staple(sheet, request.known.tls_feature);
    switch (x509::verify_proof_of_possession(request)) {
        case crypto::SignatureCheck::valid:
            sheet.row("Signed with", "its own key, as it must be");
            break;
        case crypto::SignatureCheck::invalid:
            sheet.row("Signed with", "another key than its own: no authority will take it");
            break;
        case crypto::SignatureCheck::unsupported:
            sheet.row("Signed with", "an algorithm that this program does not know");
            break;
    }
    std::vector<Finding> list;
    x509::report_findings(request, list);
    findings(sheet, list);
}

}  // namespace

Result<std::string, Failure> render_certificates(const NamedFile& file, Time now) {
    const auto bundle = x509::read_pem_bundle(file.bytes, file.name);
    if (!bundle) return forward_error(bundle);
    const std::vector<Bytes> certificates = bundle->all(x509::PemKind::certificate), requests = bundle->all(x509::PemKind::request);
    if (certificates.empty() && requests.empty()) {
        const bool key = bundle->has(x509::PemKind::private_key);
        return Unexpected{Failure{FailureKind::input, "reading the certificate in", printable(file.name),
                                  key ? "there is only a private key in it" : "there is neither a certificate nor a request in it", ""}};
    }
    Sheet sheet;
    for (std::size_t i = 0; i < certificates.size(); ++i) {
        sheet.title(certificates.size() == 1 ? "Certificate"
                                             : "Certificate " + std::to_string(i + 1) + " of " + std::to_string(certificates.size()));
        const auto certificate = x509::parse_certificate(certificates[i]);
        if (certificate) {
            show_certificate(sheet, *certificate, now);
        } else {
            sheet.row("Cannot be read", x509::describe(certificate.error()));
        }
    }
    for (const Bytes der : requests) {
        sheet.title("Request for a certificate");
        const auto request = x509::parse_request(der);
        if (request) {
            show_request(sheet, *request);
        } else {
            sheet.row("Cannot be read", x509::describe(request.error()));
        }
    }
    return sheet.take();
}

}  // namespace truename::doctor
