#pragma once

#include "base/bytes.h"
#include "x509/certificate.h"

namespace truename::x509 {

/// An OCSPRequest (RFC 6960 4.1.1) about one certificate, unsigned. The hashes that name the issuer are SHA-1, which every responder knows
/// (RFC 5019 2.1.1). With a nonce that is not empty the request carries it (RFC 9654 2.1).
ByteString write_ocsp_request(const Certificate& certificate, const Certificate& issuer, Bytes nonce);

}  // namespace truename::x509
