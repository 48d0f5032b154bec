#pragma once

#include <string>
#include <vector>

#include "doctor/causes.h"
#include "doctor/report.h"

namespace truename::doctor {

/// What stands for the placeholders in texts about a chain. `touched` are clients by their ids.
Values make_values(const Report& report, const Chain* chain, const std::vector<FindingId>& findings,
                   const std::vector<std::string>& touched);

}  // namespace truename::doctor
