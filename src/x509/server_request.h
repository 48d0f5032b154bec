#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/private_key.h"

namespace truename::x509 {

/// The subject (Name element) with that common name, for programs that look at nothing else; an empty one where it would be longer than 64
/// octets (RFC 5280 A.1, ub-common-name).
ByteString encode_common_name(const std::string& name);

/// A request for a server with these names (A-labels) in their order, signed with the key that it is for. The first name is in its
/// subject, too, as encode_common_name() has it, for authorities that want one. Fails as sign_request().
Result<ByteString> sign_server_request(const std::vector<std::string>& names, const crypto::PrivateKey& key);

}  // namespace truename::x509
