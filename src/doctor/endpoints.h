#pragma once

#include <string>
#include <vector>

#include "doctor/report.h"
#include "doctor/settings.h"
#include "probe/evidence.h"

namespace truename::doctor {

/// One connection on which a chain was seen. Borrowed from the evidence.
struct Sight {
    const probe::Endpoint* endpoint = nullptr;
    const probe::DeepAnswer* answer = nullptr;  ///< nothing for the endpoint's first connection
};

/// Equal chains of several connections, which are judged once for each name.
struct ShownChain {
    std::string id;                                         ///< `A`, `B`, ...; equal certificates have one id under every name
    const std::vector<ByteString>* certificates = nullptr;  ///< borrowed from the evidence
    std::string name;                                       ///< that users type to come to it; other than the target's for `other_name`
    std::vector<Sight> sights;
    std::vector<ByteString> staples;  ///< the OCSP responses that endpoints stapled, each once

    /// The endpoints of the sights, each once.
    [[nodiscard]] std::vector<const probe::Endpoint*> endpoints() const;
    /// The ids of the endpoints that show it to a client with these rules. What a hello without a name gets is seen by clients that send
    /// none, what TLS 1.0 alone gets by those that speak no more, and of two certificates with other kinds of keys the one whose kind the
    /// client takes. Whatever is not known of a client counts as if it could see it, but for the hello without a name.
    [[nodiscard]] std::vector<std::string> shown_to(const clients::TlsRule& rule) const;
};

/// The different chains of all endpoints in the order in which they were seen; those that only `deep` connections showed come last.
std::vector<ShownChain> group_chains(const probe::Evidence& evidence);

/// What brought out the chain with that id (`no-sni`, `rsa-only`), each once; empty when some first connection saw it.
std::vector<std::string> questions_for(const std::vector<ShownChain>& chains, const std::string& id);

/// Writes endpoints and what the wire showed of them into the report.
void record_endpoints(Report& report, const probe::Evidence& evidence, const std::vector<ShownChain>& chains);

/// What the clients' rules ask about the handshakes of an endpoint.
clients::ServerTls server_tls(const probe::Endpoint& endpoint);

/// How the endpoints differ, a sentence each: by address, by port; which question brought out a chain that the first connections did not
/// show; whether one shows a newer certificate; which port sends an issuer that another forgets.
std::vector<std::string> differences(const Report& report, const std::vector<ShownChain>& chains);

}  // namespace truename::doctor
