#pragma once

#include <vector>

#include "doctor/mending.h"

namespace truename::doctor {

/// Where an authority's certificate is sent before the server's own, clients judge the authority's, and nothing that they say is about the
/// server. Judges again as if the order were right, and adds to a report whose causes and mends are there what would then be left: causes
/// with their findings, after those that are told already, and the mends of those, unless one at hand silences everybody.
void look_behind_order(Report& report, const std::vector<JudgedChain>& chains, Settings::Impl& settings);

}  // namespace truename::doctor
