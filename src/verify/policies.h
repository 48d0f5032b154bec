#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "der/oid.h"
#include "finding/finding.h"
#include "verify/path_findings.h"
#include "x509/certificate.h"

namespace truename::verify {

/// What the user asks of the policies of a path. RFC 5280 6.1.1(c), (e) to (g)
struct PolicyInputs {
    std::vector<der::Oid> initial_policy_set;  ///< empty: any-policy
    bool explicit_policy = false;
    bool inhibit_policy_mapping = false;
    bool inhibit_any_policy = false;
};

/// What the policies of a path come to.
struct PolicyResult {
    bool valid = true;                       ///< false: `findings` say why and where
    bool any_policy = false;                 ///< the path is good for any policy
    std::vector<der::Oid> user_constrained;  ///< besides, or without it, for these: borrowed from the certificates and the inputs; sorted
    std::vector<AtPosition> findings;        ///< policy.*, with the places of the certificates at which the path failed
};

/// Processes the policies of a path, leaf first, without the anchor (RFC 5280 6.1.2 to 6.1.5). In place of the tree, which grows
/// exponentially, levels of policies with all their parents (RFC 9618): memory and time are those of the policies that the certificates
/// hold. A policies extension that cannot be read counts as none.
PolicyResult process_policies(std::span<const x509::Certificate* const> path, const PolicyInputs& inputs);

}  // namespace truename::verify
