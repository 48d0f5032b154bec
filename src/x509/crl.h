#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "der/reader.h"
#include "der/time.h"
#include "x509/algorithm.h"
#include "x509/extension.h"
#include "x509/name.h"
#include "x509/parse_error.h"

namespace truename::x509 {

/// Beyond this many bytes nothing is read as a CRL (too_large): the largest of public authorities have some ten megabytes.
inline constexpr std::size_t kMaxCrlSize = std::size_t{64} << 20;

/// A CRLReason (RFC 5280 5.3.1): `keyCompromise`; `reason 7` for a number of no name.
std::string describe_reason(std::uint32_t reason);
/// `revoked on 2026-02-01 (keyCompromise)`, as far as it is told.
std::string describe_revocation(std::optional<Time> date, std::optional<std::uint32_t> reason);

/// One entry of revokedCertificates as views into the CRL. RFC 5280 5.1.2.6, 5.3
struct RevokedCertificate {
    Bytes serial_number;  ///< contents of the INTEGER
    Time revocation_date{};
    std::optional<std::uint32_t> reason;  ///< CRLReason (5.3.1); nothing when the entry gives none
    /// certificateIssuer (5.3.3), empty when the entry has none: then it is that of the entry before, at first the CRL's own issuer.
    GeneralNames certificate_issuer;
    bool has_extensions = false;    ///< any at all
    bool unknown_critical = false;  ///< an extension of the entry is critical and not known here
    std::uint32_t offset = 0;       ///< of the entry
};
/// Takes one entry from `reader`.
Result<RevokedCertificate> read_revoked_certificate(der::Reader& reader);
/// All entries in their order: millions in the largest CRLs, so they are read one by one and kept nowhere.
using RevokedCertificates = der::SequenceOf<RevokedCertificate, read_revoked_certificate>;

/// RFC 5280 5.2.5: which certificates the CRL is about.
struct IssuingDistributionPoint : DistributionPointName {
    bool only_contains_user_certs = false, only_contains_ca_certs = false, only_contains_attribute_certs = false;
    std::optional<der::BitString> only_some_reasons;  ///< all reasons when it is not there
    bool indirect_crl = false;
};

/// The extensions of a CRL that decide what it says. RFC 5280 5.2
struct CrlExtensions {
    Known<AuthorityKeyIdentifier> authority_key_identifier;
    Known<Bytes> crl_number;           ///< magnitude of the INTEGER
    Known<Bytes> delta_crl_indicator;  ///< magnitude of the INTEGER: the number of the complete CRL that it changes
    Known<IssuingDistributionPoint> issuing_distribution_point;
    Known<CrlDistributionPoints> freshest_crl;
    bool unknown_critical = false;  ///< another one is critical and not known here
};

/// A certificate revocation list of RFC 5280 5.1 as views into its bytes; whoever owns them keeps them.
///
///     const auto crl = x509::parse_crl(der);
///     if (!crl) return report(crl.error());
///     for (const x509::RevokedCertificate& entry : crl->revoked_certificates) ...
struct CertificateList {
    Bytes der;                  ///< the whole
    Bytes tbs_cert_list;        ///< the element that is signed, with tag and length
    std::uint32_t version = 1;  ///< 1 or 2 as people count; others as they come
    AlgorithmIdentifier signature_inner;
    Name issuer;
    der::EncodedTime this_update;
    std::optional<der::EncodedTime> next_update;
    RevokedCertificates revoked_certificates;
    bool has_revoked_certificates = false;  ///< the list is there, be it empty, which RFC 5280 5.1.2.6 forbids
    bool entries_have_extensions = false, entries_unknown_critical = false;  ///< any of them: known when the CRL is read, which sees all
    Extensions extensions;
    CrlExtensions known;
    AlgorithmIdentifier signature_algorithm;  ///< the outer one
    Bytes signature_value;                    ///< the BIT STRING's octets
    std::uint8_t signature_unused_bits = 0;   ///< of its last octet; where there are any, the signature is wrong
};

/// Reads a CRL. `der` is the whole CertificateList and nothing else. Allocates nothing. Fails when frames are broken, those of every entry
/// among them. Not checked: the signature, the dates, that a number is there, that an entry is there once.
Result<CertificateList, ParseError> parse_crl(Bytes der);

}  // namespace truename::x509
