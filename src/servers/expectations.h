#pragma once

#include <set>
#include <string>
#include <vector>

#include "servers/plan.h"
#include "servers/wire.h"

namespace truename::servers {

/// What the wire must show: what every place holds now. Places not in `touched` are asked by one connection, and of those with names 50
/// at most; ports in `dead` (as to_string(WireQuestion) without a name) are not asked.
std::vector<Expectation> expectations_of(const Surveyed& surveyed, const std::set<std::size_t>& touched, const std::set<std::string>& dead);

/// Adds the same questions under the certificate's most important name, where no entry of the settings has it.
void ask_as(const std::string& name, const std::vector<Place>& places, std::vector<Expectation>& expectations);

}  // namespace truename::servers
