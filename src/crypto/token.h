#pragma once

// For the .cpp files of this module only.

#include <string_view>

#include "crypto/evp.h"

namespace truename::crypto {

/// The private key that a PKCS #11 URI (RFC 7512) names, which stays in its token; null when it cannot be had. `has_tokens` tells whether
/// OpenSSL's engine for tokens is there at all.
EvpKey load_token_key(std::string_view uri, std::string_view pin, bool& has_tokens);

}  // namespace truename::crypto
