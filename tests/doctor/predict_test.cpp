#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "doctor/describe.h"
#include "tests/doctor/story.h"

namespace truename::doctor {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

PredictInput asked(std::vector<NamedFile> files, std::optional<AsCa> as_ca = {}) {
    PredictInput input;
    input.files = std::move(files);
    input.name = "remote.example.com";
    input.as_ca = as_ca;
    return input;
}

TEST(Predict, AChainIsJudgedAsIfAServerSentIt) {
    const Report report = foresee(asked({file("sbs")}), options({"outlook-2007", "thunderbird"}, {"root"}));
    EXPECT_TRUE(report.predicted);
    EXPECT_THAT(report.endpoints, IsEmpty());
    EXPECT_EQ(verdict_of(report, "outlook-2007").outcome, Outcome::warns);
    EXPECT_EQ(verdict_of(report, "outlook-2007").reaches, Reaches::not_asked);
    EXPECT_EQ(verdict_of(report, "thunderbird").outcome, Outcome::silent);
}

TEST(Predict, TheOrderOfFilesIsTheOrderOfSending) {
    const Report report = foresee(asked({file("under-intermediate"), file("intermediate")}), options({"thunderbird"}, {"root"}));
    ASSERT_THAT(report.chains, SizeIs(1));
    EXPECT_THAT(report.chains[0].certificates, SizeIs(2));
    EXPECT_EQ(verdict_of(report, "thunderbird").outcome, Outcome::silent);
}

TEST(Predict, ARequestIsJudgedAsTheCertificateThatAnAuthorityMakesOfIt) {
    const Report report = foresee(asked({request("public-first")}), options({"outlook-2007", "thunderbird"}));
    EXPECT_THAT(report.chains.at(0).certificates.at(0).names, ElementsAre("remote.example.com", "autodiscover.example.com"));
    for (const Verdict& verdict : report.verdicts)
        EXPECT_EQ(verdict.outcome, Outcome::silent) << verdict.id << ": " << verdict.why.value_or("");
    EXPECT_EQ(report.exit, 0);
}

TEST(Predict, AnAuthorityThatSortsTheNamesUndoesTheMend) {
    AsCa as_ca;
    as_ca.sorts_names = true;
    const Report report = foresee(asked({request("public-first")}, as_ca), options({"outlook-2007", "thunderbird"}));
    EXPECT_THAT(report.chains.at(0).certificates.at(0).names, ElementsAre("autodiscover.example.com", "remote.example.com"));
    EXPECT_EQ(verdict_of(report, "outlook-2007").outcome, Outcome::warns);
    EXPECT_EQ(verdict_of(report, "thunderbird").outcome, Outcome::silent);
}

TEST(Predict, ARequestWithoutAnyNameIsRefused) {
    const auto settings = prepare(options({"thunderbird"}));
    const auto report = predict(asked({request("nameless")}), *settings);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().kind, FailureKind::input);
}

TEST(Predict, AFileOfKeysOnlyIsRefusedAndTheKeyNotShown) {
    const std::string pem = story().certificates.at("sbs").key.to_pem();
    const auto settings = prepare(options({"thunderbird"}));
    const auto report = predict(asked({{"key.pem", to_owned(as_bytes(pem))}}), *settings);
    ASSERT_FALSE(report);
    EXPECT_THAT(report.error().reason, HasSubstr("only a private key"));
    EXPECT_THAT(to_sentence(report.error()), Not(HasSubstr("MII")));
}

TEST(ParseAsCa, ReadsItsWords) {
    EXPECT_TRUE(parse_as_ca("sorts")->sorts_names);
    EXPECT_EQ(parse_as_ca("keeps,days=47,added")->days, 47u);
    EXPECT_EQ(parse_as_ca("398d")->days, 398u);
    EXPECT_FALSE(parse_as_ca("added")->root_shipped);
    for (const char* text : {"", "days=", "days=x", "days=0", "sorts,,added", "days=99999999999"}) EXPECT_FALSE(parse_as_ca(text)) << text;
}

TEST(Show, NumbersTheNamesInTheirOrderAndSaysWhatTheCertificateIsFor) {
    const auto text = render_certificates(file("sbs"), *parse_time("2026-11-24"));
    ASSERT_TRUE(text);
    EXPECT_THAT(*text, HasSubstr("1 sbs.example.local\n"));
    EXPECT_THAT(*text, HasSubstr("2 remote.example.com\n"));
    EXPECT_THAT(*text, HasSubstr("TLS servers (serverAuth)"));
    EXPECT_THAT(*text, HasSubstr("189 days left"));
}

TEST(Show, ARequestSaysWhetherItsOwnKeySignedIt) {
    const auto text = render_certificates(request("public-first"), *parse_time("2026-11-24"));
    ASSERT_TRUE(text);
    EXPECT_THAT(*text, HasSubstr("its own key"));
}

TEST(Show, AFileWithoutACertificateIsRefused) {
    const auto text = render_certificates({"notes.txt", to_owned(as_bytes("hello"))}, *parse_time("2026-11-24"));
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().kind, FailureKind::input);
}

TEST(NearestName, IsTheMostAlikePublicOne) {
    EXPECT_EQ(nearest_name("mail.example.com", {"sbs.local", "www.example.org", "mail1.example.com", "*.example.com"}),
              "mail1.example.com");
    EXPECT_EQ(nearest_name("mail.example.com", {"x.example", "MAIL.example.com"}), "") << "it is there";
    EXPECT_EQ(nearest_name("mail.example.com", {"server.local", "localhost"}), "");
}

}  // namespace

}  // namespace truename::doctor
