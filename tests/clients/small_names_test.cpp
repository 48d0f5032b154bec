// Every rule by which a profile compares names, against a second implementation on all small names.
#include <gtest/gtest.h>

#include <algorithm>

#include "clients/library.h"
#include "clients/name_match.h"
#include "tests/x509/slow_dns_match.h"

namespace truename::clients {
namespace {

struct Rule {
    std::string_view profile;
    x509::DnsMatchRule dns;
};

/// The different rules of all profiles; where some word is not known, those that it may be at its strictest and at its most lenient.
std::vector<Rule> all_rules() {
    std::vector<Rule> rules;
    const auto profiles = select(compiled(), std::vector<std::string>{"all"});
    for (const Profile* profile : *profiles) {
        for (const bool lenient : {false, true}) {
            Rule rule{profile->id, dns_rule(profile->names, lenient)};
            rule.dns.compares_u_labels = profile->names.u_labels.is(ULabels::u_labels);
            const bool is_new = std::none_of(rules.begin(), rules.end(), [&](const Rule& other) { return other.dns == rule.dns; });
            if (is_new) rules.push_back(rule);
        }
    }
    return rules;
}

/// The first pair on which the two differ; counts matches.
std::string first_difference(const x509::DnsMatchRule& rule, const std::vector<std::string>& presented,
                             const std::vector<std::string>& references, std::size_t& matches) {
    const x509::SlowMatch slow(rule);
    for (const std::string& name : presented) {
        for (const std::string& reference : references) {
            const bool ours = x509::matches_dns_id(name, reference, rule);
            matches += ours;
            if (ours != slow.matches(name, reference)) return name + " against " + reference;
        }
    }
    return {};
}

TEST(SmallNames, AreComparedAlikeByASecondImplementationUnderTheRulesOfEveryProfile) {
    const auto rules = all_rules();
    EXPECT_GE(rules.size(), 8U);
    for (const Rule& rule : rules) {
        SCOPED_TRACE(std::string(rule.profile));
        std::size_t matches = 0;
        EXPECT_EQ(first_difference(rule.dns, x509::all_names("ab.-*", 4), x509::all_names("ab.-", 4), matches), "");
        EXPECT_EQ(first_difference(rule.dns, x509::all_names("a_.*", 4), x509::all_names("a_.", 4), matches), "");
        EXPECT_EQ(first_difference(rule.dns, x509::all_names("a.*", 5), x509::all_names("a.", 5), matches), "");
        EXPECT_GT(matches, 50U);
    }
}

}  // namespace
}  // namespace truename::clients
