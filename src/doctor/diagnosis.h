#pragma once

#include <string>
#include <vector>

#include "doctor/causes.h"
#include "doctor/report.h"

namespace truename::doctor {

/// Turns verdicts and what endpoints showed round into the few causes that explain them, those first that touch the most clients, and says
/// in one sentence who has to act. Fills `causes`, `who` and `headline` of a report whose verdicts, findings and endpoints are there.
/// `failure` says why there is no endpoint at all, when that is so.
void diagnose(Report& report, const CauseTable& table, const std::optional<Failure>& failure);

/// `N1`, `N2`, ...: the id of the next cause of that kind in this report.
std::string next_cause_id(const Report& report, char letter);

/// A new cause with an id of its own in this report (`N1`, `N2`, ...), its texts filled in.
Cause make_cause(const Report& report, const CauseRow& row, const Chain* chain, std::vector<FindingId> findings,
                 std::vector<std::string> clients);

}  // namespace truename::doctor
