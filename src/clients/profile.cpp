#include "clients/profile.h"

#include <algorithm>

namespace truename::clients {

namespace {

struct ByFinding {
    bool operator()(const Reaction& reaction, FindingId finding) const { return reaction.finding < finding; }
    bool operator()(FindingId finding, const Reaction& reaction) const { return finding < reaction.finding; }
};

// What is not about certificates: the judge never meets it.
bool is_beside_certificates(std::string_view name) {
    for (const std::string_view area : {"tls.", "mail.", "server.", "work."}) {
        if (name.starts_with(area)) return true;
    }
    return false;
}

}  // namespace

std::span<const Reaction> Profile::reactions_to(FindingId finding) const {
    const auto [begin, end] = std::equal_range(reactions.begin(), reactions.end(), finding, ByFinding{});
    return {begin, end};
}

bool Profile::looks_past(FindingId finding) const {
    const bool of_responder = finding == FindingId::revocation_ocsp_revoked || finding == FindingId::revocation_ocsp_unknown;
    return of_responder && revocation.looks_at.known &&
           (revocation.looks_at.value & static_cast<unsigned>(verify::StatusSource::ocsp)) == 0;
}

std::vector<FindingId> gaps(const Profile& profile) {
    std::vector<FindingId> missing;
    for (const FindingInfo& row : all_findings()) {
        if (row.cls != FindingClass::defect || is_beside_certificates(row.name) || profile.looks_past(row.id)) continue;
        const std::span<const Reaction> reactions = profile.reactions_to(row.id);
        const bool known = std::any_of(reactions.begin(), reactions.end(), [](const Reaction& reaction) { return reaction.action.known; });
        if (!known) missing.push_back(row.id);
    }
    return missing;
}

}  // namespace truename::clients
