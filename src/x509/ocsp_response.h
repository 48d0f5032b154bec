#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

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

}  // namespace truename::x509
