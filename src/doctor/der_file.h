#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "doctor/doctor.h"

namespace truename::doctor {

/// A kind of file that a user hands over: DER, or PEM blocks of one label.
struct DerFileKind {
    std::string_view doing;  ///< for failures: `reading the OCSP response in`
    std::string_view label;  ///< of its PEM blocks
    std::string_view next;   ///< what to do when a file holds other blocks only
};

/// That the file is not one of its kind: an `input` failure.
Unexpected<Failure> refuse_file(const NamedFile& file, const DerFileKind& kind, std::string reason, std::string next = {});

/// The DER of a file: all of it, or that of each PEM block of the label, at least one; other blocks are passed over. Fails with `input`.
/// What is inside is not looked at.
Result<std::vector<ByteString>, Failure> read_der_file(const NamedFile& file, const DerFileKind& kind);

}  // namespace truename::doctor
