#pragma once

#include <string>
#include <vector>

#include "doctor/report.h"

namespace truename::servers {

/// The programs that say more in `after` than in `before`, by their names for people. What was not judged before (nothing answered) was
/// the worst.
std::vector<std::string> worse_off(const doctor::Report& before, const doctor::Report& after);

}  // namespace truename::servers
