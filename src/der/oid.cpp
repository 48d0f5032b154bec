#include "der/oid.h"

#include <algorithm>
#include <limits>

#include "base/text.h"

namespace truename::der {

namespace {

struct NamedOid {
    Oid oid;
    std::string_view name;
};

// The names that RFCs and the registries print, without `id-` and the family's prefix where everybody leaves it out.
constexpr NamedOid kNames[] = {
    {oid::common_name, "commonName"},
    {oid::surname, "surname"},
    {oid::serial_number, "serialNumber"},
    {oid::country_name, "countryName"},
    {oid::locality_name, "localityName"},
    {oid::state_or_province_name, "stateOrProvinceName"},
    {oid::street_address, "streetAddress"},
    {oid::organization_name, "organizationName"},
    {oid::organizational_unit_name, "organizationalUnitName"},
    {oid::title, "title"},
    {oid::business_category, "businessCategory"},
    {oid::postal_code, "postalCode"},
    {oid::given_name, "givenName"},
    {oid::initials, "initials"},
    {oid::generation_qualifier, "generationQualifier"},
    {oid::dn_qualifier, "dnQualifier"},
    {oid::pseudonym, "pseudonym"},
    {oid::organization_identifier, "organizationIdentifier"},
    {oid::domain_component, "domainComponent"},
    {oid::user_id, "userId"},
    {oid::email_address, "emailAddress"},
    {oid::unstructured_name, "unstructuredName"},
    {oid::jurisdiction_country_name, "jurisdictionCountryName"},
    {oid::subject_directory_attributes, "subjectDirectoryAttributes"},
    {oid::subject_key_identifier, "subjectKeyIdentifier"},
    {oid::key_usage, "keyUsage"},
    {oid::subject_alt_name, "subjectAltName"},
    {oid::issuer_alt_name, "issuerAltName"},
    {oid::basic_constraints, "basicConstraints"},
    {oid::name_constraints, "nameConstraints"},
    {oid::crl_distribution_points, "cRLDistributionPoints"},
    {oid::certificate_policies, "certificatePolicies"},
    {oid::any_policy, "anyPolicy"},
    {oid::policy_mappings, "policyMappings"},
    {oid::authority_key_identifier, "authorityKeyIdentifier"},
    {oid::policy_constraints, "policyConstraints"},
    {oid::extended_key_usage, "extKeyUsage"},
    {oid::freshest_crl, "freshestCRL"},
    {oid::inhibit_any_policy, "inhibitAnyPolicy"},
    {oid::authority_info_access, "authorityInfoAccess"},
    {oid::subject_info_access, "subjectInfoAccess"},
    {oid::tls_feature, "TLSFeature"},
    {oid::ct_precert_scts, "signedCertificateTimestampList"},
    {oid::ct_precert_poison, "precertificatePoison"},
    {oid::ocsp_basic, "pkix-ocsp-basic"},
    {oid::ocsp_nonce, "pkix-ocsp-nonce"},
    {oid::ocsp_crl, "pkix-ocsp-crl"},
    {oid::ocsp_no_check, "pkix-ocsp-nocheck"},
    {oid::ocsp_archive_cutoff, "pkix-ocsp-archive-cutoff"},
    {oid::ocsp_extended_revoke, "pkix-ocsp-extended-revoke"},
    {oid::netscape_cert_type, "netscape-cert-type"},
    {oid::ms_certificate_template, "certificateTemplate"},
    {oid::ms_enroll_certificate_type, "enrollCerttype"},
    {oid::ad_ocsp, "ocsp"},
    {oid::ad_ca_issuers, "caIssuers"},
    {oid::any_extended_key_usage, "anyExtendedKeyUsage"},
    {oid::kp_server_auth, "serverAuth"},
    {oid::kp_client_auth, "clientAuth"},
    {oid::kp_code_signing, "codeSigning"},
    {oid::kp_email_protection, "emailProtection"},
    {oid::kp_time_stamping, "timeStamping"},
    {oid::kp_ocsp_signing, "OCSPSigning"},
    {oid::ms_server_gated_crypto, "msServerGatedCrypto"},
    {oid::netscape_server_gated_crypto, "nsServerGatedCrypto"},
    {oid::on_dns_srv, "dnsSRV"},
    {oid::on_smtp_utf8_mailbox, "SmtpUTF8Mailbox"},
    {oid::ms_user_principal_name, "userPrincipalName"},
    {oid::policy_domain_validated, "domain-validated"},
    {oid::policy_organization_validated, "organization-validated"},
    {oid::policy_extended_validation, "extended-validation"},
    {oid::rsa_encryption, "rsaEncryption"},
    {oid::rsassa_pss, "RSASSA-PSS"},
    {oid::mgf1, "mgf1"},
    {oid::dsa, "dsa"},
    {oid::ec_public_key, "ecPublicKey"},
    {oid::x25519, "X25519"},
    {oid::x448, "X448"},
    {oid::ed25519, "Ed25519"},
    {oid::ed448, "Ed448"},
    {oid::secp192r1, "secp192r1"},
    {oid::secp224r1, "secp224r1"},
    {oid::secp256r1, "secp256r1"},
    {oid::secp256k1, "secp256k1"},
    {oid::secp384r1, "secp384r1"},
    {oid::secp521r1, "secp521r1"},
    {oid::brainpool_p256r1, "brainpoolP256r1"},
    {oid::brainpool_p384r1, "brainpoolP384r1"},
    {oid::brainpool_p512r1, "brainpoolP512r1"},
    {oid::md5, "md5"},
    {oid::sha1, "sha1"},
    {oid::sha224, "sha224"},
    {oid::sha256, "sha256"},
    {oid::sha384, "sha384"},
    {oid::sha512, "sha512"},
    {oid::md2_with_rsa_encryption, "md2WithRSAEncryption"},
    {oid::md4_with_rsa_encryption, "md4WithRSAEncryption"},
    {oid::md5_with_rsa_encryption, "md5WithRSAEncryption"},
    {oid::sha1_with_rsa_encryption, "sha1WithRSAEncryption"},
    {oid::sha1_with_rsa_signature, "sha1WithRSASignature"},
    {oid::sha224_with_rsa_encryption, "sha224WithRSAEncryption"},
    {oid::sha256_with_rsa_encryption, "sha256WithRSAEncryption"},
    {oid::sha384_with_rsa_encryption, "sha384WithRSAEncryption"},
    {oid::sha512_with_rsa_encryption, "sha512WithRSAEncryption"},
    {oid::ecdsa_with_sha1, "ecdsa-with-SHA1"},
    {oid::ecdsa_with_sha224, "ecdsa-with-SHA224"},
    {oid::ecdsa_with_sha256, "ecdsa-with-SHA256"},
    {oid::ecdsa_with_sha384, "ecdsa-with-SHA384"},
    {oid::ecdsa_with_sha512, "ecdsa-with-SHA512"},
    {oid::dsa_with_sha1, "dsa-with-sha1"},
    {oid::dsa_with_sha256, "dsa-with-sha256"},
    {oid::challenge_password, "challengePassword"},
    {oid::extension_request, "extensionRequest"},
    {oid::ms_extension_request, "certReqExtensions"},
    {oid::pkcs7_signed_data, "signedData"},
    {oid::data, "data"},
    {oid::enveloped_data, "envelopedData"},
    {oid::ct_auth_enveloped_data, "ct-authEnvelopedData"},
    {oid::ct_compressed_data, "ct-compressedData"},
    {oid::content_type, "contentType"},
    {oid::message_digest, "messageDigest"},
    {oid::signing_time, "signingTime"},
    {oid::smime_capabilities, "smimeCapabilities"},
    {oid::aes128_cbc, "aes128-CBC"},
    {oid::aes192_cbc, "aes192-CBC"},
    {oid::aes256_cbc, "aes256-CBC"},
    {oid::aes128_wrap, "aes128-wrap"},
    {oid::aes192_wrap, "aes192-wrap"},
    {oid::aes256_wrap, "aes256-wrap"},
    {oid::aes128_gcm, "aes128-GCM"},
    {oid::aes192_gcm, "aes192-GCM"},
    {oid::aes256_gcm, "aes256-GCM"},
    {oid::des_ede3_cbc, "des-EDE3-CBC"},
    {oid::rc2_cbc, "rc2-CBC"},
    {oid::rsaes_oaep, "RSAES-OAEP"},
    {oid::p_specified, "pSpecified"},
    {oid::dh_single_pass_std_dh_sha1kdf, "dhSinglePass-stdDH-sha1kdf-scheme"},
    {oid::dh_single_pass_std_dh_sha224kdf, "dhSinglePass-stdDH-sha224kdf-scheme"},
    {oid::dh_single_pass_std_dh_sha256kdf, "dhSinglePass-stdDH-sha256kdf-scheme"},
    {oid::dh_single_pass_std_dh_sha384kdf, "dhSinglePass-stdDH-sha384kdf-scheme"},
    {oid::dh_single_pass_std_dh_sha512kdf, "dhSinglePass-stdDH-sha512kdf-scheme"},
};

void put_base128(ByteString& out, std::uint64_t arc) {
    int shift = 63;
    while (shift > 0 && (arc >> shift) == 0) shift -= 7;
    for (; shift > 0; shift -= 7) out.push_back(static_cast<std::uint8_t>(0x80 | ((arc >> shift) & 0x7F)));
    out.push_back(static_cast<std::uint8_t>(arc & 0x7F));
}

}  // namespace

std::string to_dotted(Oid oid) {
    const auto not_dotted = [&] { return "#" + to_hex(oid.content()); };
    if (oid.empty() || (oid.content().back() & 0x80) != 0) return not_dotted();
    std::string text;
    std::uint64_t arc = 0;
    for (const std::uint8_t b : oid.content()) {
        if (arc > std::numeric_limits<std::uint64_t>::max() >> 7) return not_dotted();
        arc = arc << 7 | (b & 0x7F);
        if ((b & 0x80) != 0) continue;
        if (text.empty()) {  // X.690 8.19.4: the first two arcs share a number
            const std::uint64_t first = std::min<std::uint64_t>(arc / 40, 2);
            text = std::to_string(first) + "." + std::to_string(arc - first * 40);
        } else {
            text += "." + std::to_string(arc);
        }
        arc = 0;
    }
    return text;
}

Result<ByteString> parse_dotted(std::string_view dotted) {
    ByteString content;
    std::uint64_t first = 0;
    std::size_t at = 0;
    for (std::size_t index = 0;; ++index) {
        const std::size_t start = at;
        std::uint64_t arc = 0;
        for (; at < dotted.size() && dotted[at] >= '0' && dotted[at] <= '9'; ++at) {
            const auto digit = static_cast<std::uint64_t>(dotted[at] - '0');
            if (arc > (std::numeric_limits<std::uint64_t>::max() - digit) / 10) return fail(ErrorKind::too_large, start);
            arc = arc * 10 + digit;
        }
        if (at == start || (dotted[start] == '0' && at != start + 1)) return fail(ErrorKind::bad_value, start);
        if (index == 0) {
            if (arc > 2) return fail(ErrorKind::bad_value, start);
            first = arc;
        } else if (index == 1) {
            if ((first < 2 && arc > 39) || arc > std::numeric_limits<std::uint64_t>::max() - 80) return fail(ErrorKind::bad_value, start);
            put_base128(content, first * 40 + arc);
        } else {
            put_base128(content, arc);
        }
        if (at == dotted.size()) {
            if (index == 0) return fail(ErrorKind::truncated, at);
            return content;
        }
        if (dotted[at] != '.') return fail(ErrorKind::bad_value, at);
        ++at;
    }
}

std::string_view name_of(Oid oid) {
    const auto row = std::find_if(std::begin(kNames), std::end(kNames), [&](const NamedOid& named) { return named.oid == oid; });
    return row == std::end(kNames) ? std::string_view() : row->name;
}

std::string describe(Oid oid) {
    const std::string_view name = name_of(oid);
    return name.empty() ? to_dotted(oid) : std::string(name);
}

}  // namespace truename::der
