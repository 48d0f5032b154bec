#pragma once

#include <vector>

#include "finding/finding.h"
#include "x509/certificate.h"
#include "x509/request.h"

namespace truename::x509 {

// Everything that is true of one certificate alone, whatever the time, its role, the name asked for and other certificates. These ids come
// from here and from nowhere else:
//
//     cert.version  cert.serial-number  cert.empty-issuer  cert.empty-subject  cert.time-form  cert.encoding  cert.name-encoding
//     signature.sha1  signature.md5  signature.unsupported  signature.mismatch  signature.dsa
//     key.*                                     (key.invalid only for what can be seen without arithmetic)
//     extension.unknown-critical  extension.duplicate  extension.malformed  extension.empty
//     name.malformed  name.trailing-dot  name.internal       (of subjectAltName)
//
// Dates, purposes, constraints and names against a role, a name or a clock are the verifier's.

/// The most findings that one call adds.
inline constexpr std::size_t kMaxFindings = 64;

/// Appends the findings of `certificate` in the order of its fields, the same every time. At most kMaxFindings are added, so that a hostile
/// certificate cannot fill the memory; the names that are looked at end there too.
void report_findings(const Certificate& certificate, std::vector<Finding>& findings);

/// The same for a request.
void report_findings(const Request& request, std::vector<Finding>& findings);

}  // namespace truename::x509
