#pragma once

#include <functional>
#include <string>
#include <vector>

#include "acme/client.h"
#include "acme/solver.h"
#include "base/bytes.h"

namespace truename::acme {

/// Who is told what is being done.
struct Telling {
    std::function<void(const std::string&)> step;
    std::function<void(const std::string&)> warn;  ///< of what was left behind
};

/// Orders a certificate for these names (RFC 8555 7.4): proves each of them by `solver`, hands in the request, which is for the same names,
/// and gives what the server sends as a chain: PEM, the certificate first. `telling.step` gets a line about each step, `telling.warn` one
/// when what was shown could not be taken away. Fails as Client::post() does, with `input` when the server finds a name not proved, or not
/// to be certified; answers that were shown are taken away in any case.
Result<std::string, Failure> obtain(Client& client, const std::vector<std::string>& names, Bytes request, Solver& solver,
                                    const Telling& telling);

}  // namespace truename::acme
