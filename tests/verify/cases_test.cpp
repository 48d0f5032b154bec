// Runs the findings of every case in tests/cases; who judges them otherwise (verdicts) has a test of its own.

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "recipe/test_case.h"
#include "tests/verify/support.h"

namespace truename::verify {
namespace {

/// Facts that are true of nearly every certificate of a private authority: a case is compared with them only when it names one.
bool is_everywhere(std::string_view line) {
    return line.starts_with("usage.none") || line.starts_with("policy.ct-missing") || line.starts_with("revocation.no-address");
}

std::vector<recipe::TestCase> cases() {
    auto all = recipe::load_cases(TRUENAME_SOURCE_DIR "/tests/cases");
    if (all) return std::move(*all);
    ADD_FAILURE() << to_sentence(all.error());
    return {};
}

/// What is true of a case for a client that sees all that is at hand, trusts the anchors and takes the first path to one of them.
std::vector<std::string> findings(const recipe::TestCase& test, bool everywhere_too) {
    Scene scene(*recipe::build(test.recipe, TRUENAME_SOURCE_DIR "/tests/keys"));
    scene.sends(test.chain);
    for (const std::string& name : test.anchors) scene.trusts({name});
    scene.fetched(test.issuers);
    scene.input.name = test.host;
    scene.input.at = test.at;
    std::vector<std::string> all = scene.findings(kSeesAll, true);
    if (!everywhere_too) std::erase_if(all, is_everywhere);
    return all;
}

TEST(Cases, HaveExactlyTheFindingsThatTheyExpect) {
    for (const recipe::TestCase& test : cases()) {
        SCOPED_TRACE(test.id + ": " + test.title);
        const bool everywhere_too = std::any_of(test.findings.begin(), test.findings.end(), is_everywhere);
        EXPECT_THAT(findings(test, everywhere_too), testing::UnorderedElementsAreArray(test.findings));
    }
}

TEST(Cases, ShowEveryFindingThatAChainCanHave) {
    std::set<std::string> shown;
    for (const recipe::TestCase& test : cases()) {
        for (const std::string& line : test.findings) shown.insert(line.substr(0, line.find(' ')));
    }
    // Those of the certificate alone have their tests in x509; these need a chain, a name or a time.
    for (const std::string_view area : {"name.", "path.", "validity.", "usage.", "constraint."}) {
        for (const FindingInfo& row : all_findings()) {
            if (!row.name.starts_with(area) || row.name == "path.distrusted") continue;
            EXPECT_TRUE(shown.contains(std::string(row.name))) << row.name << " has no case in tests/cases";
        }
    }
}

}  // namespace
}  // namespace truename::verify
