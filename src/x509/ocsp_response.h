#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "x509/certificate.h"

namespace truename::x509 {

/// Beyond this many bytes nothing is read as an OCSP response (too_large); what a server staples is one to three kilobytes.
inline constexpr std::size_t kMaxOcspResponseSize = 1U << 20;

/// OCSPResponseStatus. RFC 6960 4.2.1
enum class OcspStatus : std::uint8_t {
    successful = 0,
    malformed_request = 1,
    internal_error = 2,
    try_later = 3,
    signature_required = 5,
    unauthorized = 6,
};

/// The standard's own word: `tryLater`.
std::string_view name_of(OcspStatus status);

/// The frame of an OCSP response as views into its bytes; the owner keeps them.
struct OcspResponse {
    OcspStatus status = OcspStatus::successful;
    Bytes response_data;  ///< the ResponseData that is signed, with tag and length; empty unless `status` is successful
};

/// Reads the frame of a response.
///
///     OCSPResponse      ::= SEQUENCE { responseStatus ENUMERATED, responseBytes [0] EXPLICIT ResponseBytes OPTIONAL }   RFC 6960 4.2.1
///     ResponseBytes     ::= SEQUENCE { responseType OBJECT IDENTIFIER, response OCTET STRING }
///     BasicOCSPResponse ::= SEQUENCE { tbsResponseData, signatureAlgorithm, signature BIT STRING, certs [0] OPTIONAL }
///
/// `der` is the whole and nothing else. Fails with the offset of what does not belong; unsupported for another response type than
/// id-pkix-ocsp-basic. Not checked: the signature, and everything inside the ResponseData: which certificate it is about, what it says of
/// it, and for how long.
Result<OcspResponse> parse_ocsp_response(Bytes der);

/// What a responder says of one certificate. RFC 6960 4.2.1
enum class OcspVerdict : std::uint8_t { good, revoked, unknown };

/// A SingleResponse as views into the response.
struct OcspAnswer {
    AlgorithmIdentifier hash_algorithm;
    Bytes issuer_name_hash, issuer_key_hash;
    Bytes serial_number;  ///< contents of the INTEGER
    OcspVerdict verdict = OcspVerdict::good;
    std::optional<Time> revoked_at;       ///< of `revoked`
    std::optional<std::uint32_t> reason;  ///< CRLReason (RFC 5280 5.3.1) of `revoked`, when it is told
};

/// The most answers that are read of one response; a server staples one.
inline constexpr std::size_t kMostOcspAnswers = 64;

/// Reads what `response_data` of an OcspResponse says of which certificates. Fails with the offset (from the start of the ResponseData)
/// of what cannot be read; too_large for more answers than kMostOcspAnswers. Not checked: the signature and who made it, since when and
/// until when the answers hold.
Result<std::vector<OcspAnswer>> parse_ocsp_answers(Bytes response_data);

/// Whether the answer is about that certificate, by serial number and issuer's name; the hash of the issuer's key is not compared, and
/// neither is that of the name when its algorithm is not known.
bool is_about(const OcspAnswer& answer, const Certificate& certificate);

}  // namespace truename::x509
