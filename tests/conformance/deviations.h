#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/conformance/suite.h"

namespace truename::conformance {

/// A case, or all cases of a feature, in which we answer otherwise than the suite, and why that is right.
struct Deviation {
    std::string match;           ///< an id, or a feature; `*` at the end stands for any end
    std::string expected, ours;  ///< in the suite's words
    std::string reason;
    bool is_used = false;            ///< some case of the folder deviates so
    std::vector<std::string> stale;  ///< cases that it matches and that do not
};

/// Those of a suite, of `SUITE.toml` in that folder; none when there is no such file. Throws std::runtime_error for one that is not right.
std::vector<Deviation> read_deviations(const std::filesystem::path& folder, const std::string& suite);

/// The deviation that covers the case, if one does; notes those that match it though the case comes out as expected.
const Deviation* find_deviation(std::vector<Deviation>& deviations, const Case& one);

}  // namespace truename::conformance
