#pragma once

#include <string>
#include <vector>

#include "address/records.h"
#include "base/result.h"
#include "finding/failure.h"

namespace truename::address {

/// The server that takes changes of the zone (RFC 2136), and the key that it knows us by (RFC 8945).
struct UpdateServer {
    std::string resolver;  ///< what parse_resolver() gave: the primary server of the zone
    std::string key_file;  ///< as tsig-keygen writes it; empty: it knows us by our address
};

/// Adds the records to their zones, by BIND's nsupdate; nothing is taken away, and those whose data is not known yet are left out. Fails
/// with `local` when this machine has no nsupdate, with `timeout`, and with `protocol` when the server refuses; then nothing was added.
Result<void, Failure> add_to_zone(const std::vector<Record>& records, const UpdateServer& server);

/// What nsupdate is told.
std::string update_script(const std::vector<Record>& records, const UpdateServer& server);

}  // namespace truename::address
