#pragma once

#include <vector>

#include "finding/finding.h"
#include "x509/certificate.h"
#include "x509/request.h"

namespace truename::x509 {

/// Appends everything that is true of this certificate alone, whatever the time, its role, the name asked for and other certificates: keys,
/// algorithms, encoding, malformed and doubled extensions, names that are none. The same certificate gives the same findings in the same
/// order: that of the fields. At most kMaxFindings are added, so a hostile certificate cannot fill the memory.
void report_findings(const Certificate& certificate, std::vector<Finding>& findings);

/// The same for a request.
void report_findings(const Request& request, std::vector<Finding>& findings);

/// The most findings that one call adds.
inline constexpr std::size_t kMaxFindings = 64;

}  // namespace truename::x509
