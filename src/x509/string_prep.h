#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace truename::x509 {

/// A text in the form in which two of them are compared without regard to letter case (RFC 5280 7.1, RFC 4518): controls and marks that
/// cannot be seen left out, separators as blanks, case folded (RFC 3454 B.2), in normal form KC, runs of blanks as one and none at the
/// ends. Nothing for what is no UTF-8 and for a text with characters that RFC 4518 2.4 prohibits. Characters that Unicode has added since
/// are taken as they are.
std::optional<std::string> prepare_string(std::string_view utf8);

}  // namespace truename::x509
