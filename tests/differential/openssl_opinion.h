#pragma once

#include <string>

#include "tests/conformance/trial.h"

namespace truename::differential {

struct Opinion {
    bool accepts = false;
    std::string reason;  ///< in the library's own words
};

/// What OpenSSL says as a TLS client on Debian does: for a server, at security level 2, the name compared.
Opinion ask_openssl(const conformance::Trial& trial);

}  // namespace truename::differential
