#include "servers/worse_off.h"

#include <algorithm>
#include <map>
#include <utility>

namespace truename::servers {

namespace {

using doctor::Report;

int rank_of(doctor::Outcome outcome) {
    switch (outcome) {
        case doctor::Outcome::silent:
            return 0;
        case doctor::Outcome::warns:
            return 1;
        case doctor::Outcome::refuses:
        case doctor::Outcome::not_judged:
            return 2;
    }
    return 2;
}

/// The worst that each program says.
std::map<std::string, std::pair<int, std::string>> worst_of(const Report& report) {
    std::map<std::string, std::pair<int, std::string>> worst;
    for (const doctor::Verdict& verdict : report.verdicts) {
        const auto [found, added] = worst.try_emplace(verdict.id, rank_of(verdict.outcome), verdict.title);
        if (!added) found->second.first = std::max(found->second.first, rank_of(verdict.outcome));
    }
    return worst;
}

}  // namespace

std::vector<std::string> worse_off(const Report& before, const Report& after) {
    const auto earlier = worst_of(before);
    std::vector<std::string> names;
    for (const auto& [id, now] : worst_of(after)) {
        const auto found = earlier.find(id);
        if (found != earlier.end() && now.first > found->second.first) names.push_back(now.second);
    }
    return names;
}

}  // namespace truename::servers
