#include "verify/node_findings.h"

#include <algorithm>
#include <string>

#include "x509/print.h"

namespace truename::verify {

namespace {

using std::chrono::days;
using std::chrono::seconds;

std::uint32_t offset_of(const auto& known, const x509::Certificate& certificate) {
    return known.is_present() ? known.offset : certificate.extensions_offset;
}

/// RFC 5280 6.1.3(a)(2), with the id for the role.
void report_validity(const x509::Certificate& certificate, Time at, FindingId expired, FindingId not_yet, std::vector<Finding>& findings) {
    const x509::Validity& validity = certificate.validity;
    const Time from = validity.not_before.time, until = validity.not_after.time;
    // A certificate is still valid in the second of its notAfter (RFC 5280 4.1.2.5).
    if (at > until) findings.push_back({expired, Field::not_after, validity.not_after_offset, format_time(at), format_time(until)});
    if (at == until)
        findings.push_back({FindingId::validity_last_second, Field::not_after, validity.not_after_offset, "", format_time(until)});
    if (at < from) findings.push_back({not_yet, Field::not_before, validity.not_before_offset, format_time(at), format_time(from)});
}

/// How long the server's certificate lives, and whether it ends soon.
void report_lifetime(const x509::Certificate& certificate, Time at, std::vector<Finding>& findings) {
    const x509::Validity& validity = certificate.validity;
    const Time from = validity.not_before.time, until = validity.not_after.time;
    if (from > until) {
        findings.push_back({FindingId::validity_reversed, Field::validity, validity.not_before_offset, "", format_time(until)});
        return;
    }
    const seconds lifetime = until - from + seconds(1);  // both ends count (CA/Browser Forum BR 6.3.2)
    const std::string length = std::to_string(std::chrono::ceil<days>(lifetime).count()) + " days";
    if (lifetime > days(398))
        findings.push_back({FindingId::validity_over_398_days, Field::validity, validity.not_before_offset, "398 days", length});
    if (lifetime > days(825))
        findings.push_back({FindingId::validity_over_825_days, Field::validity, validity.not_before_offset, "825 days", length});
    const seconds near = std::min<seconds>(lifetime / 4, days(30));
    if (at >= from && at <= until && until - at < near) {
        findings.push_back(
            {FindingId::validity_near_expiry, Field::not_after, validity.not_after_offset, format_time(until - near), format_time(until)});
    }
}

/// RFC 5280 4.2.1.12 for a TLS server. anyExtendedKeyUsage without serverAuth is told by its own id, because clients differ.
void report_purposes(const x509::Certificate& certificate, FindingId not_server, std::vector<Finding>& findings) {
    const auto& usage = certificate.known.extended_key_usage;
    const x509::PurposeFit fit = x509::purpose_fit(usage, der::oid::kp_server_auth);
    if (fit == x509::PurposeFit::not_said || fit == x509::PurposeFit::listed) return;
    for (const der::Oid oid : {der::oid::netscape_server_gated_crypto, der::oid::ms_server_gated_crypto}) {
        if (!usage->has(oid)) continue;
        const FindingId step_up = not_server == FindingId::usage_not_server ? FindingId::usage_step_up : FindingId::usage_issuer_step_up;
        findings.push_back({step_up, Field::extended_key_usage, usage.offset, "serverAuth", der::describe(oid)});
    }
    const FindingId id = fit == x509::PurposeFit::any ? FindingId::usage_any : not_server;
    findings.push_back({id, Field::extended_key_usage, usage.offset, "serverAuth", x509::describe_extended_key_usage(*usage)});
}

bool has_directory_name(const x509::GeneralSubtrees& list) {
    for (const x509::GeneralSubtree& subtree : list) {
        if (subtree.base.kind == x509::GeneralNameKind::directory_name) return true;
    }
    return false;
}

bool is_for_mail_or_code(const x509::Known<x509::ExtendedKeyUsage>& usage) {
    constexpr der::Oid kOthers[] = {der::oid::kp_email_protection, der::oid::kp_code_signing, der::oid::kp_ocsp_signing,
                                    der::oid::any_extended_key_usage};
    if (!usage || std::none_of(std::begin(kOthers), std::end(kOthers), [&](der::Oid oid) { return usage->has(oid); })) return false;
    return !usage->has(der::oid::kp_server_auth) && !usage->has(der::oid::kp_client_auth) &&
           !usage->has(der::oid::netscape_server_gated_crypto);
}

void report_leaf_usage(const x509::Certificate& certificate, std::vector<Finding>& findings) {
    const auto& purposes = certificate.known.extended_key_usage;
    report_purposes(certificate, FindingId::usage_not_server, findings);
    if (!purposes.is_present())
        findings.push_back({FindingId::usage_none, Field::extended_key_usage, certificate.extensions_offset, "serverAuth", ""});
    if (purposes && purposes->has(der::oid::kp_ocsp_signing)) {
        findings.push_back(
            {FindingId::usage_ocsp_signing, Field::extended_key_usage, purposes.offset, "", x509::describe_extended_key_usage(*purposes)});
    }

    using enum x509::KeyUsageBit;
    const auto& usage = certificate.known.key_usage;
    if (usage && usage->has(digital_signature) && !usage->has(key_encipherment) &&
        certificate.subject_public_key_info.kind == x509::KeyKind::rsa) {
        findings.push_back(
            {FindingId::usage_no_key_encipherment, Field::key_usage, usage.offset, "keyEncipherment", x509::describe_key_usage(*usage)});
    }
    if (!usage || usage->has(digital_signature)) return;
    // RSA key exchange needs keyEncipherment, static Diffie-Hellman keyAgreement, everything else digitalSignature (RFC 5246 7.4.2).
    const bool any = usage->has(key_encipherment) || usage->has(key_agreement);
    const FindingId id = any ? FindingId::usage_no_digital_signature : FindingId::usage_key_usage;
    findings.push_back({id, Field::key_usage, usage.offset, "digitalSignature", x509::describe_key_usage(*usage)});
}

}  // namespace

void report_leaf(const x509::Certificate& certificate, const LeafSituation& situation, std::vector<Finding>& findings) {
    const x509::KnownExtensions& known = certificate.known;
    report_validity(certificate, situation.at, FindingId::validity_expired, FindingId::validity_not_yet, findings);
    report_lifetime(certificate, situation.at, findings);
    report_leaf_usage(certificate, findings);

    const bool is_ca = known.basic_constraints && known.basic_constraints->ca;
    if (is_ca) findings.push_back({FindingId::path_ca_as_leaf, Field::basic_constraints, known.basic_constraints.offset, "", "CA:TRUE"});
    if (known.name_constraints.is_present() && !is_ca)
        findings.push_back({FindingId::constraint_in_leaf, Field::name_constraints, known.name_constraints.offset, "", ""});
    if (!known.signed_certificate_timestamps.is_present()) {
        findings.push_back({FindingId::policy_ct_missing, Field::signed_certificate_timestamps, certificate.extensions_offset, "", ""});
    }
    if (known.tls_feature && known.tls_feature->must_staple() && !situation.stapled) {
        findings.push_back(
            {FindingId::revocation_staple_missing, Field::tls_feature, known.tls_feature.offset, "a stapled OCSP response", "none"});
    }
    if (x509::ocsp_addresses(certificate).empty() && x509::crl_addresses(certificate).empty())
        findings.push_back({FindingId::revocation_no_address, Field::crl_distribution_points, certificate.extensions_offset, "", ""});
}

void report_issuer(const x509::Certificate& certificate, Time at, std::vector<Finding>& findings) {
    const x509::KnownExtensions& known = certificate.known;
    report_validity(certificate, at, FindingId::validity_issuer_expired, FindingId::validity_issuer_not_yet, findings);
    // RFC 5280 6.1.4(k)
    if (certificate.version < 3) {
        findings.push_back(
            {FindingId::path_version_1_issuer, Field::version, 0, "version 3", "version " + std::to_string(certificate.version)});
    }
    // Where extensions are, programs read them in any version.
    const bool could_say_so = certificate.version >= 3 || !certificate.extensions.empty();
    if (could_say_so && (!known.basic_constraints || !known.basic_constraints->ca)) {
        findings.push_back({FindingId::path_not_a_ca, Field::basic_constraints, offset_of(known.basic_constraints, certificate), "CA:TRUE",
                            known.basic_constraints ? "CA:FALSE" : "no basic constraints that can be read"});
    }
    if (known.basic_constraints && !known.basic_constraints->ca)
        findings.push_back({FindingId::path_denies_ca, Field::basic_constraints, known.basic_constraints.offset, "CA:TRUE", "CA:FALSE"});
    // RFC 5280 6.1.4(n)
    if (known.key_usage && !known.key_usage->has(x509::KeyUsageBit::key_cert_sign)) {
        findings.push_back({FindingId::usage_issuer_key_usage, Field::key_usage, known.key_usage.offset, "keyCertSign",
                            x509::describe_key_usage(*known.key_usage)});
    }
    report_purposes(certificate, FindingId::usage_issuer_not_server, findings);
    if (const auto& constraints = known.name_constraints) {
        const auto add = [&](FindingId id) { findings.push_back({id, Field::name_constraints, constraints.offset, "", ""}); };
        if (has_directory_name(constraints->permitted)) add(FindingId::constraint_permits_directory_name);
        if (has_directory_name(constraints->excluded)) add(FindingId::constraint_excludes_directory_name);
    }
    if (is_for_mail_or_code(known.extended_key_usage)) {
        findings.push_back({FindingId::usage_issuer_for_mail_or_code, Field::extended_key_usage, known.extended_key_usage.offset,
                            "serverAuth", x509::describe_extended_key_usage(*known.extended_key_usage)});
    }
}

}  // namespace truename::verify
