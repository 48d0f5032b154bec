#pragma once

#include <vector>

#include "doctor/causes.h"
#include "doctor/mending.h"

namespace truename::doctor {

/// For each profile: whether it would still speak to any of the chains after `changes`. Judged on certificates that are made for it and on
/// the ones that were sent; a client that minds something which the changes do not touch goes on minding it.
std::vector<bool> still_speaks(const Report& report, const std::vector<JudgedChain>& chains, Changes changes, Settings::Impl& settings);

}  // namespace truename::doctor
