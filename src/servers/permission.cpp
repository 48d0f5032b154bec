#include "servers/permission.h"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace truename::servers {

std::string root_needed(std::string_view reason) {
    // The third is Postfix's own.
    constexpr std::array<std::string_view, 3> kWords{"ermission denied", "peration not permitted", "reserved for the superuser"};
    const bool denied =
        std::any_of(kWords.begin(), kWords.end(), [&](std::string_view words) { return reason.find(words) != reason.npos; });
    return denied && ::geteuid() != 0 ? "Run it as root" : "";
}

}  // namespace truename::servers
