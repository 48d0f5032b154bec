#include "finding/field.h"

#include <cstddef>
#include <iterator>
#include <utility>

namespace truename {

namespace {

constexpr std::pair<Field, std::string_view> kNames[] = {
    {Field::none, ""},
    {Field::certificate, "certificate"},
    {Field::tbs_certificate, "tbsCertificate"},
    {Field::version, "version"},
    {Field::serial_number, "serialNumber"},
    {Field::signature_algorithm_inner, "tbsCertificate.signature"},
    {Field::issuer, "issuer"},
    {Field::validity, "validity"},
    {Field::not_before, "notBefore"},
    {Field::not_after, "notAfter"},
    {Field::subject, "subject"},
    {Field::subject_public_key_info, "subjectPublicKeyInfo"},
    {Field::issuer_unique_id, "issuerUniqueID"},
    {Field::subject_unique_id, "subjectUniqueID"},
    {Field::extensions, "extensions"},
    {Field::subject_alt_name, "subjectAltName"},
    {Field::basic_constraints, "basicConstraints"},
    {Field::key_usage, "keyUsage"},
    {Field::extended_key_usage, "extKeyUsage"},
    {Field::authority_key_identifier, "authorityKeyIdentifier"},
    {Field::subject_key_identifier, "subjectKeyIdentifier"},
    {Field::crl_distribution_points, "cRLDistributionPoints"},
    {Field::authority_info_access, "authorityInfoAccess"},
    {Field::certificate_policies, "certificatePolicies"},
    {Field::policy_mappings, "policyMappings"},
    {Field::policy_constraints, "policyConstraints"},
    {Field::inhibit_any_policy, "inhibitAnyPolicy"},
    {Field::name_constraints, "nameConstraints"},
    {Field::tls_feature, "TLSFeature"},
    {Field::signed_certificate_timestamps, "signedCertificateTimestampList"},
    {Field::unknown_extension, "extension"},
    {Field::signature_algorithm, "signatureAlgorithm"},
    {Field::signature_value, "signatureValue"},
    {Field::certification_request, "certificationRequest"},
    {Field::attributes, "attributes"},
    {Field::certificate_list, "certificateList"},
    {Field::this_update, "thisUpdate"},
    {Field::next_update, "nextUpdate"},
    {Field::revoked_certificates, "revokedCertificates"},
    {Field::crl_extensions, "crlExtensions"},
    {Field::ocsp_response, "OCSPResponse"},
    {Field::response_data, "tbsResponseData"},
    {Field::responder_id, "responderID"},
    {Field::produced_at, "producedAt"},
    {Field::single_response, "singleResponse"},
    {Field::response_extensions, "responseExtensions"},
};

constexpr bool in_enum_order() {
    for (std::size_t i = 0; i < std::size(kNames); ++i) {
        if (kNames[i].first != static_cast<Field>(i)) return false;
    }
    return true;
}
static_assert(in_enum_order(), "name_of() looks up by number");

}  // namespace

std::string_view name_of(Field field) {
    return kNames[static_cast<std::size_t>(field)].second;
}

std::optional<Field> find_field(std::string_view name) {
    for (const auto& [field, known] : kNames) {
        if (known == name && field != Field::none) return field;
    }
    return std::nullopt;
}

}  // namespace truename
