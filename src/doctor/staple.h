#pragma once

#include "base/result.h"
#include "doctor/doctor.h"

namespace truename::doctor {

/// The DER of an OCSP response in `file` (DER, or PEM with the label OCSP RESPONSE) as a server could staple it (RFC 6960 4.2.1), be it
/// the error message of a responder. Fails with `input` for anything else. Not checked: which certificate the response is about, what it
/// says, since when and until when, and who signed it.
Result<ByteString, Failure> read_staple(const NamedFile& file);

}  // namespace truename::doctor
