#include "finding/field.h"

namespace truename {

std::string_view name_of(Field field) {
    switch (field) {
        case Field::none:
            return "";
        case Field::certificate:
            return "certificate";
        case Field::tbs_certificate:
            return "tbsCertificate";
        case Field::version:
            return "version";
        case Field::serial_number:
            return "serialNumber";
        case Field::signature_algorithm_inner:
            return "tbsCertificate.signature";
        case Field::issuer:
            return "issuer";
        case Field::validity:
            return "validity";
        case Field::not_before:
            return "notBefore";
        case Field::not_after:
            return "notAfter";
        case Field::subject:
            return "subject";
        case Field::subject_public_key_info:
            return "subjectPublicKeyInfo";
        case Field::issuer_unique_id:
            return "issuerUniqueID";
        case Field::subject_unique_id:
            return "subjectUniqueID";
        case Field::extensions:
            return "extensions";
        case Field::subject_alt_name:
            return "subjectAltName";
        case Field::basic_constraints:
            return "basicConstraints";
        case Field::key_usage:
            return "keyUsage";
        case Field::extended_key_usage:
            return "extKeyUsage";
        case Field::authority_key_identifier:
            return "authorityKeyIdentifier";
        case Field::subject_key_identifier:
            return "subjectKeyIdentifier";
        case Field::crl_distribution_points:
            return "cRLDistributionPoints";
        case Field::authority_info_access:
            return "authorityInfoAccess";
        case Field::certificate_policies:
            return "certificatePolicies";
        case Field::policy_mappings:
            return "policyMappings";
        case Field::policy_constraints:
            return "policyConstraints";
        case Field::inhibit_any_policy:
            return "inhibitAnyPolicy";
        case Field::name_constraints:
            return "nameConstraints";
        case Field::tls_feature:
            return "TLSFeature";
        case Field::signed_certificate_timestamps:
            return "signedCertificateTimestampList";
        case Field::unknown_extension:
            return "extension";
        case Field::signature_algorithm:
            return "signatureAlgorithm";
        case Field::signature_value:
            return "signatureValue";
        case Field::certification_request:
            return "certificationRequest";
        case Field::attributes:
            return "attributes";
    }
    return "";
}

}  // namespace truename
