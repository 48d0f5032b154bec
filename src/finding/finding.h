#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "finding/field.h"

namespace truename {

/// Everything that may be true of a certificate, a path, a name or an endpoint and that some client minds.
/// An id is a promise: its name (`area.what`) is never changed and never used again. Adding one is a line here and a row in finding.cpp.
enum class FindingId : std::uint16_t {
    // names
    name_mismatch,
    name_match_not_first,
    name_none,
    name_cn_only,
    name_wildcard,
    name_wildcard_partial,
    name_wildcard_top,
    name_address_as_dns,
    name_address,
    name_malformed,
    name_trailing_dot,
    name_empty,
    name_not_ascii,
    name_address_length,
    name_not_critical,
    name_internal,
    name_underscore,
    name_cn_not_listed,
    name_service_only,
    // path
    path_empty,
    path_self_signed,
    path_untrusted_root,
    path_unknown_issuer,
    path_incomplete,
    path_order,
    path_extra_certificate,
    path_root_sent,
    path_not_a_ca,
    path_denies_ca,
    path_version_1_issuer,
    path_ca_as_leaf,
    path_length_exceeded,
    path_length_self_issued,
    path_key_identifier,
    path_issuer_serial,
    path_serial_reused,
    path_name_encoding,
    path_distrusted,
    // validity
    validity_expired,
    validity_not_yet,
    validity_issuer_expired,
    validity_issuer_not_yet,
    validity_last_second,
    validity_reversed,
    validity_near_expiry,
    validity_over_398_days,
    validity_over_825_days,
    validity_nesting,
    // signature and key
    signature_invalid,
    signature_sha1,
    signature_md5,
    signature_unsupported,
    signature_mismatch,
    signature_dsa,
    key_rsa_under_1024,
    key_rsa_under_2048,
    key_ec_under_256,
    key_curve_unusual,
    key_edwards,
    key_rsa_pss,
    key_dsa,
    key_invalid,
    key_unsupported,
    key_curve_unknown,
    // usage, constraints, extensions
    usage_not_server,
    usage_any,
    usage_none,
    usage_step_up,
    usage_issuer_step_up,
    usage_issuer_for_mail_or_code,
    usage_any_besides,
    usage_forbidden_besides,
    usage_extended_critical,
    usage_ocsp_signing,
    usage_issuer_not_server,
    usage_key_usage,
    usage_issuer_key_usage,
    usage_no_digital_signature,
    usage_no_key_encipherment,
    constraint_violated,
    constraint_unsupported,
    constraint_in_leaf,
    constraint_tls_feature,
    constraint_violated_directory_name,
    constraint_violated_common_name,
    constraint_violated_utf8_mailbox,
    constraint_violated_uri,
    constraint_violated_wildcard,
    constraint_violated_family,
    constraint_violated_dot,
    constraint_violated_by_authority,
    constraint_violated_subject_mailbox,
    constraint_violated_common_name_beside_address,
    constraint_violated_last_common_name,
    constraint_excludes_uri,
    constraint_unreadable_name,
    constraint_permits_directory_name,
    constraint_excludes_directory_name,
    extension_unknown_critical,
    extension_critical_policies,
    extension_duplicate,
    extension_malformed,
    extension_trailing_data,
    extension_empty,
    extension_before_version_3,
    extension_relative_name,
    extension_criticality,
    extension_no_authority_key,
    extension_no_subject_key,
    extension_names_issuer,
    extension_other_own_key,
    policy_ct_missing,
    policy_required,
    policy_mapping_any,
    policy_duplicate,
    policy_qualifier_malformed,
    policy_qualifier_unknown,
    revocation_staple_missing,
    revocation_staple_revoked,
    revocation_staple_unknown,
    revocation_staple_other_certificate,
    revocation_staple_malformed,
    revocation_staple_error,
    revocation_staple_try_later,
    revocation_staple_signature,
    revocation_staple_wrong_signer,
    revocation_staple_not_yet,
    revocation_staple_stale,
    revocation_staple_unknown_critical,
    revocation_staple_unchecked,
    revocation_staple_made_outside,
    revocation_staple_responder_not_checked,
    revocation_ocsp_revoked,
    revocation_ocsp_unknown,
    revocation_ocsp_unreachable,
    revocation_ocsp_other_certificate,
    revocation_ocsp_malformed,
    revocation_ocsp_error,
    revocation_ocsp_try_later,
    revocation_ocsp_signature,
    revocation_ocsp_wrong_signer,
    revocation_ocsp_not_yet,
    revocation_ocsp_stale,
    revocation_ocsp_unknown_critical,
    revocation_ocsp_unchecked,
    revocation_ocsp_made_outside,
    revocation_ocsp_responder_not_checked,
    revocation_ocsp_nonce_missing,
    revocation_ocsp_nonce_differs,
    revocation_no_address,
    revocation_revoked,
    revocation_undetermined,
    revocation_crl_unreachable,
    revocation_crl_not_about,
    revocation_crl_stale,
    revocation_crl_not_yet,
    revocation_crl_malformed,
    revocation_crl_unknown_critical,
    revocation_crl_signature,
    revocation_crl_unknown_issuer,
    revocation_crl_usage,
    revocation_crl_number,
    revocation_crl_no_next_update,
    // the encoding of a certificate
    cert_malformed,
    cert_version,
    cert_version_unknown,
    cert_extra_element,
    cert_boolean,
    cert_serial_number,
    cert_empty_issuer,
    cert_empty_subject,
    cert_time_form,
    cert_time_generalized,
    cert_encoding,
    cert_name_encoding,
    // TLS
    tls_plaintext,
    tls_closed,
    tls_alert,
    tls_handshake,
    tls_bad_server_signature,
    tls_version_old,
    tls_version_1_0,
    tls_version_unsupported,
    tls_no_common_cipher,
    tls_asks_client_certificate,
    tls_needs_client_certificate,
    tls_name_only,
    tls_two_certificates,
    tls_two_key_types,
    tls_sni_certificate,
    tls_on_starttls_port,
    // mail dialogs
    mail_starttls_missing,
    mail_starttls_refused,
    mail_starttls_failed,
    mail_starttls_injection,
    mail_plaintext_after_starttls,
    mail_login_before_tls,
    mail_limited,
    mail_greeting,
    mail_shield,
    // what the wire tells of the server's own trouble
    server_certificate_load,
    server_generated_certificate,
    server_snake_oil,
    server_sni_entry_broken,
    server_newer_on_https,
    // the work itself
    work_budget,
};

/// How many there are.
inline constexpr std::size_t kFindingCount = static_cast<std::size_t>(FindingId::work_budget) + 1;

/// Whether a finding needs a client's opinion: a defect without a reaction in the profile is not judged; a fact is nothing to mind
/// unless a profile says so.
enum class FindingClass : std::uint8_t { defect, fact };

/// What all findings of one id share.
struct FindingInfo {
    FindingId id;
    std::string_view name;  ///< `name.match-not-first`: the string in JSON, documents, profiles and tests
    FindingClass cls;
    std::string_view title;     ///< one plain sentence without a full stop
    std::string_view standard;  ///< the section that says so, or `none: why`
    std::string_view since;     ///< the version of this program that first reported it
};

/// Every id, in the order of FindingId.
std::span<const FindingInfo> all_findings();

/// The row of `id`.
const FindingInfo& info(FindingId id);

/// The id with that name; nothing when there is none.
std::optional<FindingId> find_finding(std::string_view name);

/// One thing that is true of the input. It is no error of the program and has no severity: what a client makes of it stands in the
/// client's profile. It is kept with what it is about (a certificate, an edge, a path, an endpoint), so it does not say so itself.
struct Finding {
    FindingId id;
    Field field = Field::none;  ///< the part of the certificate that it is about
    std::uint32_t offset = 0;   ///< where that part begins, in bytes from the start of the certificate; 0 when not known
    std::string expected = {};  ///< in words or as a value; empty when the title says it all
    std::string found = {};     ///< what was there instead

    friend bool operator==(const Finding&, const Finding&) = default;
};

}  // namespace truename
