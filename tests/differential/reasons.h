#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace truename::differential {

/// Whether one of `findings` is of the class of defects that `library` speaks of in `reason`. False for words that are in no class.
bool agrees(std::string_view library, std::string_view reason, const std::vector<std::string>& findings);

}  // namespace truename::differential
