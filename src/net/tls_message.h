#pragma once

#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace truename::net {

/// What a server's Certificate message holds.
struct CertificateMessage {
    std::vector<ByteString> chain;  ///< the certificates as sent, unread
    ByteString staple;              ///< the OCSP response that TLS 1.3 carries beside the first one
};

/// The most certificates that are kept of one message: nobody needs more, and a server may send 50.
inline constexpr std::size_t kMaxChainCertificates = 128;

/// Reads the body of a Certificate message: RFC 5246 7.4.2, or RFC 8446 4.4.2 when `tls_1_3`. Fails when a length does not fit; what a
/// certificate is made of is not looked at. Certificates past kMaxChainCertificates are left out.
Result<CertificateMessage> parse_certificate_message(Bytes body, bool tls_1_3);

/// Reads the body of a CertificateStatus (RFC 6066 8, and the status_request extension of RFC 8446 4.4.2.1): the OCSP response. Fails for
/// other kinds of status.
Result<ByteString> parse_certificate_status(Bytes body);

}  // namespace truename::net
