#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "acme/client.h"
#include "acme/issuance.h"
#include "acme/solver.h"
#include "base/bytes.h"
#include "base/result.h"
#include "finding/failure.h"

namespace truename::acme {

/// How the account shows that names are its own.
struct Proof {
    enum class Kind : std::uint8_t { http_port, webroot, dns_hook, dns_update };
    Kind kind = Kind::http_port;
    std::string value;                 ///< port, folder, program, or the server that takes changes of the zone
    std::string key_file = {};         ///< of `dns_update`; empty: the server knows us by our address
    std::chrono::seconds dns_wait{0};  ///< until all name servers have a record
};

/// Everything that an order needs, and that it is made again with at the next renewal.
struct Ordering {
    std::string directory;
    std::vector<std::string> names;  ///< A-labels, in the order that is wanted
    Proof proof;
    std::string account_key;      ///< file; empty: one that is made and kept, one for each directory
    bool is_forced = false;       ///< although some mail program would warn or refuse
    bool by_name = false;         ///< servers show it only to who asks for one of its names (SNI)
    std::string directory_roots;  ///< PEM file of those that the directory's own server is trusted by; empty: the machine's
};

/// What an order needs of the machine that it is made on.
struct Surroundings {
    std::string state;  ///< folder that is there, in which account keys are kept
    RunProgram run;
    RunProgram clean;  ///< the same for what takes proofs away, which is done after `stop`, too
    Wait wait;
    Telling telling;
    std::stop_token stop;
};

/// What came of an order.
struct Delivery {
    std::string chain;         ///< PEM, the certificate first
    std::string agreed_terms;  ///< of a new account; empty: it was there already, or there are none
};

/// Has a request (DER, for the names of `ordering`) signed by the authority of the directory. Fails as Client::open() and obtain(), with
/// `local` where the account's key cannot be made or read, with `input` where it is no key on P-256.
Result<Delivery, Failure> order(const Ordering& ordering, Bytes request, const Registration& registration,
                                const Surroundings& surroundings);

}  // namespace truename::acme
