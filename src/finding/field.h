#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace truename {

/// The parts of a certificate, request, CRL or OCSP response that an error or a finding can be about, by their names in RFC 5280, RFC 2986
/// and RFC 6960.
enum class Field : std::uint8_t {
    none,
    certificate,
    tbs_certificate,
    version,
    serial_number,
    signature_algorithm_inner,
    issuer,
    validity,
    not_before,
    not_after,
    subject,
    subject_public_key_info,
    issuer_unique_id,
    subject_unique_id,
    extensions,
    subject_alt_name,
    basic_constraints,
    key_usage,
    extended_key_usage,
    authority_key_identifier,
    subject_key_identifier,
    crl_distribution_points,
    authority_info_access,
    certificate_policies,
    policy_mappings,
    policy_constraints,
    inhibit_any_policy,
    name_constraints,
    tls_feature,
    signed_certificate_timestamps,
    unknown_extension,
    signature_algorithm,
    signature_value,
    certification_request,
    attributes,
    certificate_list,
    this_update,
    next_update,
    revoked_certificates,
    crl_extensions,
    ocsp_response,
    response_data,
    responder_id,
    produced_at,
    single_response,
    response_extensions,
};

/// The ASN.1 name: `subjectAltName`, `tbsCertificate.signature`; `none` is "".
std::string_view name_of(Field field);
/// The field of that name; nothing when there is none.
std::optional<Field> find_field(std::string_view name);

}  // namespace truename
