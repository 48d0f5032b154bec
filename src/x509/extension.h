#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "der/oid.h"
#include "der/reader.h"
#include "der/value.h"
#include "finding/field.h"
#include "x509/general_name.h"

namespace truename::x509 {

/// Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }   RFC 5280 4.1.2.9; borrows.
struct Extension {
    der::Oid id;
    bool critical = false;
    bool der_critical = true;        ///< false when `critical` is written as only BER allows (FALSE spelled out, or TRUE other than FF)
    Bytes value;                     ///< the contents of the OCTET STRING
    std::uint32_t offset = 0;        ///< of the Extension
    std::uint32_t value_offset = 0;  ///< of `value`
    std::uint32_t extra_offset = 0;  ///< of what stands behind the value; 0 when nothing does
    bool is_boolean = true;          ///< false when `critical` is neither 00 nor FF

    /// The Field that stands for this extension; unknown_extension when the program does not know it.
    [[nodiscard]] Field field() const;
};

/// Takes one Extension from `reader`. What stands behind its value is passed over and noted.
Result<Extension> read_extension(der::Reader& reader);
/// The same, but nothing may stand behind its value: for structures of which nobody would tell it.
Result<Extension> read_strict_extension(der::Reader& reader);

/// All extensions, known or not, in their order.
using Extensions = der::SequenceOf<Extension, read_extension>;

/// Whether an extension is there, and whether it can be read.
enum class ExtensionState : std::uint8_t {
    absent,
    good,
    malformed,  ///< it is there and cannot be read; `content` holds what could be read before the error, which some clients use
};

/// An extension that this program reads. When it is there twice, the first one counts here (extension.duplicate says so).
template <class T>
struct Known {
    ExtensionState state = ExtensionState::absent;
    bool critical = false;
    std::uint32_t offset = 0;           ///< of the Extension
    Error error;                        ///< when malformed: why and where
    std::uint32_t trailing_offset = 0;  ///< where bytes follow the contents, which can be read all the same; 0: nowhere
    T content{};

