#pragma once

#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "finding/finding.h"
#include "verify/graph.h"
#include "verify/ocsp.h"
#include "verify/path.h"

namespace truename::verify {

/// The id by which that is told of a stapled response.
FindingId staple_finding(OcspPoint point);

/// What OCSP responses that came with the handshake say of the server's certificate, the first of the path, and why they may say nothing
/// (ocsp.h). The next certificate of the path is taken as its issuer; a self-issued one alone is its own. Fields and offsets are those of
/// the response.
std::vector<Finding> staple_findings(Graph& graph, const Path& path, std::span<const Bytes> staples, Time at);

}  // namespace truename::verify
