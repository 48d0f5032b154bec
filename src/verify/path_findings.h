#pragma once

#include <vector>

#include "finding/finding.h"
#include "verify/graph.h"
#include "verify/path.h"

namespace truename::verify {

/// A finding and the certificate that it is about, by its place.
struct AtPosition {
    std::uint32_t position = 0;
    Finding finding;
};

/// Appends what is true of an edge: that its signature is wrong (which is checked for that), that key
/// identifiers differ, that names are equal only in part, that the issuer ends before what it issued.
void report_edge(Graph& graph, EdgeIndex edge, std::vector<Finding>& findings);

/// What only holds for the certificates of a path together, whoever trusts its end: path.length-exceeded, constraint.* and policy.required,
/// about the issuer that sets the limit. The last certificate's limits are looked at like those of others (RFC 5280 6.1.1(d) leaves an
/// anchor's out).
std::vector<AtPosition> path_findings(Graph& graph, const Path& path);

/// Whether a finding makes the path that it stands on invalid for RFC 5280 6, which asks for no name and no purpose. Those of an anchor do
/// not.
bool breaks_path(const Placed& placed);

/// What is true of the way in which a path ends; about its last certificate.
std::vector<AtPosition> end_findings(Graph& graph, const Path& path, PathEnd end);

}  // namespace truename::verify
