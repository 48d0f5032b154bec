#include "x509/findings.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "der/encoding.h"
#include "x509/dns_name.h"
#include "x509/ip_address.h"

namespace truename::x509 {

namespace {

/// Collects findings up to the limit.
class Collector {
  public:
    explicit Collector(std::vector<Finding>& findings) : findings_(findings), limit_(findings.size() + kMaxFindings) {}

    void add(FindingId id, Field field, std::uint32_t offset, std::string expected = {}, std::string found = {}) {
        if (!is_full()) findings_.push_back(Finding{id, field, offset, std::move(expected), std::move(found)});
    }
    [[nodiscard]] bool is_full() const { return findings_.size() >= limit_; }

  private:
    std::vector<Finding>& findings_;
    std::size_t limit_;
};

void report_serial_number(const Certificate& certificate, Collector& out) {
    const Bytes serial = certificate.serial_number;
    const std::uint32_t offset = certificate.serial_offset;
    if (serial.size() == 1 && serial[0] == 0)
        out.add(FindingId::cert_serial_number, Field::serial_number, offset, "a positive number", "0");
    else if (serial[0] >= 0x80)
        out.add(FindingId::cert_serial_number, Field::serial_number, offset, "a positive number", "a negative number");
    else if (serial.size() > 20)
        out.add(FindingId::cert_serial_number, Field::serial_number, offset, "at most 20 bytes", std::to_string(serial.size()) + " bytes");
}

/// RFC 5280 4.1.2.1: extensions came with version 3, unique identifiers with version 2.
void report_version(const Certificate& certificate, Collector& out) {
    if (certificate.version == 3) return;
    std::string found = certificate.version == kUnknownVersion ? "none that is known" : std::to_string(certificate.version);
    if (!certificate.extensions.empty()) found += ", with extensions";
    if (certificate.version > 3)
        out.add(FindingId::cert_version_unknown, Field::version, certificate.tbs_offset);
    else if (!certificate.extensions.empty())
        out.add(FindingId::extension_before_version_3, Field::extensions, certificate.extensions_offset);
    const bool has_unique_id = !certificate.issuer_unique_id.empty() || !certificate.subject_unique_id.empty();
    if (certificate.version == 1 && has_unique_id) found += ", with unique identifiers";
    const auto tbs = der::Reader(certificate.tbs_certificate, certificate.tbs_offset).read();
    if (certificate.version == 1 && tbs && der::Reader(*tbs).next_is(der::context_constructed(0)))
        out.add(FindingId::cert_encoding, Field::version, tbs->value_offset(), {}, "the default of the version");
    out.add(FindingId::cert_version, Field::version, certificate.tbs_offset, "3", std::move(found));
}

void report_time(const der::EncodedTime& time, Field field, std::uint32_t offset, Collector& out) {
    const std::string_view form = time.form == der::Tag::utc_time ? "UTCTime" : "GeneralizedTime";
    if (!time.has_right_form()) out.add(FindingId::cert_time_generalized, field, offset, "UTCTime", std::string(form));
    if (!time.der)
        out.add(FindingId::cert_time_form, field, offset, "seconds, no fractions, Z at the end", std::string(form) + " in another form");
}

/// Where a RelativeDistinguishedName begins that holds no attribute, against SIZE (1..MAX).
std::optional<std::uint32_t> find_empty_rdn(const Name& name) {
    const auto sequence = der::Reader(name.tlv(), name.offset()).read();
    if (!sequence) return std::nullopt;
    for (der::Reader rdns(*sequence); !rdns.at_end();) {
        const auto rdn = rdns.read();
        if (!rdn) return std::nullopt;
        if (rdn->value.empty()) return rdn->offset;
    }
    return std::nullopt;
}

void report_name(const Name& name, Field field, Collector& out) {
    if (const auto offset = find_empty_rdn(name)) out.add(FindingId::cert_name_encoding, field, *offset, {}, "an empty RDN");
    for (const Attribute& attribute : name) {
        if (has_right_letters(attribute)) continue;
        out.add(FindingId::cert_name_encoding, field, attribute.offset, {}, der::describe(attribute.type));
        return;
    }
}

void report_ec_key(const SubjectPublicKeyInfo& key, Collector& out) {
    const Field field = Field::subject_public_key_info;
    if (!key.known_curve && key.bits == 0) {
        out.add(FindingId::key_curve_unknown, field, key.offset, "a named curve", describe_key(key));
        return;
    }
    if (key.bits < 256) out.add(FindingId::key_ec_under_256, field, key.offset, "256 bits", std::to_string(key.bits) + " bits");
    const auto curve = key.known_curve;
    if (curve != crypto::Curve::p256 && curve != crypto::Curve::p384 && curve != crypto::Curve::p521)
        out.add(FindingId::key_curve_unusual, field, key.offset, {}, describe_key(key));
}

void report_rsa_key(const SubjectPublicKeyInfo& key, Collector& out) {
    const Field field = Field::subject_public_key_info;
    const std::string bits = std::to_string(key.bits) + " bits";
    if (key.kind == KeyKind::rsa_pss) out.add(FindingId::key_rsa_pss, field, key.offset);
    if (key.bits == 0) return;
    if (key.bits < 1024) out.add(FindingId::key_rsa_under_1024, field, key.offset, "1024 bits", bits);
    if (key.bits < 2048) out.add(FindingId::key_rsa_under_2048, field, key.offset, "2048 bits", bits);
}

void report_key(const SubjectPublicKeyInfo& key, Collector& out) {
    const Field field = Field::subject_public_key_info;
    if (key.malformed) out.add(FindingId::key_invalid, field, key.offset, {}, describe_key(key));
    switch (key.kind) {
        case KeyKind::rsa:
        case KeyKind::rsa_pss:
            return report_rsa_key(key, out);
        case KeyKind::ec:
            return report_ec_key(key, out);
        case KeyKind::ed25519:
        case KeyKind::ed448:
            return out.add(FindingId::key_edwards, field, key.offset, {}, describe_key(key));
        case KeyKind::dsa:
            return out.add(FindingId::key_dsa, field, key.offset);
        case KeyKind::x25519:
        case KeyKind::x448:
        case KeyKind::unknown:
            return out.add(FindingId::key_unsupported, field, key.offset, {}, describe_key(key));
    }
}

void report_signature_algorithm(const AlgorithmIdentifier& algorithm, Collector& out) {
    const SignatureAlgorithm signature = signature_algorithm(algorithm);
    const Field field = Field::signature_algorithm;
    if (signature.scheme && signature.scheme->kind == crypto::SignatureKind::dsa)
        out.add(FindingId::signature_dsa, field, algorithm.offset, {}, describe_signature(algorithm));
    if (signature.sha1) out.add(FindingId::signature_sha1, field, algorithm.offset, {}, describe_signature(algorithm));
    if (signature.broken_digest) out.add(FindingId::signature_md5, field, algorithm.offset, {}, describe_signature(algorithm));
    if (!signature.scheme || signature.malformed_parameters)
        out.add(FindingId::signature_unsupported, field, algorithm.offset, {}, describe_signature(algorithm));
}

/// The rules of RFC 5280 4.2.1.6 for one presented name.
void report_presented_name(const GeneralName& name, Collector& out) {
    const Field field = Field::subject_alt_name;
    const auto malformed = [&] { out.add(FindingId::name_malformed, field, name.offset, {}, to_string(name)); };
    switch (name.kind) {
        case GeneralNameKind::dns_name: {
            const DnsNameTraits traits = classify_dns_name(name.text());
            if (traits.has_trailing_dot) out.add(FindingId::name_trailing_dot, field, name.offset, {}, to_string(name));
            if (name.value.empty()) out.add(FindingId::name_empty, field, name.offset);
            if (!traits.is_ascii) out.add(FindingId::name_not_ascii, field, name.offset, {}, to_string(name));
            if (!traits.valid) return malformed();
            if (traits.is_internal && !traits.is_ip_address) out.add(FindingId::name_internal, field, name.offset, {}, to_string(name));
            return;
        }
        case GeneralNameKind::ip_address:
            if (to_ip_address(name.value)) return;
            out.add(FindingId::name_address_length, field, name.offset, "4 or 16 bytes", std::to_string(name.value.size()) + " bytes");
            return malformed();
        case GeneralNameKind::rfc822_name:
        case GeneralNameKind::uniform_resource_identifier:  // IA5String, without what would end the text for a C program
            if (name.value.empty() || std::any_of(name.value.begin(), name.value.end(), [](std::uint8_t b) { return b == 0 || b >= 0x80; }))
                malformed();
            return;
        case GeneralNameKind::directory_name:
            if (!name.directory_name()) malformed();
            return;
        case GeneralNameKind::other_name:
            if (name.other_name_type().empty()) malformed();
            return;
        case GeneralNameKind::x400_address:
        case GeneralNameKind::edi_party_name:
        case GeneralNameKind::registered_id:
            return;
    }
}

/// What is wrong in a known extension.
struct ExtensionDefect {
    const Error* error = nullptr;       ///< it cannot be read
    std::uint32_t trailing_offset = 0;  ///< it can, but bytes follow
};

ExtensionDefect defect_of(const KnownExtensions& known, const Extension& extension) {
    const auto find = [&](const auto&... members) {
        ExtensionDefect defect;
        const auto look_at = [&](const auto& member) {
            if (!member.is_present() || member.offset != extension.offset) return;
            if (member.state == ExtensionState::malformed) defect.error = &member.error;
            defect.trailing_offset = member.trailing_offset;
        };
        (look_at(members), ...);
        return defect;
    };
    return find(known.subject_alt_name, known.issuer_alt_name, known.basic_constraints, known.key_usage, known.extended_key_usage,
                known.authority_key_identifier, known.subject_key_identifier, known.crl_distribution_points, known.authority_info_access,
                known.certificate_policies, known.policy_mappings, known.policy_constraints, known.inhibit_any_policy,
                known.name_constraints, known.tls_feature, known.signed_certificate_timestamps);
}

bool names_lists_relatively(const KnownExtensions& known) {
    for (const DistributionPoint& point : *known.crl_distribution_points) {
        if (!point.relative_name.empty()) return true;
    }
    return false;
}

/// Extensions that must hold something, most of them a SEQUENCE SIZE (1..MAX), and hold nothing.
bool is_empty_list(const Extension& extension, const KnownExtensions& known) {
    switch (extension.field()) {
        case Field::name_constraints:  // 4.2.1.10: never empty, and neither are its lists
            return known.name_constraints && known.name_constraints->permitted.empty() && known.name_constraints->excluded.empty();
        case Field::key_usage:  // 4.2.1.3: at least one bit
            return known.key_usage && std::all_of(known.key_usage->bits.bytes.begin(), known.key_usage->bits.bytes.end(),
                                                  [](std::uint8_t bits) { return bits == 0; });
        case Field::policy_constraints:  // 4.2.1.11
        case Field::subject_alt_name:
        case Field::extended_key_usage:
        case Field::crl_distribution_points:
        case Field::authority_info_access:
        case Field::certificate_policies:
        case Field::policy_mappings:
            return extension.value.size() == 2 && extension.value[1] == 0;
        default:
            return false;
    }
}

/// Extensions that RFC 5280 wants to be critical and not every program knows.
bool is_limit_on_policies(Field field) {
    return field == Field::policy_mappings || field == Field::policy_constraints || field == Field::inhibit_any_policy;
}

void report_extension(const Extension& extension, const KnownExtensions& known, Collector& out) {
    const Field field = extension.field();
    if (extension.critical && !is_understood(extension.id))
        out.add(FindingId::extension_unknown_critical, field, extension.offset, {}, der::describe(extension.id));
    if (extension.critical && is_limit_on_policies(field))
        out.add(FindingId::extension_critical_policies, field, extension.offset, {}, der::describe(extension.id));
    const ExtensionDefect defect = defect_of(known, extension);
    if (defect.error != nullptr)
        out.add(FindingId::extension_malformed, field, defect.error->offset, {}, std::string(truename::describe(defect.error->kind)));
    else if (defect.trailing_offset != 0)
        out.add(FindingId::extension_trailing_data, field, defect.trailing_offset, {}, der::describe(extension.id));
    if (field == Field::crl_distribution_points && names_lists_relatively(known))
        out.add(FindingId::extension_relative_name, field, extension.offset, {}, der::describe(extension.id));
    if (is_empty_list(extension, known)) out.add(FindingId::extension_empty, field, extension.offset, {}, der::describe(extension.id));
    if (extension.extra_offset != 0) out.add(FindingId::cert_extra_element, field, extension.extra_offset, {}, der::describe(extension.id));
    if (!extension.is_boolean) out.add(FindingId::cert_boolean, field, extension.offset, "00 or FF", "critical");
    if (field == Field::basic_constraints && known.basic_constraints && !known.basic_constraints->is_boolean)
        out.add(FindingId::cert_boolean, field, extension.value_offset, "00 or FF", "cA");
    if (!extension.der_critical) out.add(FindingId::cert_encoding, field, extension.offset, {}, "critical");
    // Only what is read here is known to hold DER.
    if (field == Field::unknown_extension) return;
    if (const auto offset = der::find_long_length(extension.value, extension.value_offset))
        out.add(FindingId::cert_encoding, field, *offset, {}, "a length in more bytes than it needs");
    if (field == Field::key_usage && known.key_usage && known.key_usage->bits.has_unused_bits_set())
        out.add(FindingId::cert_encoding, field, extension.value_offset, {}, "bits behind the end of the bit string");
}

/// A type of extension and where it stands.
using Seen = std::pair<std::string_view, std::uint32_t>;

void report_duplicates(std::vector<Seen> seen, Collector& out) {
    // Sorted, because comparing each with each would let 100,000 extensions burn hours.
    std::sort(seen.begin(), seen.end());
    for (std::size_t i = 1; i < seen.size() && !out.is_full(); ++i) {
        if (seen[i].first != seen[i - 1].first) continue;
        const der::Oid oid(as_bytes(seen[i].first));
        out.add(FindingId::extension_duplicate, Extension{.id = oid, .value = {}}.field(), seen[i].second, {}, der::describe(oid));
    }
}

/// The first qualifier of a policy of another kind than RFC 5280 4.2.1.4 knows.
std::optional<PolicyQualifier> find_unknown(const PolicyQualifiers& qualifiers) {
    for (const PolicyQualifier& qualifier : qualifiers) {
        if (!(qualifier.id == der::oid::qt_cps || qualifier.id == der::oid::qt_unotice)) return qualifier;
    }
    return std::nullopt;
}

/// RFC 5280 4.2.1.4. Each of the three is told of the first policy that it is true of.
void report_policies(const Known<CertificatePolicies>& known, Collector& out) {
    const Field field = Field::certificate_policies;
    std::vector<std::pair<std::string_view, std::uint32_t>> seen;
    bool has_malformed = false, has_unknown = false;
    for (const PolicyInformation& policy : known.content) {
        seen.emplace_back(as_text(policy.policy.content()), policy.offset);
        if (!policy.qualifiers) continue;
        const auto checked = policy.qualifiers->check();
        const auto unknown = find_unknown(*policy.qualifiers);
        const bool is_forbidden = unknown && policy.policy == der::oid::any_policy;  // whose qualifiers must be known, critical or not
        if ((!checked || policy.qualifiers->empty() || is_forbidden) && !std::exchange(has_malformed, true)) {
            const std::uint32_t offset = checked ? policy.offset : checked.error().offset;
            out.add(FindingId::policy_qualifier_malformed, field, offset, {}, der::describe(policy.policy));
        }
        if (known.critical && unknown && !std::exchange(has_unknown, true))
            out.add(FindingId::policy_qualifier_unknown, field, policy.offset, {}, der::describe(unknown->id));
    }
    std::sort(seen.begin(), seen.end());
    const auto twice = std::adjacent_find(seen.begin(), seen.end(), [](const auto& a, const auto& b) { return a.first == b.first; });
    if (twice != seen.end())
        out.add(FindingId::policy_duplicate, field, std::next(twice)->second, {}, der::describe(der::Oid(as_bytes(twice->first))));
}

void report_extensions(const Extensions& extensions, const KnownExtensions& known, Collector& out) {
    std::vector<Seen> seen;
    for (const Extension& extension : extensions) {
        if (out.is_full()) return;
        report_extension(extension, known, out);
        seen.emplace_back(as_text(extension.id.content()), extension.offset);
    }
    report_duplicates(std::move(seen), out);
    report_policies(known.certificate_policies, out);
    for (const GeneralName& name : known.subject_alt_name.content) {
        if (out.is_full()) return;
        report_presented_name(name, out);
    }
}

}  // namespace

void report_findings(const Certificate& certificate, std::vector<Finding>& findings) {
    Collector out(findings);
    if (const auto offset = der::find_long_length(certificate.der, 0))
        out.add(FindingId::cert_encoding, Field::certificate, *offset, {}, "a length in more bytes than it needs");
    report_version(certificate, out);
    report_serial_number(certificate, out);
    if (!equal(certificate.signature_inner.tlv, certificate.signature_algorithm.tlv))
        out.add(FindingId::signature_mismatch, Field::signature_algorithm_inner, certificate.signature_inner.offset,
                describe_signature(certificate.signature_algorithm), describe_signature(certificate.signature_inner));
    if (certificate.issuer.empty()) out.add(FindingId::cert_empty_issuer, Field::issuer, certificate.issuer.offset());
    report_name(certificate.issuer, Field::issuer, out);
    const Validity& validity = certificate.validity;
    report_time(validity.not_before, Field::not_before, validity.not_before_offset, out);
    report_time(validity.not_after, Field::not_after, validity.not_after_offset, out);
    const auto& names = certificate.known.subject_alt_name;
    if (certificate.subject.empty()) {
        out.add(FindingId::cert_empty_subject, Field::subject, certificate.subject.offset());
        if (names.is_present() && !names.critical) out.add(FindingId::name_not_critical, Field::subject_alt_name, names.offset);
    }
    report_name(certificate.subject, Field::subject, out);
    if (certificate.extra_offset != 0) out.add(FindingId::cert_extra_element, Field::tbs_certificate, certificate.extra_offset);
    report_key(certificate.subject_public_key_info, out);
    if (certificate.extensions_offset != 0 && certificate.extensions.empty())
        out.add(FindingId::extension_empty, Field::extensions, certificate.extensions_offset);
    report_extensions(certificate.extensions, certificate.known, out);
    report_signature_algorithm(certificate.signature_algorithm, out);
}

void report_findings(const Request& request, std::vector<Finding>& findings) {
    Collector out(findings);
    if (request.version != 1)  // RFC 2986 4.1
        out.add(FindingId::cert_version, Field::version, 0, "1", std::to_string(request.version));
    if (request.subject.empty()) out.add(FindingId::cert_empty_subject, Field::subject, request.subject.offset());
    report_name(request.subject, Field::subject, out);
    report_key(request.subject_public_key_info, out);
    report_extensions(request.extensions, request.known, out);
    report_signature_algorithm(request.signature_algorithm, out);
}

}  // namespace truename::x509
