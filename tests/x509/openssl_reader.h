#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "x509/certificate.h"

namespace truename::x509 {

/// What a reader saw in a certificate, one text per value, by names that say where a difference lies.
using SeenValues = std::map<std::string, std::string>;

/// The text in the place of a value that a reader refuses.
inline constexpr std::string_view kRefused = "refused";

/// What OpenSSL's d2i_X509 and its accessors read; nothing when it refuses the bytes.
std::optional<SeenValues> read_with_openssl(Bytes der);

/// The same values by our reader.
SeenValues values_of(const Certificate& certificate);

}  // namespace truename::x509
