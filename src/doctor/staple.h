#pragma once

#include "base/result.h"
#include "doctor/doctor.h"

namespace truename::doctor {

/// The DER of an OCSP response in `file` (DER, or PEM with the label OCSP RESPONSE) as a server could staple it (RFC 6960 4.2.1). Fails
/// with `input` for anything else, also for the error message of a responder, which says nothing about any certificate. Not checked: which
/// certificate the response is about, what it says, since when and until when, and who signed it.
Result<ByteString, Failure> read_staple(const NamedFile& file);

}  // namespace truename::doctor
