#pragma once

#include <vector>

#include "probe/evidence.h"
#include "probe/probe.h"

namespace truename::probe {

/// One more connection to make.
struct DeepQuestion {
    Question question;
    net::TlsHello hello;
};

/// What `--deep` asks of an endpoint after its first connection: nothing of one that does not speak TLS, and nothing that the first
/// connection has answered already. All may be asked at once; several `again` are among them, because servers with several processes can
/// hand out two certificates.
std::vector<DeepQuestion> plan_questions(const Endpoint& endpoint, const Options& options);

/// Writes into `endpoint` what its first connection and the answers in `deep` tell together: reach and findings.
void conclude_deep(Endpoint& endpoint);

}  // namespace truename::probe
