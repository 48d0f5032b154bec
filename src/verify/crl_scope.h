#pragma once

#include <cstdint>
#include <optional>

#include "verify/budget.h"
#include "x509/certificate.h"
#include "x509/crl.h"

namespace truename::verify {

/// Reasons for a revocation, as bits with the numbers of ReasonFlags (RFC 5280 4.2.1.13).
using Reasons = std::uint16_t;
inline constexpr Reasons kAllReasons = 0x1FE;

/// The reasons for which `crl` would list `certificate`, as RFC 5280 6.3.3 (b) and (d) work them out: who must have made the CRL, which
/// names both give the distribution point, which kinds of certificates it is about. `point`: one of the certificate's distribution points;
/// null for the one that 6.3.3 assumes for every certificate, named after its issuer. Nothing when it is not about this certificate. Not
/// looked at: dates, signatures, whether the CRL is a delta.
std::optional<Reasons> reasons_covered(const x509::CertificateList& crl, const x509::Certificate& certificate,
                                       const x509::DistributionPoint* point, Meter& meter);

/// Whether the delta CRL changes that complete CRL. RFC 5280 6.3.3(c), 5.2.4
bool changes(const x509::CertificateList& delta, const x509::CertificateList& complete);

}  // namespace truename::verify
