#pragma once

#include <string>
#include <vector>

#include "doctor/report.h"

namespace truename::doctor {

/// The exit code of one report: 0 every client that counts is silent, 1 some warn or expiry is near, 2 some refuse, an endpoint shuts
/// clients out, something required is missing or no authority would sign the request, 3 nothing could be judged. `require` names protocols
/// that have to be judged.
int exit_code(const Report& report, const std::vector<std::string>& require);

/// Whether some endpoint speaks but does not let every client in (`Endpoint::shuts_out`).
bool shuts_out(const Report& report);

/// Whether `word` of `--require` means this endpoint: `imap`, `imap+starttls` (one thing to whoever types it) or its port number.
bool is_service(const Endpoint& endpoint, const std::string& word);

/// What became of a service that `--require` names.
struct Required {
    int exit = 0;     ///< what it does to the exit code: 0 it is there, 2 it is not, 3 nobody can say (turned away; nobody was asked)
    std::string why;  ///< `submission is required and nothing listens there`; empty when it is there
};

/// Looks for `word` (`imaps`, `imap`, `993`) among the endpoints: there when a handshake was completed on one of them.
Required find_required(const Report& report, const std::string& word);

}  // namespace truename::doctor
