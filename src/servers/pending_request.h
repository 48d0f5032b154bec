#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/private_key.h"
#include "finding/failure.h"
#include "servers/offer.h"

namespace truename::servers {

/// A request whose answer has not come yet: a folder `requests/NAME` below that of the record, with `privkey.pem`, which only its owner may
/// read, and `request.pem`.
struct PendingRequest {
    std::string folder;
    std::vector<std::string> names;  ///< in their order
    std::string pem;                 ///< of the request
};

/// Keeps a key and the request for it, which is for these names (A-labels). The request is on the disk when it comes back, the key before
/// it. Fails with `usage` when there is one with the same first name already, or a name is none; with `local` when nothing can be written.
Result<PendingRequest, Failure> keep_request(const std::string& state, const std::vector<std::string>& names,
                                             const crypto::PrivateKey& key);

/// Those that wait, by name. What cannot be read is left out.
std::vector<PendingRequest> pending_requests(const std::string& state);

/// Their keys.
std::vector<NamedKey> keys_of_requests(const std::string& state);

/// Takes the request away whose key it is, since its answer has come; or nothing where it is none of theirs.
Result<void, Failure> end_request(const std::string& state, const crypto::PrivateKey& key);

/// Takes away the request with that first name. Fails with `usage` when there is none.
Result<void, Failure> forget_request(const std::string& state, const std::string& name);

}  // namespace truename::servers
