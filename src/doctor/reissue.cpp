#include "doctor/reissue.h"

#include <algorithm>

#include "base/text.h"
#include "der/oid.h"
#include "der/reader.h"
#include "x509/build.h"
#include "x509/print.h"

namespace truename::doctor {

namespace {

using std::chrono::days;

constexpr std::string_view kPublicAuthority = "CN=A Public Authority,O=Example";

bool is(const x509::NewExtension& extension, der::Oid id) {
    return equal(extension.id, id.content());
}

std::vector<x509::NewGeneralName> to_general_names(const x509::GeneralNames& names) {
    std::vector<x509::NewGeneralName> list;
    for (const x509::GeneralName& name : names) list.push_back({name.kind, to_owned(name.value)});
    return list;
}

bool is_same(const x509::NewGeneralName& a, const x509::NewGeneralName& b) {
    return a.kind == b.kind && (a.kind == x509::GeneralNameKind::dns_name ? equal_ignoring_ascii_case(as_text(a.value), as_text(b.value))
                                                                          : equal(a.value, b.value));
}

// `name` first, then the others in their order; only `name` for an authority that checks names (it would not certify inner ones).
std::vector<x509::NewGeneralName> names_with_first(const x509::NewGeneralName& name, const x509::KnownExtensions& known, bool only) {
    std::vector<x509::NewGeneralName> list = {name};
    if (only) return list;
    for (x509::NewGeneralName& other : to_general_names(known.subject_alt_name.content)) {
        if (!is_same(other, name)) list.push_back(std::move(other));
    }
    return list;
}

// As authorities sort that do not keep the order of a request.
void sort_names(std::vector<x509::NewGeneralName>& names) {
    std::stable_sort(names.begin(), names.end(), [](const x509::NewGeneralName& a, const x509::NewGeneralName& b) {
        return a.kind != b.kind ? a.kind < b.kind : ascii_lower(as_text(a.value)) < ascii_lower(as_text(b.value));
    });
}

// What a server's certificate of today has besides its names.
std::vector<x509::NewExtension> server_extensions(Bytes key, Bytes issuer_key, bool with_timestamps) {
    std::vector<x509::NewExtension> list;
    list.push_back(x509::make_basic_constraints(false));
    list.push_back(x509::make_key_usage({x509::KeyUsageBit::digital_signature, x509::KeyUsageBit::key_encipherment}));
    list.push_back(x509::make_extended_key_usage({to_owned(der::oid::kp_server_auth.content())}));
    list.push_back(x509::make_subject_key_identifier(key));
    list.push_back(x509::make_authority_key_identifier(issuer_key));
    list.push_back(x509::make_crl_distribution_points({"http://crl.example/1.crl"}));
    list.push_back(x509::make_authority_info_access({"http://ocsp.example/"}, {"http://crt.example/1.crt"}));
    if (with_timestamps) {
        // Only that they are there is looked at: an OCTET STRING with an empty list (RFC 6962 3.3).
        static constexpr std::uint8_t kList[] = {0x04, 0x02, 0x00, 0x00};
        list.push_back({to_owned(der::oid::ct_precert_scts.content()), false, to_owned(Bytes(kList))});
    }
    return list;
}

std::vector<x509::NewExtension> kept_extensions(const x509::Certificate& old, Bytes issuer_key) {
    std::vector<x509::NewExtension> list;
    for (const x509::Extension& extension : old.extensions) {
        x509::NewExtension kept{to_owned(extension.id.content()), extension.critical, to_owned(extension.value)};
        if (is(kept, der::oid::subject_alt_name)) continue;
        list.push_back(is(kept, der::oid::authority_key_identifier) ? x509::make_authority_key_identifier(issuer_key) : std::move(kept));
    }
    return list;
}

/// The key of every imagined issuer. Nobody holds its private half, and nobody needs it: imagine() says what a check would say.
const ByteString& imagined_key() {
    static const ByteString key =
        from_base64(
            "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEArMauKaDDxujTdV5gFEnNzyg/fJ97Bm0A2VH+PY0cK7YXIl//pWp7n4VvDIGJBJi6UqfOxncUoIs+"
            "vBUoDju4T/CiaSQgJPdmWthcMfF6tr9A6U0c5K+NcboVVvWqnxVJxSXwS4LwHwK1vZ8v/y0N/J+sSWXhRWqHdLPvQJRhXO5qlAFvYVNd35AuWlGZMGMuX5b3"
            "xFKVstFNcin++C0NgTgtWodyHB14XGnIPqHeoNY2Jdbi4sBAjTXx4aHqPwiLxyFZLr14O5FBUoxt7N9q1pZggNV49ATuf00VO7hEO9f3aksw1ue1cOp7wUST"
            "5vTlXpSzaR9NWdjNjth3EDoCUwIDAQAB")
            .value();
    return key;
}

/// The certificate as if the owner of imagined_key() had signed it.
ByteString imagine(const x509::CertificateTemplate& certificate, const crypto::SignatureScheme& scheme,
                   x509::SignatureChecker& signatures) {
    static const ByteString kSignature(256, 0x5A);  // of the size that belongs to the key
    const ByteString algorithm = x509::encode_signature_algorithm(scheme);
    ByteString der = x509::encode_signed(x509::encode_tbs_certificate(certificate, algorithm), algorithm, kSignature);
    der::Reader reader(imagined_key());
    const auto issuer = x509::read_subject_public_key_info(reader);
    const auto made = x509::parse_certificate(der);
    if (made && issuer) signatures.remember(*made, *issuer, crypto::SignatureCheck::valid);
    return der;
}

ByteString common_name(std::string_view name) {
    return x509::encode_name({{to_owned(der::oid::common_name.content()), std::string(name)}});
}

ByteString make_root(const ByteString& name, Time at, x509::SignatureChecker& signatures) {
    x509::CertificateTemplate root;
    root.serial_number = {0x5A, 1};
    root.issuer = root.subject = name;
    root.not_before = at - days(3650);
    root.not_after = at + days(3650);
    root.subject_public_key_info = imagined_key();
    root.extensions = {x509::make_basic_constraints(true),
                       x509::make_key_usage({x509::KeyUsageBit::key_cert_sign, x509::KeyUsageBit::crl_sign}),
                       x509::make_subject_key_identifier(imagined_key())};
    return imagine(root, {}, signatures);
}

crypto::SignatureScheme scheme_like(const x509::Certificate& old, bool fresh) {
    crypto::SignatureScheme scheme;
    const auto known = x509::signature_algorithm(old.signature_algorithm).scheme;
    if (!fresh && known && known->kind == crypto::SignatureKind::rsa_pkcs1) scheme.digest = known->digest;
    return scheme;
}

ByteString serial_number() {
    return {0x4B, 0xD5, 0x8E, 0x97, 0x70, 0x11, 0x22, 0x33};
}

}  // namespace

std::optional<Issued> reissue(const x509::Certificate& old, const Wanted& wanted, x509::SignatureChecker& signatures) {
    const auto name = x509::parse_general_name(wanted.name);
    if (!name) return std::nullopt;
    const Changes changes = wanted.changes;
    const Time at = wanted.at;
    const bool from_public = (changes & kChangeIssuer) != 0, clean = from_public || (changes & kChangeForm) != 0;
    const bool alone = (changes & kChangeAlone) != 0, rename = alone || (changes & kChangeNames) != 0;
    const ByteString& own_key = imagined_key();

    Issued issued;
    issued.self_signed = !from_public && x509::is_self_issued(old);
    x509::CertificateTemplate leaf;
    leaf.serial_number = serial_number();
    leaf.subject = rename && !issued.self_signed ? common_name(wanted.name) : to_owned(old.subject.tlv());
    if (from_public) {
        if (auto encoded = x509::encode_name(kPublicAuthority)) leaf.issuer = std::move(*encoded);
    } else {
        leaf.issuer = to_owned(old.issuer.tlv());
    }
    const bool fresh = from_public || (changes & kChangeValidity) != 0;
    leaf.not_before = fresh ? at - days(1) : old.validity.not_before.time;
    leaf.not_after = fresh ? at + days(89) : old.validity.not_after.time;
    const bool new_key = issued.self_signed || (changes & kChangeKey) != 0;
    leaf.subject_public_key_info = new_key ? own_key : to_owned(old.subject_public_key_info.tlv);
    leaf.extensions = clean ? server_extensions(leaf.subject_public_key_info, own_key, from_public) : kept_extensions(old, own_key);
    if (rename) {
        std::vector<x509::NewGeneralName> names = names_with_first(*name, old.known, from_public || alone);
        if (wanted.sorts_names) sort_names(names);
        leaf.extensions.push_back(x509::make_subject_alt_name(names));
    } else if (old.known.subject_alt_name.is_present()) {
        leaf.extensions.push_back(x509::make_subject_alt_name(to_general_names(old.known.subject_alt_name.content)));
    }
    issued.leaf = imagine(leaf, scheme_like(old, from_public || (changes & kChangeKey) != 0), signatures);
    issued.root = issued.self_signed ? issued.leaf : make_root(leaf.issuer, at, signatures);
    return issued;
}

std::optional<Issued> issue_request(const x509::Request& request, const AsCa& as_ca, Time at, x509::SignatureChecker& signatures) {
    std::vector<x509::NewGeneralName> names = to_general_names(request.known.subject_alt_name.content);
    if (names.empty()) {
        // Authorities put the common name into the list when the request has none.
        for (const std::string& name : x509::common_names(request.subject)) {
            if (auto parsed = x509::parse_general_name(name)) names.push_back(std::move(*parsed));
        }
    }
    if (names.empty()) return std::nullopt;
    if (as_ca.sorts_names) sort_names(names);
    const ByteString& own_key = imagined_key();
    x509::CertificateTemplate leaf;
    leaf.serial_number = serial_number();
    leaf.subject = to_owned(request.subject.tlv());
    if (auto encoded = x509::encode_name(as_ca.root_shipped ? kPublicAuthority : "CN=Own Authority,O=Example"))
        leaf.issuer = std::move(*encoded);
    leaf.not_before = at - std::chrono::hours(1);
    leaf.not_after = leaf.not_before + days(as_ca.days);
    leaf.subject_public_key_info = to_owned(request.subject_public_key_info.tlv);
    leaf.extensions = server_extensions(leaf.subject_public_key_info, own_key, as_ca.root_shipped);
    leaf.extensions.push_back(x509::make_subject_alt_name(names));
    return Issued{imagine(leaf, {}, signatures), make_root(leaf.issuer, at, signatures), false};
}

}  // namespace truename::doctor
