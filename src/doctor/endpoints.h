#pragma once

#include <string>
#include <vector>

#include "doctor/report.h"
#include "doctor/settings.h"
#include "probe/evidence.h"

namespace truename::doctor {

/// Equal chains of several endpoints, which are judged once.
struct ShownChain {
    std::string id;                                         ///< `A`, `B`, ...
    const std::vector<ByteString>* certificates = nullptr;  ///< borrowed from the evidence
    std::vector<const probe::Endpoint*> endpoints;          ///< that showed it, each once; borrowed from the evidence
    bool stapled = false;                                   ///< some endpoint stapled an OCSP response
    bool only_without_name = false;                         ///< shown only to a hello without a name (SNI)
};

/// The different chains of all endpoints in the order in which they were seen; those that `deep` connections showed come last.
std::vector<ShownChain> group_chains(const probe::Evidence& evidence);

/// Writes endpoints and what the wire showed of them into the report.
void record_endpoints(Report& report, const probe::Evidence& evidence, const std::vector<ShownChain>& chains);

/// What the clients' rules ask about the handshakes of an endpoint.
clients::ServerTls server_tls(const probe::Endpoint& endpoint);

/// How the endpoints differ, a sentence each: by address, by port, by name in the hello; and whether one shows a newer certificate.
std::vector<std::string> differences(const Report& report, const std::vector<ShownChain>& chains);

}  // namespace truename::doctor
