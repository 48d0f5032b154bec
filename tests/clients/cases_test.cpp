// The cases of tests/cases: what the compiled profiles say to each.
#include <gtest/gtest.h>

#include "clients/words.h"
#include "recipe/test_case.h"
#include "tests/clients/support.h"

namespace truename::clients {
namespace {

TEST(Cases, EachClientSaysWhatTheCaseExpects) {
    const auto cases = recipe::load_cases(TRUENAME_SOURCE_DIR "/tests/cases");
    ASSERT_TRUE(cases) << to_sentence(cases.error());
    std::size_t verdicts = 0;
    for (const recipe::TestCase& one : *cases) {
        auto built = recipe::build(one.recipe, TRUENAME_SOURCE_DIR "/tests/keys");
        ASSERT_TRUE(built) << to_sentence(built.error());
        Scene scene(std::move(*built));
        scene.sends(one.chain).adds_roots(one.anchors).fetched(one.issuers);
        scene.host = one.host;
        scene.at = one.at;
        scene.context.issuers_were_fetched = true;
        for (const auto& [client, expected] : one.verdicts) {
            const Verdict verdict = scene.judge(compiled(), client);
            EXPECT_EQ(name_of(verdict.outcome), expected) << one.id << " " << client << " " << verdict.why;
            ++verdicts;
        }
    }
    EXPECT_GE(verdicts, 3U);
}

}  // namespace
}  // namespace truename::clients
