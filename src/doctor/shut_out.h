#pragma once

#include "doctor/report.h"
#include "doctor/settings.h"
#include "probe/evidence.h"

namespace truename::doctor {

/// Fills `shuts_out` of the endpoints of the report, which are those of the evidence in the same order: the clients that no handshake there
/// lets in although the endpoint speaks. Where the server's own trouble ends it these are all; where the hello was not to its taste
/// (versions, cipher suites) those whose TLS is known to offer nothing else. An endpoint that is closed, limited or silent, or where
/// another program answers, shuts out nobody: it was not judged. Port 25 without STARTTLS does so only when nothing else was judged, since
/// mail is delivered there without it (docs/decisions/broken-endpoints.md).
void find_shut_out(Report& report, const probe::Evidence& evidence, const Settings::Impl& settings);

/// Whether an endpoint of which that is true may shut clients out.
bool may_shut_out(FindingId id);

}  // namespace truename::doctor
