#include "doctor/behind_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/doctor/story.h"

// What is told of a server that sends an authority's certificate before its own.
namespace truename::doctor {

namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

TEST(WrongOrder, IsMendedFirstThoughMoreIsWrongBehindIt) {
    const Report report = judge(shown({"intermediate", "expired-under-intermediate"}), options({"thunderbird", "outlook-365"}, {"root"}));
    ASSERT_THAT(kinds(report.causes), ElementsAre("chain-order", "expired"));
    EXPECT_THAT(report.headline, HasSubstr("in the wrong order"));
    EXPECT_THAT(report.causes[1].text, HasSubstr("ended on 2026-06-01")) << "and not when its issuer ends, which was sent in its place";
    EXPECT_THAT(report.causes[1].clients, Contains("thunderbird"));
    EXPECT_THAT(report.findings, Contains(Field(&ReportFinding::id, FindingId::validity_expired)));
    ASSERT_THAT(kinds(report.mends), ElementsAre("complete-chain", "renew-own"));
    EXPECT_THAT(report.mends[0].causes, ElementsAre(report.causes[0].id));
    EXPECT_THAT(report.mends[1].causes, ElementsAre(report.causes[1].id));
    EXPECT_THAT(report.mends[1].left, IsEmpty()) << "after both steps nobody speaks";
    EXPECT_THAT(report.mends[0].steps, Contains(HasSubstr("truename predict chain.pem"))) << "which tells what is left";
}

TEST(WrongOrder, DoesNotHideWhomTheClientsDoNotBelieve) {
    const Report report = judge(shown({"root", "other-name"}), options({"thunderbird"}));
    EXPECT_THAT(kinds(report.causes), ElementsAre("chain-order", "untrusted-root", "name-mismatch"));
    EXPECT_THAT(report.causes.back().text, HasSubstr("is for mail.example.com, imap.example.org"));
    EXPECT_THAT(kinds(report.mends), ElementsAre("complete-chain", "public-certificate"));
}

TEST(WrongOrder, OfOnePortIsNoSecondCauseOfWhatAnotherPortShows) {
    probe::Evidence evidence = shown({"other-name"});
    evidence.endpoints.push_back(endpoint(probe::Protocol::submission, "192.0.2.10", {"root", "other-name"}));
    const Report report = judge(evidence, options({"thunderbird"}, {"root"}));
    ASSERT_THAT(kinds(report.causes), UnorderedElementsAre("chain-order", "name-mismatch"));
    for (const Cause& cause : report.causes) EXPECT_THAT(cause.chains, SizeIs(cause.kind == "chain-order" ? 1 : 2)) << cause.kind;
}

}  // namespace

}  // namespace truename::doctor
