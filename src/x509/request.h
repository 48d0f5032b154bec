#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/public_key.h"
#include "x509/algorithm.h"
#include "x509/extension.h"
#include "x509/name.h"
#include "x509/parse_error.h"

namespace truename::x509 {

/// Beyond this many bytes nothing is read as a request (too_large).
inline constexpr std::size_t kMaxRequestSize = 1U << 20;

/// A certification request (CSR) of RFC 2986 4 as views into its bytes; the owner keeps them.
struct Request {
    Bytes der;                  ///< the whole
    Bytes request_info;         ///< the CertificationRequestInfo that is signed, with tag and length
    std::uint32_t version = 1;  ///< 1 as people count
    Name subject;
    SubjectPublicKeyInfo subject_public_key_info;
    Bytes attributes;  ///< contents of the [0]
    std::uint32_t attributes_offset = 0;
    Extensions extensions;  ///< from extensionRequest (RFC 2985 5.4.2) or Microsoft's own attribute; empty when there is none
    KnownExtensions known;  ///< names in order are `known.subject_alt_name`
    bool has_challenge_password = false;
    AlgorithmIdentifier signature_algorithm;
    Bytes signature_value;
    std::uint8_t signature_unused_bits = 0;  ///< of its last octet; where there are any, the signature is wrong
};

/// Reads a request. `der` is the whole and nothing else. Fails when frames are broken; the field of the error says where. Not checked: the
/// signature.
Result<Request, ParseError> parse_request(Bytes der);

/// Whether the request is signed with the key that it is for (proof of possession, RFC 2986 3).
crypto::SignatureCheck verify_proof_of_possession(const Request& request);

}  // namespace truename::x509
