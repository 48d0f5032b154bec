#pragma once

#include <span>
#include <vector>

#include "base/bytes.h"
#include "finding/finding.h"
#include "x509/certificate.h"

namespace truename::verify {

/// Appends what OCSP responses that came with the handshake say of the server's certificate: that it is revoked, that the responder does
/// not know it, or nothing because they are about another one. A response that cannot be read or is an error message says nothing. Not
/// checked: who signed it, and since when and until when it holds.
void report_staples(const x509::Certificate& certificate, std::span<const Bytes> staples, std::vector<Finding>& findings);

}  // namespace truename::verify
