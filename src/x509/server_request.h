#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/private_key.h"

namespace truename::x509 {

/// A request for a server with these names (A-labels) in their order, signed with the key that it is for. The first name is the common
/// name, too, for authorities that want one; none where it would be longer than 64 octets (RFC 5280 A.1).
Result<ByteString> sign_server_request(const std::vector<std::string>& names, const crypto::PrivateKey& key);

}  // namespace truename::x509