    /// True when it is there and could be read.
    explicit operator bool() const { return state == ExtensionState::good; }
    /// True when it is there, readable or not.
    [[nodiscard]] bool is_present() const { return state != ExtensionState::absent; }
    const T* operator->() const { return &content; }
    const T& operator*() const { return content; }
};

/// RFC 5280 4.2.1.9
struct BasicConstraints {
    bool ca = false;
    bool is_boolean = true;                    ///< false when `ca` is written as neither 00 nor FF
    std::optional<std::uint32_t> path_length;  ///< kept even where `ca` is false, which RFC 5280 forbids
};

/// The bits of KeyUsage by their numbers in RFC 5280 4.2.1.3.
enum class KeyUsageBit : std::uint8_t {
    digital_signature,
    content_commitment,
    key_encipherment,
    data_encipherment,
    key_agreement,
    key_cert_sign,
    crl_sign,
    encipher_only,
    decipher_only,
};
struct KeyUsage {
    der::BitString bits;
    [[nodiscard]] bool has(KeyUsageBit bit) const { return bits.has(static_cast<unsigned>(bit)); }
};
/// `digitalSignature`, as RFC 5280 writes it.
std::string_view name_of(KeyUsageBit bit);

/// Takes one OBJECT IDENTIFIER from `reader`.
Result<der::Oid> read_oid_element(der::Reader& reader);
/// KeyPurposeId after KeyPurposeId (RFC 5280 4.2.1.12).
struct ExtendedKeyUsage : der::SequenceOf<der::Oid, read_oid_element> {
    using SequenceOf::SequenceOf;
    [[nodiscard]] bool has(der::Oid purpose) const;
};

/// What an extended key usage says of a purpose.
enum class PurposeFit : std::uint8_t {
    not_said,  ///< there is none that can be read: good for anything
    listed,
    any,    ///< not listed, but anyExtendedKeyUsage is
    other,  ///< only other purposes are
};
PurposeFit purpose_fit(const Known<ExtendedKeyUsage>& usage, der::Oid purpose);

/// RFC 5280 4.2.1.1; members that are not there are empty.
struct AuthorityKeyIdentifier {
    std::optional<Bytes> key_identifier;
    GeneralNames cert_issuer;
    std::optional<Bytes> cert_serial_number;  ///< contents of the INTEGER
};

/// DistributionPointName of RFC 5280 4.2.1.13: one of the two, or neither where it is left out.
struct DistributionPointName {
    GeneralNames full_name;
    Bytes relative_name;  ///< contents of the RelativeDistinguishedName below the issuer's name
};

/// One DistributionPoint of RFC 5280 4.2.1.13.
struct DistributionPoint : DistributionPointName {
    std::optional<der::BitString> reasons;  ///< all reasons when it is not there
    GeneralNames crl_issuer;
};
Result<DistributionPoint> read_distribution_point(der::Reader& reader);
using CrlDistributionPoints = der::SequenceOf<DistributionPoint, read_distribution_point>;

/// One AccessDescription of RFC 5280 4.2.2.1.
struct AccessDescription {
    der::Oid method;
    GeneralName location;
};
Result<AccessDescription> read_access_description(der::Reader& reader);
using AuthorityInfoAccess = der::SequenceOf<AccessDescription, read_access_description>;

/// One PolicyQualifierInfo of RFC 5280 4.2.1.4; the qualifier is a whole element that nobody has looked into.
struct PolicyQualifier {
    der::Oid id;
    Bytes qualifier;
};
Result<PolicyQualifier> read_policy_qualifier(der::Reader& reader);
using PolicyQualifiers = der::SequenceOf<PolicyQualifier, read_policy_qualifier>;

/// One PolicyInformation of RFC 5280 4.2.1.4. Its qualifiers may be such as cannot be read (report_findings() says so): to nobody do they
/// mean anything but text.
struct PolicyInformation {
    der::Oid policy;
    std::uint32_t offset = 0;
    std::optional<PolicyQualifiers> qualifiers;
};
Result<PolicyInformation> read_policy_information(der::Reader& reader);
using CertificatePolicies = der::SequenceOf<PolicyInformation, read_policy_information>;

/// RFC 5280 4.2.1.5
struct PolicyMapping {
    der::Oid issuer_domain_policy, subject_domain_policy;
};
Result<PolicyMapping> read_policy_mapping(der::Reader& reader);
using PolicyMappings = der::SequenceOf<PolicyMapping, read_policy_mapping>;

/// RFC 5280 4.2.1.11: numbers of certificates that may follow first.
struct PolicyConstraints {
    std::optional<std::uint32_t> require_explicit_policy, inhibit_policy_mapping;
};

/// One GeneralSubtree of RFC 5280 4.2.1.10. For ip_address the value is address and mask (8 or 32 bytes).
struct GeneralSubtree {
    GeneralName base;
    std::uint32_t minimum = 0;  ///< RFC 5280 wants 0
    bool has_maximum = false;   ///< RFC 5280 wants none
};
Result<GeneralSubtree> read_general_subtree(der::Reader& reader);
using GeneralSubtrees = der::SequenceOf<GeneralSubtree, read_general_subtree>;
struct NameConstraints {
    GeneralSubtrees permitted, excluded;
};

/// Takes one INTEGER from `reader`.
Result<std::uint32_t> read_feature(der::Reader& reader);
/// TLS feature numbers (RFC 7633): 5 is status_request, which makes a stapled answer a must.
struct TlsFeature : der::SequenceOf<std::uint32_t, read_feature> {
    using SequenceOf::SequenceOf;
    [[nodiscard]] bool must_staple() const;
};

/// The list of signed certificate timestamps as TLS encodes it (RFC 6962 3.3); nothing inside is read.
struct SignedCertificateTimestamps {
    Bytes list;
};

/// The extensions that clients act on, read once. Shared by certificates and requests.
struct KnownExtensions {
    Known<GeneralNames> subject_alt_name;
    Known<GeneralNames> issuer_alt_name;
    Known<BasicConstraints> basic_constraints;
    Known<KeyUsage> key_usage;
    Known<ExtendedKeyUsage> extended_key_usage;
    Known<AuthorityKeyIdentifier> authority_key_identifier;
    Known<Bytes> subject_key_identifier;
    Known<CrlDistributionPoints> crl_distribution_points;
    Known<AuthorityInfoAccess> authority_info_access;
    Known<CertificatePolicies> certificate_policies;
    Known<PolicyMappings> policy_mappings;
    Known<PolicyConstraints> policy_constraints;
    Known<std::uint32_t> inhibit_any_policy;
    Known<NameConstraints> name_constraints;
    Known<TlsFeature> tls_feature;
    Known<SignedCertificateTimestamps> signed_certificate_timestamps;
};

/// Reads the known ones among `extensions` in the one pass that checks the frames of all; the first broken frame is the error. Contents
/// that cannot be read are no error: they are marked in their place.
Result<void> read_known_extensions(const Extensions& extensions, KnownExtensions& known);

/// True when this program understands the extension so far that a critical one may be accepted (RFC 5280 4.2). Whether a client does is its
/// profile's business.
bool is_understood(der::Oid extension);

}  // namespace truename::x509
