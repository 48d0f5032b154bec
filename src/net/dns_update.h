#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "finding/failure.h"

namespace truename::net {

/// The server that takes changes of a zone (RFC 2136), and the key that it knows us by (RFC 8945).
struct UpdateServer {
    std::string resolver;  ///< what parse_resolver() gave: the primary server of the zone
    std::string key_file;  ///< as tsig-keygen writes it; empty: it knows us by our address
};

/// Runs a program and waits for its end; gives what is wrong when it was no success.
using RunProgram = std::function<Result<void, Failure>(const std::vector<std::string>& arguments)>;

/// Changes zones by BIND's nsupdate, which `run` runs: all of the changes or none. Each is a line as nsupdate has them: `add NAME TTL IN
/// TYPE DATA`, `delete NAME IN TYPE DATA`. Fails as `run` does, with `local` when this machine has no nsupdate, with `protocol` when the
/// server refuses.
Result<void, Failure> update_dns(const UpdateServer& server, const std::vector<std::string>& changes, const RunProgram& run);

/// What nsupdate is told.
std::string update_script(const UpdateServer& server, const std::vector<std::string>& changes);

}  // namespace truename::net
