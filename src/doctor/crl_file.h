#pragma once

#include <vector>

#include "base/result.h"
#include "doctor/doctor.h"

namespace truename::doctor {

/// The DER of each certificate revocation list in `file` (DER, or PEM blocks with the label X509 CRL; others are passed over). Fails with
/// `input` where there is none, or one that cannot be read. Not checked: who signed them, their dates, what they are about.
Result<std::vector<ByteString>, Failure> read_crls(const NamedFile& file);

}  // namespace truename::doctor
