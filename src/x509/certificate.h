#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/digest.h"
#include "der/time.h"
#include "x509/algorithm.h"
#include "x509/extension.h"
#include "x509/name.h"
#include "x509/parse_error.h"

namespace truename::x509 {

/// Beyond this many bytes nothing is read as a certificate (too_large): TLS can carry 16 MB, and no client takes it.
inline constexpr std::size_t kMaxCertificateSize = 1U << 20;

/// The version of a certificate that says a negative number or one that is too large.
inline constexpr std::uint32_t kUnknownVersion = 0xffffffff;

/// RFC 5280 4.1.2.5. Not checked: that `not_before <= not_after`.
struct Validity {
    der::EncodedTime not_before, not_after;
    std::uint32_t not_before_offset = 0, not_after_offset = 0;
};

/// A certificate of RFC 5280 4.1 as views into its bytes: nothing is copied, whoever owns the bytes keeps them as long as this is used.
///
///     const auto certificate = x509::parse_certificate(der);
///     if (!certificate) return report(certificate.error());
///     for (const x509::GeneralName& name : *certificate->known.subject_alt_name) ...
struct Certificate {
    Bytes der;              ///< the whole
    Bytes tbs_certificate;  ///< the element that is signed, with tag and length
    std::uint32_t tbs_offset = 0;
    std::uint32_t version = 1;  ///< 1, 2, 3 as people count; others as they come
    Bytes serial_number;        ///< contents of the INTEGER: may be negative, zero or long
    std::uint32_t serial_offset = 0;
    AlgorithmIdentifier signature_inner;  ///< tbsCertificate.signature
    Name issuer;
    Validity validity;
    Name subject;
    SubjectPublicKeyInfo subject_public_key_info;
    Bytes issuer_unique_id, subject_unique_id;  ///< contents of the BIT STRING, empty when absent
    Extensions extensions;                      ///< all, in order; empty when there are none
    std::uint32_t extensions_offset = 0;        ///< of the [3]; 0 when absent
    std::uint32_t extra_offset = 0;             ///< of what stands behind the extensions; 0 when nothing does
    KnownExtensions known;                      ///< those that clients act on
    AlgorithmIdentifier signature_algorithm;    ///< the outer one
    Bytes signature_value;                      ///< the BIT STRING's octets
    std::uint8_t signature_unused_bits = 0;     ///< of its last octet; where there are any, the signature is wrong
    std::uint32_t signature_offset = 0;
};

/// Reads a certificate. `der` is the whole Certificate and nothing else. Allocates nothing.
///
/// Fails only when frames are broken: then nothing after the error can be trusted to be where it seems. Everything else (contents of
/// extensions and of the key, lengths in BER, times in another form, serial numbers, doubled extensions ...) is read as well as it can be
/// and told by report_findings(). Not checked: signatures, dates, names.
Result<Certificate, ParseError> parse_certificate(Bytes der);

/// True when subject and issuer are the same bytes: what "self-issued" means to most programs (RFC 5280 3.2 compares folded names).
bool is_self_issued(const Certificate& certificate);

/// The fingerprint by which reports and caches know a certificate: SHA-256 of the whole.
crypto::Sha256 fingerprint(const Certificate& certificate);

}  // namespace truename::x509
