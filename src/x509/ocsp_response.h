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
#include "x509/parse_error.h"

namespace truename::x509 {

/// Beyond this many bytes nothing is read as an OCSP response (too_large); what a server staples is one to three kilobytes.
inline constexpr std::size_t kMaxOcspResponseSize = 1U << 20;
/// The most answers and certificates that are read of one response (too_large beyond); a server staples one answer.
inline constexpr std::size_t kMostOcspAnswers = 64, kMostOcspCertificates = 16;

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
    Time this_update{};
    std::optional<Time> next_update;     ///< nothing: newer information is there at any time (RFC 6960 4.2.2.1)
    std::optional<Time> archive_cutoff;  ///< since when the responder keeps what ended (RFC 6960 4.4.4)
    bool unknown_critical = false;       ///< an extension of the answer is critical and not known here
    std::uint32_t offset = 0;
};

/// ResponderID: one of the two. RFC 6960 4.2.1
struct ResponderId {
    std::optional<Name> by_name;
    Bytes by_key;  ///< SHA-1 of the responder's public key
    std::uint32_t offset = 0;
};

/// An OCSP response as views into its bytes; the owner keeps them. Where the status is another than `successful` there is nothing else.
struct OcspResponse {
    OcspStatus status = OcspStatus::successful;
    Bytes response_data;  ///< the ResponseData that is signed, with tag and length
    ResponderId responder;
    Time produced_at{};
    std::uint32_t produced_offset = 0;
    std::vector<OcspAnswer> answers;
    std::optional<Bytes> nonce;     ///< contents of the extension (RFC 6960 4.4.1), framed as an OCTET STRING or, by old ones, not at all
    bool unknown_critical = false;  ///< an extension of the whole is critical and not known here
    AlgorithmIdentifier signature_algorithm;
    Bytes signature_value;                   ///< the BIT STRING's octets
    std::uint8_t signature_unused_bits = 0;  ///< of its last octet; where there are any, the signature is wrong
    std::uint32_t signature_offset = 0;
    std::vector<Bytes> certificates;  ///< that came with it to tell who signed: whole elements, not looked into
};

/// Reads a response.
///
///     OCSPResponse      ::= SEQUENCE { responseStatus ENUMERATED, responseBytes [0] EXPLICIT ResponseBytes OPTIONAL }   RFC 6960 4.2.1
///     ResponseBytes     ::= SEQUENCE { responseType OBJECT IDENTIFIER, response OCTET STRING }
///     BasicOCSPResponse ::= SEQUENCE { tbsResponseData, signatureAlgorithm, signature BIT STRING, certs [0] OPTIONAL }
///     ResponseData      ::= SEQUENCE { version [0] DEFAULT v1, responderID, producedAt, responses, responseExtensions [1] OPTIONAL }
///
/// `der` is the whole and nothing else. Fails with the offset of what does not belong, and with the field tbsResponseData when only what is
/// signed cannot be read; unsupported for another response type than id-pkix-ocsp-basic. Not checked: the signature and who may make it,
/// dates, whom the answers are about.
Result<OcspResponse, ParseError> parse_ocsp_response(Bytes der);

/// Whether the answer is about that certificate: by serial number, by its issuer's name and, where the issuer is at hand, by its issuer's
/// key. Hashes of an algorithm that is not known (neither SHA-1 nor SHA-2) fit nothing.
bool is_about(const OcspAnswer& answer, const Certificate& certificate, const SubjectPublicKeyInfo* issuer_key);

/// Whether that certificate's owner is the one whom a response names as its responder.
bool is_named(const ResponderId& responder, const Certificate& certificate);

/// `CN=Responder`, or `the key 0f3b...`.
std::string describe(const ResponderId& responder);

}  // namespace truename::x509
