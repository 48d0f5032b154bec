#include "x509/parse_error.h"

namespace truename::x509 {

std::string describe(const ParseError& error) {
    return std::string(name_of(error.field)) + " " + truename::describe(error.kind) + " (byte " + std::to_string(error.offset) + ")";
}

}  // namespace truename::x509
