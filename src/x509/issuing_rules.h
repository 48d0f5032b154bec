#pragma once

#include <vector>

#include "finding/finding.h"
#include "x509/certificate.h"

namespace truename::x509 {

/// Whether the certificate says that it is an authority's (RFC 5280 4.2.1.9).
bool is_authority(const Certificate& certificate);

/// Appends where an authority did not keep to what RFC 5280 4.2 and the CA/Browser Forum ask of it when it issues, and what no path
/// validation looks at: extensions critical that must not be or the other way round, key identifiers that are missing or name an issuer, a
/// common name that is none of the names. At most one finding of each id.
void report_issuing_rules(const Certificate& certificate, std::vector<Finding>& findings);

}  // namespace truename::x509
