#include "doctor/causes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace truename::doctor {

namespace {

TEST(Causes, EveryFindingHasOne) {
    for (const FindingInfo& row : all_findings())
        EXPECT_NE(compiled_causes().cause_of(row.id), nullptr) << "no cause in data/causes for " << row.name;
}

TEST(Causes, NoFindingHasTwo) {
    std::set<FindingId> seen;
    for (const CauseRow& row : compiled_causes().causes) {
        if (!row.assuming.empty()) continue;
        for (const FindingId id : row.findings) EXPECT_TRUE(seen.insert(id).second) << info(id).name << " again in " << row.id;
    }
}

TEST(Causes, IdsAreDistinct) {
    std::set<std::string_view> seen;
    for (const CauseRow& row : compiled_causes().causes) EXPECT_TRUE(seen.insert(row.id).second) << row.id;
    for (const MendRow& row : compiled_causes().mends) EXPECT_TRUE(seen.insert(row.id).second) << row.id;
}

TEST(Causes, EveryMendBelongsToACause) {
    std::set<std::size_t> used;
    for (const CauseRow& row : compiled_causes().causes) used.insert(row.mends.begin(), row.mends.end());
    for (std::size_t i = 0; i < compiled_causes().mends.size(); ++i) EXPECT_TRUE(used.count(i)) << compiled_causes().mends[i].id;
}

TEST(Causes, TheFirstSentenceSaysWhoAndWhy) {
    const std::string sentence =
        fill(compiled_causes().who[static_cast<std::size_t>(Who::server)], {{"headline", "its certificate begins with another name"}});
    EXPECT_EQ(sentence, "The administrator of the server has to act: its certificate begins with another name.");
}

TEST(Fill, LeavesOutABracketWithoutAValue) {
    EXPECT_EQ(fill("A key ({key}) is short ({found}).", {{"key", "RSA 1024"}, {"found", ""}}), "A key (RSA 1024) is short.");
    EXPECT_EQ(fill("Plain (with brackets) text", {}), "Plain (with brackets) text");
    EXPECT_EQ(fill("{name} and {name}", {{"name", "a"}}), "a and a");
}

TEST(Fill, DoesNotReadPlaceholdersInValues) {
    EXPECT_EQ(fill("{name}", {{"name", "{first}"}, {"first", "x"}}), "{first}");
}

TEST(FillStep, NothingThatAShellReadsComesIntoALineToPaste) {
    std::string line;
    EXPECT_TRUE(fill_step("check {name}", {{"name", "mail.example.com"}}, line));
    EXPECT_EQ(line, "check mail.example.com");
    for (const char* name : {"$(reboot)", "a;b", "a b", "`x`", "a\nb", "-rf", "", "a'b", "a|b", "a>b", "a\\b", "münchen.example"}) {
        EXPECT_FALSE(fill_step("check {name}", {{"name", name}}, line)) << name;
    }
    EXPECT_FALSE(fill_step("check {name}", {}, line));
}

}  // namespace

}  // namespace truename::doctor
