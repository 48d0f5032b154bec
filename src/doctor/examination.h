#pragma once

#include <optional>
#include <string>
#include <vector>

#include "doctor/mending.h"

namespace truename::doctor {

/// Adds the chain to `report.chains` as reports show it.
void describe_chain(Report& report, const Case& chain, const std::string& id);

/// Everything that follows from verdicts, findings and endpoints that are recorded: causes, mends, who has to act, exit code. `failure`
/// says why there is no endpoint at all.
void conclude(Report& report, const std::vector<JudgedChain>& chains, Settings::Impl& settings, const std::optional<Failure>& failure);

}  // namespace truename::doctor
