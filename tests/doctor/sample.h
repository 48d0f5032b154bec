#pragma once

#include <string_view>
#include <vector>

#include "doctor/report.h"

namespace truename::doctor {

/// Reports made by hand, so that renderers are tested without anything below them.

/// The story of Small Business Server 2008: one client of several warns, two ports are not judged.
Report small_business_server();

/// Two chains on two addresses, a refusal, a client whose TLS does not reach, an unknown one.
Report two_chains();

/// Every text from outside holds markup, controls and broken UTF-8.
Report hostile();

/// Nothing listens.
Report closed();

/// A chain with more and longer names than any page can show, seen by 200 clients.
Report enormous();

struct NamedReport {
    std::string_view name;
    Report report;
};

/// All of them.
std::vector<NamedReport> sample_reports();

}  // namespace truename::doctor
