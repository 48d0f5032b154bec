#include "finding/finding.h"

#include <algorithm>

namespace truename {

namespace {

constexpr FindingInfo kFindings[] = {
    // names
    {FindingId::name_mismatch, "name.mismatch", FindingClass::defect, "The certificate is for other names", "RFC 9525 6.1", "0.1"},
    {FindingId::name_match_not_first, "name.match-not-first", FindingClass::fact, "The name matches, but it is not the first DNS name",
     "none: RFC 9525 6.1 looks at all of them", "0.1"},
    {FindingId::name_none, "name.none", FindingClass::defect, "The certificate holds no name that a server can have", "RFC 9525 6.1",
     "0.1"},
    {FindingId::name_cn_only, "name.cn-only", FindingClass::fact, "The name stands only in the common name of the subject", "RFC 9525 6.1",
     "0.1"},
    {FindingId::name_wildcard, "name.wildcard", FindingClass::fact, "The name matches through a wildcard", "RFC 9525 6.3", "0.1"},
    {FindingId::name_wildcard_partial, "name.wildcard-partial", FindingClass::fact, "A wildcard is only a part of its label",
     "RFC 9525 6.3", "0.1"},
    {FindingId::name_wildcard_top, "name.wildcard-top", FindingClass::fact, "A wildcard stands directly over the last label",
     "RFC 9525 6.3", "0.1"},
    {FindingId::name_address_as_dns, "name.address-as-dns", FindingClass::fact, "The address stands as a DNS name, not as an iPAddress",
     "RFC 9525 6.2", "0.1"},
    {FindingId::name_malformed, "name.malformed", FindingClass::defect, "A presented name is not a name at all", "RFC 5280 4.2.1.6", "0.1"},
    {FindingId::name_trailing_dot, "name.trailing-dot", FindingClass::fact, "A presented name ends in a dot", "RFC 5280 4.2.1.6", "0.1"},
    {FindingId::name_internal, "name.internal", FindingClass::fact, "A presented name is not of the public Internet",
     "CA/Browser Forum BR 4.2.2", "0.1"},
    // path
    {FindingId::path_empty, "path.empty", FindingClass::defect, "The server sent no certificate", "RFC 8446 4.4.2.4", "0.1"},
    {FindingId::path_self_signed, "path.self-signed", FindingClass::defect, "The server's certificate is its own issuer",
     "RFC 5280 6.1.3(a)(1)", "0.1"},
    {FindingId::path_untrusted_root, "path.untrusted-root", FindingClass::defect, "The chain ends in a root that is not trusted",
     "RFC 5280 6.1.1(d)", "0.1"},
    {FindingId::path_unknown_issuer, "path.unknown-issuer", FindingClass::defect, "The issuer of the last certificate is not known here",
     "RFC 5280 6.1.3(a)(4)", "0.1"},
    {FindingId::path_incomplete, "path.incomplete", FindingClass::fact, "The server does not send an intermediate certificate",
     "RFC 8446 4.4.2", "0.1"},
    {FindingId::path_order, "path.order", FindingClass::fact, "The chain was not sent in the order leaf to root", "RFC 5246 7.4.2", "0.1"},
    {FindingId::path_extra_certificate, "path.extra-certificate", FindingClass::fact, "The server sends a certificate that no path needs",
     "RFC 8446 4.4.2", "0.1"},
    {FindingId::path_root_sent, "path.root-sent", FindingClass::fact, "The server sends the root, which nobody needs", "RFC 8446 4.4.2",
     "0.1"},
    {FindingId::path_not_a_ca, "path.not-a-ca", FindingClass::defect, "An issuer is not allowed to issue certificates", "RFC 5280 6.1.4(k)",
     "0.1"},
    {FindingId::path_version_1_issuer, "path.version-1-issuer", FindingClass::defect, "An issuer is a version 1 certificate",
     "RFC 5280 6.1.4(k)", "0.1"},
    {FindingId::path_ca_as_leaf, "path.ca-as-leaf", FindingClass::fact, "The server's certificate is that of an authority",
     "RFC 5280 4.2.1.9", "0.1"},
    {FindingId::path_length_exceeded, "path.length-exceeded", FindingClass::defect,
     "More authorities follow each other than one of them allows", "RFC 5280 6.1.4(l)", "0.1"},
    {FindingId::path_key_identifier, "path.key-identifier", FindingClass::fact, "The key identifiers of issuer and issued differ",
     "RFC 5280 4.2.1.1", "0.1"},
    {FindingId::path_issuer_serial, "path.issuer-serial", FindingClass::fact,
     "The issuer and serial number of the authority key identifier do not fit the issuer", "RFC 5280 4.2.1.1", "0.1"},
    {FindingId::path_name_encoding, "path.name-encoding", FindingClass::fact,
     "Issuer and subject are equal only when letter case, spaces or string type are ignored", "RFC 5280 7.1", "0.1"},
    {FindingId::path_distrusted, "path.distrusted", FindingClass::defect, "The root or an authority is explicitly distrusted",
     "none: a decision of the vendor", "0.1"},
    // validity
    {FindingId::validity_expired, "validity.expired", FindingClass::defect, "The certificate has expired", "RFC 5280 6.1.3(a)(2)", "0.1"},
    {FindingId::validity_not_yet, "validity.not-yet", FindingClass::defect, "The certificate is not valid yet", "RFC 5280 6.1.3(a)(2)",
     "0.1"},
    {FindingId::validity_issuer_expired, "validity.issuer-expired", FindingClass::defect, "The certificate of an issuer has expired",
     "RFC 5280 6.1.3(a)(2)", "0.1"},
    {FindingId::validity_issuer_not_yet, "validity.issuer-not-yet", FindingClass::defect, "The certificate of an issuer is not valid yet",
     "RFC 5280 6.1.3(a)(2)", "0.1"},
    {FindingId::validity_reversed, "validity.reversed", FindingClass::defect, "The certificate ends before it begins", "RFC 5280 4.1.2.5",
     "0.1"},
    {FindingId::validity_near_expiry, "validity.near-expiry", FindingClass::fact,
     "Less than a quarter of the lifetime, at most 30 days, is left", "none: a rule of this program", "0.1"},
    {FindingId::validity_over_398_days, "validity.over-398-days", FindingClass::fact, "The certificate lives longer than 398 days",
     "CA/Browser Forum BR 6.3.2", "0.1"},
    {FindingId::validity_over_825_days, "validity.over-825-days", FindingClass::fact, "The certificate lives longer than 825 days",
     "CA/Browser Forum BR 6.3.2", "0.1"},
    {FindingId::validity_nesting, "validity.nesting", FindingClass::fact, "An issuer ends before what it issued",
     "none: RFC 5280 does not ask for nesting", "0.1"},
    // signature and key
    {FindingId::signature_invalid, "signature.invalid", FindingClass::defect, "A signature is wrong", "RFC 5280 6.1.3(a)(1)", "0.1"},
    {FindingId::signature_sha1, "signature.sha1", FindingClass::fact, "A signature uses SHA-1", "RFC 9155", "0.1"},
    {FindingId::signature_md5, "signature.md5", FindingClass::fact, "A signature uses MD5 or an older digest", "RFC 6151", "0.1"},
    {FindingId::signature_unsupported, "signature.unsupported", FindingClass::defect,
     "A signature is of an algorithm that this program does not know", "RFC 5280 4.1.1.2", "0.1"},
    {FindingId::signature_mismatch, "signature.mismatch", FindingClass::defect, "The two fields for the signature algorithm differ",
     "RFC 5280 4.1.1.2", "0.1"},
    {FindingId::key_rsa_under_1024, "key.rsa-under-1024", FindingClass::fact, "An RSA key is shorter than 1024 bits",
     "CA/Browser Forum BR 6.1.5", "0.1"},
    {FindingId::key_rsa_under_2048, "key.rsa-under-2048", FindingClass::fact, "An RSA key is shorter than 2048 bits",
     "CA/Browser Forum BR 6.1.5", "0.1"},
    {FindingId::key_ec_under_256, "key.ec-under-256", FindingClass::fact, "An elliptic curve key is shorter than 256 bits",
     "CA/Browser Forum BR 6.1.5", "0.1"},
    {FindingId::key_curve_unusual, "key.curve-unusual", FindingClass::fact, "An elliptic curve other than P-256, P-384 and P-521",
     "CA/Browser Forum BR 6.1.5", "0.1"},
    {FindingId::key_edwards, "key.edwards", FindingClass::fact, "An Ed25519 or Ed448 key", "RFC 8410", "0.1"},
    {FindingId::key_rsa_pss, "key.rsa-pss", FindingClass::fact, "A key that may sign only with RSASSA-PSS", "RFC 4055 1.2", "0.1"},
    {FindingId::key_dsa, "key.dsa", FindingClass::fact, "A DSA key", "RFC 3279 2.3.2", "0.1"},
    {FindingId::key_invalid, "key.invalid", FindingClass::defect, "A public key cannot be used", "RFC 5280 4.1.2.7", "0.1"},
    {FindingId::key_unsupported, "key.unsupported", FindingClass::defect, "A public key is of a kind that this program does not know",
     "RFC 5280 4.1.2.7", "0.1"},
    {FindingId::key_debian_weak, "key.debian-weak", FindingClass::defect, "The private key of this certificate is public knowledge",
     "none: CVE-2008-0166", "0.1"},
    // usage, constraints, extensions
    {FindingId::usage_not_server, "usage.not-server", FindingClass::defect, "The extended key usage does not include TLS servers",
     "RFC 5280 4.2.1.12", "0.1"},
    {FindingId::usage_any, "usage.any", FindingClass::fact, "The extended key usage says anyExtendedKeyUsage instead of serverAuth",
     "RFC 5280 4.2.1.12", "0.1"},
    {FindingId::usage_none, "usage.none", FindingClass::fact, "There is no extended key usage", "RFC 5280 4.2.1.12", "0.1"},
    {FindingId::usage_ocsp_signing, "usage.ocsp-signing", FindingClass::fact, "The server's certificate may also sign OCSP responses",
     "RFC 6960 4.2.2.2", "0.1"},
    {FindingId::usage_issuer_not_server, "usage.issuer-not-server", FindingClass::defect,
     "The extended key usage of an issuer does not include TLS servers",
     "none: RFC 5280 gives it no meaning there; CA/Browser Forum BR 7.1.2", "0.1"},
    {FindingId::usage_key_usage, "usage.key-usage", FindingClass::defect, "The key usage does not allow what a TLS server does",
     "RFC 5280 4.2.1.3", "0.1"},
    {FindingId::usage_issuer_key_usage, "usage.issuer-key-usage", FindingClass::defect,
     "The key usage of an issuer does not allow signing certificates", "RFC 5280 6.1.4(n)", "0.1"},
    {FindingId::usage_no_digital_signature, "usage.no-digital-signature", FindingClass::fact,
     "The key usage lacks digitalSignature, which every present-day handshake needs", "RFC 8446 4.4.2.2", "0.1"},
    {FindingId::constraint_violated, "constraint.violated", FindingClass::defect, "A name is outside of what an issuer may certify",
     "RFC 5280 6.1.4(g)", "0.1"},
    {FindingId::constraint_unsupported, "constraint.unsupported", FindingClass::defect,
     "A name constraint of a kind or form that is not understood", "RFC 5280 4.2.1.10", "0.1"},
    {FindingId::constraint_in_leaf, "constraint.in-leaf", FindingClass::defect, "Name constraints in a certificate that is no authority",
     "RFC 5280 4.2.1.10", "0.1"},
    {FindingId::constraint_violated_directory_name, "constraint.violated-directory-name", FindingClass::defect,
     "A distinguished name is outside of what an issuer may certify", "RFC 5280 4.2.1.10", "0.1"},
    {FindingId::constraint_violated_common_name, "constraint.violated-common-name", FindingClass::fact,
     "A common name that some clients read as a server's is outside of what an issuer may certify",
     "none: RFC 5280 4.2.1.10 does not look at common names", "0.1"},
    {FindingId::extension_unknown_critical, "extension.unknown-critical", FindingClass::defect, "A critical extension that is not known",
     "RFC 5280 6.1.4(o)", "0.1"},
    {FindingId::extension_duplicate, "extension.duplicate", FindingClass::defect, "An extension is there twice", "RFC 5280 4.2", "0.1"},
    {FindingId::extension_malformed, "extension.malformed", FindingClass::defect, "An extension cannot be read", "RFC 5280 4.2", "0.1"},
    {FindingId::extension_empty, "extension.empty", FindingClass::fact, "An extension that must hold something is empty",
     "RFC 5280 4.2.1.6", "0.1"},
    {FindingId::policy_ct_missing, "policy.ct-missing", FindingClass::fact, "The certificate carries no signed certificate timestamps",
     "RFC 6962 3.3", "0.1"},
    {FindingId::revocation_staple_missing, "revocation.staple-missing", FindingClass::defect,
     "The certificate asks for a stapled OCSP response, and there is none", "RFC 7633 4.2.3", "0.1"},
    {FindingId::revocation_no_address, "revocation.no-address", FindingClass::fact,
     "The certificate names no place to ask whether it is revoked", "RFC 5280 4.2.1.13", "0.1"},
    // the encoding of a certificate
    {FindingId::cert_malformed, "cert.malformed", FindingClass::defect, "What was sent is not a certificate", "RFC 5280 4.1", "0.1"},
    {FindingId::cert_version, "cert.version", FindingClass::fact, "The certificate is not of version 3", "RFC 5280 4.1.2.1", "0.1"},
    {FindingId::cert_serial_number, "cert.serial-number", FindingClass::fact, "The serial number is zero, negative or longer than 20 bytes",
     "RFC 5280 4.1.2.2", "0.1"},
    {FindingId::cert_empty_issuer, "cert.empty-issuer", FindingClass::defect, "The issuer is empty", "RFC 5280 4.1.2.4", "0.1"},
    {FindingId::cert_empty_subject, "cert.empty-subject", FindingClass::fact, "The subject is empty", "RFC 5280 4.1.2.6", "0.1"},
    {FindingId::cert_time_form, "cert.time-form", FindingClass::fact, "A time is not encoded as it should be", "RFC 5280 4.1.2.5", "0.1"},
    {FindingId::cert_encoding, "cert.encoding", FindingClass::fact, "A part is encoded in BER, not in DER", "RFC 5280 4.1", "0.1"},
    {FindingId::cert_name_encoding, "cert.name-encoding", FindingClass::fact, "A part of a distinguished name is not what its type says",
     "RFC 5280 4.1.2.4", "0.1"},
    // TLS
    {FindingId::tls_plaintext, "tls.plaintext", FindingClass::defect, "The server answers in plain text where TLS was expected",
     "RFC 8314 3", "0.1"},
    {FindingId::tls_closed, "tls.closed", FindingClass::defect, "The server ends the connection in the middle of the handshake",
     "RFC 8446 6.1", "0.1"},
    {FindingId::tls_alert, "tls.alert", FindingClass::defect, "The server ends the handshake with an alert", "RFC 8446 6.2", "0.1"},
    {FindingId::tls_handshake, "tls.handshake", FindingClass::defect, "The handshake failed", "RFC 8446 4", "0.1"},
    {FindingId::tls_bad_server_signature, "tls.bad-server-signature", FindingClass::defect,
     "The server signs with a key that does not belong to its certificate", "RFC 8446 4.4.3", "0.1"},
    {FindingId::tls_version_old, "tls.version-old", FindingClass::fact, "The server speaks no TLS newer than 1.1", "RFC 8996", "0.1"},
    {FindingId::tls_version_1_0, "tls.version-1-0", FindingClass::fact, "The server still speaks TLS 1.0", "RFC 8996", "0.1"},
    {FindingId::tls_version_unsupported, "tls.version-unsupported", FindingClass::defect,
     "There is no version of TLS that both sides speak", "RFC 8446 4.1.3", "0.1"},
    {FindingId::tls_no_common_cipher, "tls.no-common-cipher", FindingClass::defect, "There is no cipher suite that both sides speak",
     "RFC 8446 4.1.1", "0.1"},
    {FindingId::tls_asks_client_certificate, "tls.asks-client-certificate", FindingClass::fact, "The server asks for a client certificate",
     "RFC 8446 4.3.2", "0.1"},
    {FindingId::tls_needs_client_certificate, "tls.needs-client-certificate", FindingClass::defect,
     "The server does not go on without a client certificate", "RFC 8446 4.4.2.4", "0.1"},
    {FindingId::tls_name_only, "tls.name-only", FindingClass::defect,
     "The server has no working certificate for this name, but has one for others", "RFC 6066 3", "0.1"},
    {FindingId::tls_two_certificates, "tls.two-certificates", FindingClass::defect, "The port hands out two different certificates",
     "none: a reload is missing, or several machines answer", "0.1"},
    {FindingId::tls_two_key_types, "tls.two-key-types", FindingClass::fact, "The server has an RSA and an ECDSA certificate",
     "RFC 8446 4.4.2.2", "0.1"},
    {FindingId::tls_sni_certificate, "tls.sni-certificate", FindingClass::fact,
     "Without the name in the hello (SNI) the server shows another certificate", "RFC 6066 3", "0.1"},
    {FindingId::tls_on_starttls_port, "tls.on-starttls-port", FindingClass::fact,
     "The port speaks TLS from the first byte, where plain text and STARTTLS were expected", "RFC 8314 3", "0.1"},
    // mail dialogs
    {FindingId::mail_starttls_missing, "mail.starttls-missing", FindingClass::defect, "The server does not offer STARTTLS", "RFC 3207 4",
     "0.1"},
    {FindingId::mail_starttls_refused, "mail.starttls-refused", FindingClass::defect, "The server offers STARTTLS and then refuses it",
     "RFC 3207 4", "0.1"},
    {FindingId::mail_starttls_failed, "mail.starttls-failed", FindingClass::defect,
     "The server accepts STARTTLS and then does not speak TLS", "RFC 3207 4", "0.1"},
    {FindingId::mail_starttls_injection, "mail.starttls-injection", FindingClass::defect,
     "Plain text that was sent before the handshake is taken as if it came through TLS", "CVE-2011-0411", "0.1"},
    {FindingId::mail_plaintext_after_starttls, "mail.plaintext-after-starttls", FindingClass::defect,
     "The server sends plain text after it agreed to TLS", "RFC 3501 6.2.1", "0.1"},
    {FindingId::mail_login_before_tls, "mail.login-before-tls", FindingClass::defect, "The server offers a login in plain text before TLS",
     "RFC 8314 3.1", "0.1"},
    {FindingId::mail_limited, "mail.limited", FindingClass::fact, "The server turned the connection away for now", "RFC 5321 3.8", "0.1"},
    {FindingId::mail_greeting, "mail.greeting", FindingClass::defect, "The greeting is not that of the protocol", "RFC 5321 4.2", "0.1"},
    {FindingId::mail_shield, "mail.shield", FindingClass::fact, "Another program answers in the place of the server", "none", "0.1"},
    // what the wire tells of the server's own trouble
    {FindingId::server_certificate_load, "server.certificate-load", FindingClass::defect,
     "The server cannot load its key or its certificate", "none: see docs/sources.md, server-facts", "0.1"},
    {FindingId::server_generated_certificate, "server.generated-certificate", FindingClass::defect,
     "The server has no certificate of its own and shows one it made up", "none: see docs/sources.md, server-facts", "0.1"},
    {FindingId::server_snake_oil, "server.snake-oil", FindingClass::fact,
     "The server shows the certificate that the installation of the system made", "none: see docs/sources.md, server-facts", "0.1"},
    {FindingId::server_sni_entry_broken, "server.sni-entry-broken", FindingClass::defect, "The server's entry for this one name is broken",
     "none: see docs/sources.md, server-facts", "0.1"},
    // the work itself
    {FindingId::work_budget, "work.budget", FindingClass::defect, "The work allowed for one verification was used up",
     "none: a limit of this program", "0.1"},
};

constexpr bool in_enum_order() {
    for (std::size_t i = 0; i < std::size(kFindings); ++i) {
        if (kFindings[i].id != static_cast<FindingId>(i)) return false;
    }
    return true;
}
static_assert(in_enum_order());
static_assert(std::size(kFindings) == static_cast<std::size_t>(FindingId::work_budget) + 1, "an id without a row");

}  // namespace

std::span<const FindingInfo> all_findings() {
    return kFindings;
}

const FindingInfo& info(FindingId id) {
    return kFindings[static_cast<std::size_t>(id)];
}

std::optional<FindingId> find_finding(std::string_view name) {
    const auto row = std::find_if(std::begin(kFindings), std::end(kFindings), [&](const FindingInfo& i) { return i.name == name; });
    if (row == std::end(kFindings)) return std::nullopt;
    return row->id;
}

}  // namespace truename
