// Must reach process_policies: levels, mappings, the three counters, the user's own set.
//
// Input: one byte of what the user asks, then the certificates of a path, the server's first, each with its length in two bytes before it.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "fuzz/blocks.h"
#include "fuzz/must.h"
#include "verify/policies.h"

using namespace truename;

namespace {

void check(const verify::PolicyResult& result, std::size_t length) {
    must(result.valid == result.findings.empty(), "a path that fails says why");
    for (const verify::AtPosition& found : result.findings) {
        must(found.position < length, "a finding is about a certificate of the path");
        must(info(found.finding.id).name.starts_with("policy."), "and about policies");
    }
    const auto& policies = result.user_constrained;
    for (std::size_t i = 1; i < policies.size(); ++i)
        must(std::ranges::lexicographical_compare(policies[i - 1].content(), policies[i].content()), "policies are sorted, each once");
}

bool all_in(const std::vector<der::Oid>& policies, const std::vector<der::Oid>& set) {
    return std::ranges::all_of(policies, [&](der::Oid policy) { return std::ranges::find(set, policy) != set.end(); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 4 || size > 32'768) return 0;
    std::vector<x509::Certificate> certificates;
    for (const Bytes der : split_blocks(Bytes(data, size).subspan(1), 8)) {
        if (const auto certificate = x509::parse_certificate(der)) certificates.push_back(*certificate);
    }
    std::vector<const x509::Certificate*> path;
    for (const x509::Certificate& certificate : certificates) path.push_back(&certificate);
    if (path.empty()) return 0;

    const verify::PolicyResult free = verify::process_policies(path, {});
    check(free, path.size());
    const auto demands = [](const x509::Certificate& one) { return one.known.policy_constraints.is_present(); };
    const auto is_mapping = [](const verify::AtPosition& found) { return found.finding.id == FindingId::policy_mapping_any; };
    must(free.valid || std::ranges::any_of(certificates, demands) || std::ranges::any_of(free.findings, is_mapping),
         "who demands no policy needs none");
    verify::PolicyInputs inputs{{}, (data[0] & 1U) != 0, (data[0] & 2U) != 0, (data[0] & 4U) != 0};
    const verify::PolicyResult asked = verify::process_policies(path, inputs);
    check(asked, path.size());
    must(free.valid || !asked.valid, "a path that fails without wishes fails with them");
    if ((data[0] & 8U) == 0 || free.user_constrained.empty()) return 0;

    inputs.initial_policy_set = {free.user_constrained.front()};
    const verify::PolicyResult one = verify::process_policies(path, inputs);
    check(one, path.size());
    must(!one.any_policy && all_in(one.user_constrained, inputs.initial_policy_set), "nobody gets a policy that was not asked for");
    must(asked.valid || !one.valid, "a path that is good for one policy is good for some");
    return 0;
}
