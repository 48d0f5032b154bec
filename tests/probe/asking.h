#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "probe/probe.h"
#include "tests/seeds.h"

namespace truename::test {

/// Options whose deadlines suit servers in the same process.
inline probe::Options quick() {
    using std::chrono::milliseconds;
    probe::Options options;
    options.limits.connect = milliseconds(2000);
    options.limits.greeting = milliseconds(600);
    options.limits.step = milliseconds(800);
    options.limits.connection = milliseconds(3000);
    options.limits.target = milliseconds(8000);
    options.limits.fetch = milliseconds(1000);
    return options;
}

/// The evidence of one target, which must be readable.
inline probe::Evidence ask(const std::string& text, const probe::Options& options) {
    const auto target = probe::parse_target(text, "argument");
    EXPECT_TRUE(target) << text;
    if (!target) return {};
    auto evidence = probe::probe_one(*target, options, SystemClock());
    EXPECT_TRUE(evidence);
    if (evidence) write_seed("probe_evidence", write_evidence(*evidence));
    return evidence ? std::move(*evidence) : probe::Evidence{};
}

/// The ids of an endpoint's findings, in their order.
inline std::vector<std::string_view> finding_names(const probe::Endpoint& endpoint) {
    std::vector<std::string_view> names;
    for (const Finding& finding : endpoint.findings) names.push_back(info(finding.id).name);
    return names;
}

}  // namespace truename::test
