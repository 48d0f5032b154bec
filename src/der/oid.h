#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace truename::der {

/// An OBJECT IDENTIFIER: a view of its content octets (without tag and length), compared byte by byte. The constants below live for ever;
/// one that was read borrows from what was read.
class Oid {
  public:
    constexpr Oid() = default;
    /// `content` as X.690 8.19 writes it; nothing is checked here (read_oid() checks).
    constexpr explicit Oid(Bytes content) : content_(content) {}

    /// The content octets; empty for "no OID".
    [[nodiscard]] constexpr Bytes content() const { return content_; }
    [[nodiscard]] constexpr bool empty() const { return content_.empty(); }

    friend bool operator==(Oid a, Oid b) { return equal(a.content_, b.content_); }

  private:
    Bytes content_;
};

/// `1.3.6.1.5.5.7.3.1`. Arcs that do not fit in 64 bits, and content that is no OID, are written as `#` and hexadecimal.
std::string to_dotted(Oid oid);

/// The content octets of a dotted OID; bad_value with the offset of the first wrong character (arcs up to 2^64-1; the first two as X.660
/// allows).
Result<ByteString> parse_dotted(std::string_view dotted);

/// The registered name without its `id-`, in lower camel case as the standards write it (`kp-serverAuth`, `sha256WithRSAEncryption`);
/// empty for those that this program does not know.
std::string_view name_of(Oid oid);

/// The name, or the dotted form when there is none.
std::string describe(Oid oid);

/// How an OID of these arcs is encoded (X.690 8.19), made by the compiler.
template <std::uint32_t First, std::uint32_t Second, std::uint32_t... Rest>
consteval auto encode_oid() {
    static_assert(First <= 2 && (First == 2 || Second < 40));
    constexpr auto size_of = [](std::uint32_t arc) {
        std::size_t n = 1;
        while (arc >>= 7) ++n;
        return n;
    };
    std::array<std::uint8_t, (size_of(First * 40 + Second) + ... + size_of(Rest))> bytes{};
    std::size_t at = 0;
    const auto put = [&](std::uint32_t arc) {
        for (std::size_t n = size_of(arc); n-- > 0;)
            bytes[at++] = static_cast<std::uint8_t>(((arc >> (7 * n)) & 0x7F) | (n != 0 ? 0x80 : 0));
    };
    put(First * 40 + Second);
    (put(Rest), ...);
    return bytes;
}

/// The static storage behind a constant OID.
template <std::uint32_t... Arcs>
inline constexpr auto kEncodedOid = encode_oid<Arcs...>();

/// A constant OID by its arcs: `make_oid<2, 5, 29, 17>`.
template <std::uint32_t... Arcs>
inline constexpr Oid make_oid{Bytes(kEncodedOid<Arcs...>)};

