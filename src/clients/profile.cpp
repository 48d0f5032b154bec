#include "clients/profile.h"

#include <algorithm>

namespace truename::clients {

namespace {

struct ByFinding {
    bool operator()(const Reaction& reaction, FindingId finding) const { return reaction.finding < finding; }
    bool operator()(FindingId finding, const Reaction& reaction) const { return finding < reaction.finding; }
};

}  // namespace

std::span<const Reaction> Profile::reactions_to(FindingId finding) const {
    const auto [begin, end] = std::equal_range(reactions.begin(), reactions.end(), finding, ByFinding{});
    return {begin, end};
}

std::vector<FindingId> gaps(const Profile& profile) {
    std::vector<FindingId> missing;
    for (const FindingInfo& row : all_findings()) {
        if (row.cls == FindingClass::defect && profile.reactions_to(row.id).empty()) missing.push_back(row.id);
    }
    return missing;
}

}  // namespace truename::clients
