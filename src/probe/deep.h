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

/// What `--deep` (or `names_besides`, for this target) asks of an endpoint next: after its first connection, and once more after the
/// answers to that. Nothing of one that does not speak TLS, and nothing that an earlier answer has told already.
///
/// All questions of one call are to be asked at once, and their connections kept open until the last of the endpoint is answered: a server
/// of several processes (Postfix, Cyrus) gives connections that follow one another to the same process, each with the certificate that it
/// read at its start, and only connections that are open together reach several.
std::vector<DeepQuestion> plan_questions(const Target& target, const Endpoint& endpoint, const Options& options);

/// Adds one answer to `endpoint`, and to its reach.
void record_answer(Endpoint& endpoint, DeepAnswer&& answer);

/// Makes the endpoint's reach anew from its first connection and the answers in `deep`.
void find_reach_again(Endpoint& endpoint);

/// Writes into `endpoint` the findings that its first connection and the answers in `deep` tell together.
void conclude_deep(Endpoint& endpoint);

}  // namespace truename::probe
