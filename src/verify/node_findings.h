#pragma once

#include <vector>

#include "base/time.h"
#include "finding/finding.h"
#include "x509/certificate.h"

namespace truename::verify {

/// The circumstances under which a server's certificate is looked at.
struct LeafSituation {
    Time at{};
    bool stapled = false;  ///< an OCSP response came with the handshake
};

/// Appends what is true of a server's own certificate in that role, besides what x509 tells of every certificate: validity, usage,
/// must-staple, timestamps, that it is an authority.
void report_leaf(const x509::Certificate& certificate, const LeafSituation& situation, std::vector<Finding>& findings);

/// Appends what is true of a certificate as an issuer: the checks of RFC 5280 6.1.4 that need no other certificate. The same is told of
/// anchors, though RFC 5280 asks nothing of them: some clients do.
void report_issuer(const x509::Certificate& certificate, Time at, std::vector<Finding>& findings);

}  // namespace truename::verify
