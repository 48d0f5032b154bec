#pragma once

#include "base/result.h"
#include "doctor/doctor.h"

namespace truename::doctor {

/// Whether `file` (DER, or PEM with the label OCSP RESPONSE) is an OCSP response as a server could staple it (RFC 6960 4.2.1). Fails with
/// `input` for anything else, also for the error message of a responder, which says nothing about any certificate. Not checked: which
/// certificate the response is about, what it says, since when and until when, and who signed it.
Result<void, Failure> check_staple(const NamedFile& file);

}  // namespace truename::doctor