/// The OIDs that the program knows, named from their registered names.
namespace oid {

// attributes of distinguished names: RFC 4519, RFC 5280 A.1, PKCS #9 (RFC 2985)
inline constexpr Oid common_name = make_oid<2, 5, 4, 3>;
inline constexpr Oid surname = make_oid<2, 5, 4, 4>;
inline constexpr Oid serial_number = make_oid<2, 5, 4, 5>;
inline constexpr Oid country_name = make_oid<2, 5, 4, 6>;
inline constexpr Oid locality_name = make_oid<2, 5, 4, 7>;
inline constexpr Oid state_or_province_name = make_oid<2, 5, 4, 8>;
inline constexpr Oid street_address = make_oid<2, 5, 4, 9>;
inline constexpr Oid organization_name = make_oid<2, 5, 4, 10>;
inline constexpr Oid organizational_unit_name = make_oid<2, 5, 4, 11>;
inline constexpr Oid title = make_oid<2, 5, 4, 12>;
inline constexpr Oid business_category = make_oid<2, 5, 4, 15>;
inline constexpr Oid postal_code = make_oid<2, 5, 4, 17>;
inline constexpr Oid given_name = make_oid<2, 5, 4, 42>;
inline constexpr Oid initials = make_oid<2, 5, 4, 43>;
inline constexpr Oid generation_qualifier = make_oid<2, 5, 4, 44>;
inline constexpr Oid dn_qualifier = make_oid<2, 5, 4, 46>;
inline constexpr Oid pseudonym = make_oid<2, 5, 4, 65>;
inline constexpr Oid organization_identifier = make_oid<2, 5, 4, 97>;
inline constexpr Oid domain_component = make_oid<0, 9, 2342, 19200300, 100, 1, 25>;
inline constexpr Oid user_id = make_oid<0, 9, 2342, 19200300, 100, 1, 1>;
inline constexpr Oid email_address = make_oid<1, 2, 840, 113549, 1, 9, 1>;
inline constexpr Oid unstructured_name = make_oid<1, 2, 840, 113549, 1, 9, 2>;
inline constexpr Oid jurisdiction_country_name = make_oid<1, 3, 6, 1, 4, 1, 311, 60, 2, 1, 3>;

// certificate extensions: RFC 5280 4.2, RFC 7633, RFC 6962
inline constexpr Oid subject_directory_attributes = make_oid<2, 5, 29, 9>;
inline constexpr Oid subject_key_identifier = make_oid<2, 5, 29, 14>;
inline constexpr Oid key_usage = make_oid<2, 5, 29, 15>;
inline constexpr Oid subject_alt_name = make_oid<2, 5, 29, 17>;
inline constexpr Oid issuer_alt_name = make_oid<2, 5, 29, 18>;
inline constexpr Oid basic_constraints = make_oid<2, 5, 29, 19>;
inline constexpr Oid name_constraints = make_oid<2, 5, 29, 30>;
inline constexpr Oid crl_distribution_points = make_oid<2, 5, 29, 31>;
inline constexpr Oid certificate_policies = make_oid<2, 5, 29, 32>;
inline constexpr Oid any_policy = make_oid<2, 5, 29, 32, 0>;
inline constexpr Oid policy_mappings = make_oid<2, 5, 29, 33>;
inline constexpr Oid authority_key_identifier = make_oid<2, 5, 29, 35>;
inline constexpr Oid policy_constraints = make_oid<2, 5, 29, 36>;
inline constexpr Oid extended_key_usage = make_oid<2, 5, 29, 37>;
inline constexpr Oid crl_number = make_oid<2, 5, 29, 20>;
inline constexpr Oid crl_reason = make_oid<2, 5, 29, 21>;
inline constexpr Oid invalidity_date = make_oid<2, 5, 29, 24>;
inline constexpr Oid delta_crl_indicator = make_oid<2, 5, 29, 27>;
inline constexpr Oid issuing_distribution_point = make_oid<2, 5, 29, 28>;
inline constexpr Oid certificate_issuer = make_oid<2, 5, 29, 29>;
inline constexpr Oid freshest_crl = make_oid<2, 5, 29, 46>;
inline constexpr Oid inhibit_any_policy = make_oid<2, 5, 29, 54>;
inline constexpr Oid authority_info_access = make_oid<1, 3, 6, 1, 5, 5, 7, 1, 1>;
inline constexpr Oid subject_info_access = make_oid<1, 3, 6, 1, 5, 5, 7, 1, 11>;
inline constexpr Oid tls_feature = make_oid<1, 3, 6, 1, 5, 5, 7, 1, 24>;
inline constexpr Oid ct_precert_scts = make_oid<1, 3, 6, 1, 4, 1, 11129, 2, 4, 2>;
inline constexpr Oid ct_precert_poison = make_oid<1, 3, 6, 1, 4, 1, 11129, 2, 4, 3>;
inline constexpr Oid ocsp_basic = make_oid<1, 3, 6, 1, 5, 5, 7, 48, 1, 1>;
inline constexpr Oid ocsp_nonce = make_oid<1, 3, 6, 1, 5, 5, 7, 48, 1, 2>;
inline constexpr Oid ocsp_crl = make_oid<1, 3, 6, 1, 5, 5, 7, 48, 1, 3>;
inline constexpr Oid ocsp_no_check = make_oid<1, 3, 6, 1, 5, 5, 7, 48, 1, 5>;
inline constexpr Oid ocsp_archive_cutoff = make_oid<1, 3, 6, 1, 5, 5, 7, 48, 1, 6>;
inline constexpr Oid ocsp_extended_revoke = make_oid<1, 3, 6, 1, 5, 5, 7, 48, 1, 9>;
inline constexpr Oid ct_ocsp_scts = make_oid<1, 3, 6, 1, 4, 1, 11129, 2, 4, 5>;
inline constexpr Oid netscape_cert_type = make_oid<2, 16, 840, 1, 113730, 1, 1>;
inline constexpr Oid ms_certificate_template = make_oid<1, 3, 6, 1, 4, 1, 311, 21, 7>;
inline constexpr Oid ms_enroll_certificate_type = make_oid<1, 3, 6, 1, 4, 1, 311, 20, 2>;

// access methods: RFC 5280 4.2.2.1
inline constexpr Oid ad_ocsp = make_oid<1, 3, 6, 1, 5, 5, 7, 48, 1>;
inline constexpr Oid ad_ca_issuers = make_oid<1, 3, 6, 1, 5, 5, 7, 48, 2>;

// purposes: RFC 5280 4.2.1.12
inline constexpr Oid any_extended_key_usage = make_oid<2, 5, 29, 37, 0>;
inline constexpr Oid kp_server_auth = make_oid<1, 3, 6, 1, 5, 5, 7, 3, 1>;
inline constexpr Oid kp_client_auth = make_oid<1, 3, 6, 1, 5, 5, 7, 3, 2>;
inline constexpr Oid kp_code_signing = make_oid<1, 3, 6, 1, 5, 5, 7, 3, 3>;
inline constexpr Oid kp_email_protection = make_oid<1, 3, 6, 1, 5, 5, 7, 3, 4>;
inline constexpr Oid kp_time_stamping = make_oid<1, 3, 6, 1, 5, 5, 7, 3, 8>;
inline constexpr Oid kp_ocsp_signing = make_oid<1, 3, 6, 1, 5, 5, 7, 3, 9>;
inline constexpr Oid ms_server_gated_crypto = make_oid<1, 3, 6, 1, 4, 1, 311, 10, 3, 3>;
inline constexpr Oid netscape_server_gated_crypto = make_oid<2, 16, 840, 1, 113730, 4, 1>;

// other names in subjectAltName: RFC 4985, RFC 8398, Microsoft's user principal name
inline constexpr Oid on_dns_srv = make_oid<1, 3, 6, 1, 5, 5, 7, 8, 7>;
inline constexpr Oid on_smtp_utf8_mailbox = make_oid<1, 3, 6, 1, 5, 5, 7, 8, 9>;
inline constexpr Oid ms_user_principal_name = make_oid<1, 3, 6, 1, 4, 1, 311, 20, 2, 3>;

// what a policy is qualified with: RFC 5280 4.2.1.4
inline constexpr Oid qt_cps = make_oid<1, 3, 6, 1, 5, 5, 7, 2, 1>;
inline constexpr Oid qt_unotice = make_oid<1, 3, 6, 1, 5, 5, 7, 2, 2>;

// policies that people talk of: CA/Browser Forum
inline constexpr Oid policy_domain_validated = make_oid<2, 23, 140, 1, 2, 1>;
inline constexpr Oid policy_organization_validated = make_oid<2, 23, 140, 1, 2, 2>;
inline constexpr Oid policy_extended_validation = make_oid<2, 23, 140, 1, 1>;

// keys and curves: RFC 3279, RFC 4055, RFC 5480, RFC 5639, RFC 8410
inline constexpr Oid rsa_encryption = make_oid<1, 2, 840, 113549, 1, 1, 1>;
inline constexpr Oid rsassa_pss = make_oid<1, 2, 840, 113549, 1, 1, 10>;
inline constexpr Oid mgf1 = make_oid<1, 2, 840, 113549, 1, 1, 8>;
inline constexpr Oid dsa = make_oid<1, 2, 840, 10040, 4, 1>;
inline constexpr Oid ec_public_key = make_oid<1, 2, 840, 10045, 2, 1>;
inline constexpr Oid x25519 = make_oid<1, 3, 101, 110>;
inline constexpr Oid x448 = make_oid<1, 3, 101, 111>;
inline constexpr Oid ed25519 = make_oid<1, 3, 101, 112>;
inline constexpr Oid ed448 = make_oid<1, 3, 101, 113>;
inline constexpr Oid secp192r1 = make_oid<1, 2, 840, 10045, 3, 1, 1>;
inline constexpr Oid secp224r1 = make_oid<1, 3, 132, 0, 33>;
inline constexpr Oid secp256r1 = make_oid<1, 2, 840, 10045, 3, 1, 7>;
inline constexpr Oid secp256k1 = make_oid<1, 3, 132, 0, 10>;
inline constexpr Oid secp384r1 = make_oid<1, 3, 132, 0, 34>;
inline constexpr Oid secp521r1 = make_oid<1, 3, 132, 0, 35>;
inline constexpr Oid brainpool_p256r1 = make_oid<1, 3, 36, 3, 3, 2, 8, 1, 1, 7>;
inline constexpr Oid brainpool_p384r1 = make_oid<1, 3, 36, 3, 3, 2, 8, 1, 1, 11>;
inline constexpr Oid brainpool_p512r1 = make_oid<1, 3, 36, 3, 3, 2, 8, 1, 1, 13>;

// digests and signatures
inline constexpr Oid md5 = make_oid<1, 2, 840, 113549, 2, 5>;
inline constexpr Oid sha1 = make_oid<1, 3, 14, 3, 2, 26>;
inline constexpr Oid sha224 = make_oid<2, 16, 840, 1, 101, 3, 4, 2, 4>;
inline constexpr Oid sha256 = make_oid<2, 16, 840, 1, 101, 3, 4, 2, 1>;
inline constexpr Oid sha384 = make_oid<2, 16, 840, 1, 101, 3, 4, 2, 2>;
inline constexpr Oid sha512 = make_oid<2, 16, 840, 1, 101, 3, 4, 2, 3>;
inline constexpr Oid md2_with_rsa_encryption = make_oid<1, 2, 840, 113549, 1, 1, 2>;
inline constexpr Oid md4_with_rsa_encryption = make_oid<1, 2, 840, 113549, 1, 1, 3>;
inline constexpr Oid md5_with_rsa_encryption = make_oid<1, 2, 840, 113549, 1, 1, 4>;
inline constexpr Oid sha1_with_rsa_encryption = make_oid<1, 2, 840, 113549, 1, 1, 5>;
inline constexpr Oid sha1_with_rsa_signature = make_oid<1, 3, 14, 3, 2, 29>;  // OIW's own; old Microsoft CAs write it
inline constexpr Oid sha224_with_rsa_encryption = make_oid<1, 2, 840, 113549, 1, 1, 14>;
inline constexpr Oid sha256_with_rsa_encryption = make_oid<1, 2, 840, 113549, 1, 1, 11>;
inline constexpr Oid sha384_with_rsa_encryption = make_oid<1, 2, 840, 113549, 1, 1, 12>;
inline constexpr Oid sha512_with_rsa_encryption = make_oid<1, 2, 840, 113549, 1, 1, 13>;
inline constexpr Oid ecdsa_with_sha1 = make_oid<1, 2, 840, 10045, 4, 1>;
inline constexpr Oid ecdsa_with_sha224 = make_oid<1, 2, 840, 10045, 4, 3, 1>;
inline constexpr Oid ecdsa_with_sha256 = make_oid<1, 2, 840, 10045, 4, 3, 2>;
inline constexpr Oid ecdsa_with_sha384 = make_oid<1, 2, 840, 10045, 4, 3, 3>;
inline constexpr Oid ecdsa_with_sha512 = make_oid<1, 2, 840, 10045, 4, 3, 4>;
inline constexpr Oid dsa_with_sha1 = make_oid<1, 2, 840, 10040, 4, 3>;
inline constexpr Oid dsa_with_sha256 = make_oid<2, 16, 840, 1, 101, 3, 4, 3, 2>;

// contents of PKCS #7 files: RFC 2315
inline constexpr Oid pkcs7_signed_data = make_oid<1, 2, 840, 113549, 1, 7, 2>;

// contents and attributes of CMS: RFC 5652, RFC 5083, RFC 3274, RFC 8551, RFC 5035
inline constexpr Oid data = make_oid<1, 2, 840, 113549, 1, 7, 1>;
inline constexpr Oid enveloped_data = make_oid<1, 2, 840, 113549, 1, 7, 3>;
inline constexpr Oid ct_auth_enveloped_data = make_oid<1, 2, 840, 113549, 1, 9, 16, 1, 23>;
inline constexpr Oid ct_compressed_data = make_oid<1, 2, 840, 113549, 1, 9, 16, 1, 9>;
inline constexpr Oid content_type = make_oid<1, 2, 840, 113549, 1, 9, 3>;
inline constexpr Oid message_digest = make_oid<1, 2, 840, 113549, 1, 9, 4>;
inline constexpr Oid signing_time = make_oid<1, 2, 840, 113549, 1, 9, 5>;
inline constexpr Oid signing_certificate = make_oid<1, 2, 840, 113549, 1, 9, 16, 2, 12>;
inline constexpr Oid signing_certificate_v2 = make_oid<1, 2, 840, 113549, 1, 9, 16, 2, 47>;
inline constexpr Oid smime_capabilities = make_oid<1, 2, 840, 113549, 1, 9, 15>;

// how contents and keys are encrypted: RFC 3565, RFC 5084, RFC 4055, RFC 5753, RFC 8551
inline constexpr Oid aes128_cbc = make_oid<2, 16, 840, 1, 101, 3, 4, 1, 2>;
inline constexpr Oid aes192_cbc = make_oid<2, 16, 840, 1, 101, 3, 4, 1, 22>;
inline constexpr Oid aes256_cbc = make_oid<2, 16, 840, 1, 101, 3, 4, 1, 42>;
inline constexpr Oid aes128_wrap = make_oid<2, 16, 840, 1, 101, 3, 4, 1, 5>;
inline constexpr Oid aes192_wrap = make_oid<2, 16, 840, 1, 101, 3, 4, 1, 25>;
inline constexpr Oid aes256_wrap = make_oid<2, 16, 840, 1, 101, 3, 4, 1, 45>;
inline constexpr Oid aes128_gcm = make_oid<2, 16, 840, 1, 101, 3, 4, 1, 6>;
inline constexpr Oid aes192_gcm = make_oid<2, 16, 840, 1, 101, 3, 4, 1, 26>;
inline constexpr Oid aes256_gcm = make_oid<2, 16, 840, 1, 101, 3, 4, 1, 46>;
inline constexpr Oid des_ede3_cbc = make_oid<1, 2, 840, 113549, 3, 7>;
inline constexpr Oid rc2_cbc = make_oid<1, 2, 840, 113549, 3, 2>;
inline constexpr Oid rsaes_oaep = make_oid<1, 2, 840, 113549, 1, 1, 7>;
inline constexpr Oid p_specified = make_oid<1, 2, 840, 113549, 1, 1, 9>;
inline constexpr Oid dh_single_pass_std_dh_sha1kdf = make_oid<1, 3, 133, 16, 840, 63, 0, 2>;
inline constexpr Oid dh_single_pass_std_dh_sha224kdf = make_oid<1, 3, 132, 1, 11, 0>;
inline constexpr Oid dh_single_pass_std_dh_sha256kdf = make_oid<1, 3, 132, 1, 11, 1>;
inline constexpr Oid dh_single_pass_std_dh_sha384kdf = make_oid<1, 3, 132, 1, 11, 2>;
inline constexpr Oid dh_single_pass_std_dh_sha512kdf = make_oid<1, 3, 132, 1, 11, 3>;

// attributes of certification requests: RFC 2985
inline constexpr Oid challenge_password = make_oid<1, 2, 840, 113549, 1, 9, 7>;
inline constexpr Oid extension_request = make_oid<1, 2, 840, 113549, 1, 9, 14>;
inline constexpr Oid ms_extension_request = make_oid<1, 3, 6, 1, 4, 1, 311, 2, 1, 14>;  // IIS and Exchange before 2010

}  // namespace oid

}  // namespace truename::der
