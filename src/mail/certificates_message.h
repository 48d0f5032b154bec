#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace truename::mail {

/// A message that hands out certificates (RFC 8551 3.8): a text, and certificates (DER) as a file that mail programs take. LF line ends;
/// its To, Date and Message-ID are left to who sends it. Nothing when `from` is not exactly one address.
std::optional<std::string> certificates_message(std::string_view from, std::string_view subject, std::string_view text,
                                                const std::vector<ByteString>& certificates);

}  // namespace truename::mail
