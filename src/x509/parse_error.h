#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "finding/field.h"

namespace truename::x509 {

/// Why some bytes are no certificate or request at all. What is wrong but can be read around is a Finding (findings.h).
struct ParseError {
    ErrorKind kind = ErrorKind::bad_value;
    Field field = Field::certificate;  ///< the innermost part that could not be read
    std::uint32_t offset = 0;          ///< of the first wrong byte or element, from the start of the given bytes

    friend bool operator==(const ParseError&, const ParseError&) = default;
};

/// `subjectPublicKeyInfo is another type than the one that belongs here (byte 341)`.
std::string describe(const ParseError& error);

}  // namespace truename::x509
