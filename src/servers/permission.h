#pragma once

#include <string>
#include <string_view>

namespace truename::servers {

/// What to do next where `reason` (an error of the system, or what a program of a server wrote) says that a permission is missing and we
/// are not root: `Run it as root`. Empty otherwise.
std::string root_needed(std::string_view reason);

}  // namespace truename::servers
