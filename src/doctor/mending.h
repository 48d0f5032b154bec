#pragma once

#include <cstddef>
#include <vector>

#include "doctor/judging.h"
#include "doctor/report.h"

namespace truename::doctor {

/// A chain of the report with what is needed to judge it again.
struct JudgedChain {
    const Case* chain = nullptr;     ///< borrowed
    Judgement* judgement = nullptr;  ///< borrowed
    std::string id;                  ///< in the report
    std::vector<bool> wants;         ///< the profiles that see it; empty: all
};

/// More are not read.
inline constexpr std::size_t kMostMends = 5;

/// Fills `mends` of a report whose causes are there: first the fewest that silence the most clients, each judged again as if it were done
/// (data/causes/mends.toml says what differs then), then what cannot be judged again, then what a user could type instead. Fills `hints`.
void find_mends(Report& report, const std::vector<JudgedChain>& chains, Settings::Impl& settings);

/// Fills `also`: which clients would speak if the roots that were added by hand were not there.
void find_assumptions(Report& report, const std::vector<JudgedChain>& chains, Settings::Impl& settings);

}  // namespace truename::doctor
