// What further connections and other kinds of keys show, and to whom.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "doctor/render.h"
#include "tests/doctor/story.h"

namespace truename::doctor {

namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

probe::DeepAnswer answer(probe::Question question, std::initializer_list<std::string_view> names, std::string signature,
                         std::string server_name = "remote.example.com") {
    probe::DeepAnswer made;
    made.question = question;
    made.hello.server_name = std::move(server_name);
    made.tls = endpoint(probe::Protocol::imaps, "192.0.2.10", names).tls;
    made.tls.signature = std::move(signature);
    return made;
}

// `A outlook-2007`, `B thunderbird as other.example.com`: chain, client and a name that is not the target's.
std::vector<std::string> who_says_something(const Report& report) {
    std::vector<std::string> list;
    for (const Verdict& verdict : report.verdicts) {
        list.push_back(verdict.chain + " " + verdict.id + (verdict.name == report.target.name ? "" : " as " + verdict.name));
    }
    return list;
}

TEST(Deep, WhatAHelloWithoutANameGetsIsJudgedForClientsThatSendNone) {
    probe::Evidence evidence = shown({"mended"});
    evidence.endpoints[0].deep = {answer(probe::Question::no_sni, {"other-name"}, "rsa-pss-sha256", "")};
    const Report report = judge(evidence, options({"outlook-2003", "outlook-2007"}, {"root"}));
    ASSERT_THAT(report.chains, SizeIs(2));
    EXPECT_THAT(who_says_something(report), ElementsAre("A outlook-2007", "B outlook-2003"));
    EXPECT_THAT(report.differences, Contains("Without a name in the hello (SNI) the server shows chain B (port 993)."));
    EXPECT_THAT(report.chains[0].questions, IsEmpty());
    EXPECT_THAT(report.chains[1].questions, ElementsAre("no-sni"));
    EXPECT_THAT(report.verdicts[1].endpoints, ElementsAre("imaps:993@192.0.2.10"));
}

TEST(Deep, AServerThatNeedsTheNameIsNotReachedByClientsThatSendNone) {
    probe::Evidence evidence = shown({"mended"});
    evidence.endpoints[0].deep = {answer(probe::Question::no_sni, {}, "", "")};
    evidence.endpoints[0].deep[0].tls.handshake = net::Handshake::failed;
    evidence.endpoints[0].deep[0].tls.trouble = net::TlsTrouble::alert;
    const Report report = judge(evidence, options({"outlook-2003", "outlook-2007"}, {"root"}));
    EXPECT_EQ(verdict_of(report, "outlook-2003").reaches, Reaches::no);
    EXPECT_NE(verdict_of(report, "outlook-2007").reaches, Reaches::no);
    EXPECT_THAT(report.differences, Contains("Without a name in the hello (SNI) the server ends the handshake (port 993)."));
}

TEST(Endpoints, AClientCertificateThatIsAskedForAndNotNeededIsTold) {
    probe::Evidence evidence = shown({"mended"});
    EXPECT_THAT(render_text(judge(evidence, options({"outlook-2007"}, {"root"})), {}), Not(HasSubstr("client certificate")));
    evidence.endpoints[0].tls.asks_client_certificate = true;
    EXPECT_THAT(render_text(judge(evidence, options({"outlook-2007"}, {"root"})), {}),
                HasSubstr("chain A (asks for a client certificate and goes on without one)"));
}

TEST(Deep, ACertificateBesideTheEcdsaOneIsJudgedForAllThatMayGetIt) {
    probe::Evidence evidence = shown({"mended-ecdsa"});
    evidence.endpoints[0].deep = {answer(probe::Question::rsa_only, {"expired"}, "rsa-pss-sha256")};
    const Report report = judge(evidence, options({"outlook-2003", "outlook-2007"}, {"root"}));
    EXPECT_THAT(who_says_something(report), ElementsAre("A outlook-2007", "B outlook-2003", "B outlook-2007"));
    EXPECT_EQ(report.verdicts[0].outcome, Outcome::silent);
    EXPECT_EQ(report.verdicts[2].outcome, Outcome::warns) << "it can be shown the expired one";
    EXPECT_EQ(report.exit, 1);
    EXPECT_THAT(report.differences, Contains("To a client that takes only RSA keys the server shows chain B (port 993)."));
}

// Nobody asked with RSA alone and without a name; a client that can do no more gets the RSA certificate in either case.
TEST(Deep, TheKeyThatAClientTakesCountsMoreThanTheNameThatItDoesNotSend) {
    probe::Evidence evidence = shown({"expired-ecdsa"});
    evidence.endpoints[0].deep = {answer(probe::Question::no_sni, {"expired-ecdsa"}, "ecdsa-sha256"),
                                  answer(probe::Question::rsa_only, {"mended"}, "rsa-pss-sha256")};
    evidence.endpoints[0].deep[0].hello.server_name.clear();
    const Report report = judge(evidence, options({"outlook-2003"}, {"root"}));
    EXPECT_THAT(who_says_something(report), ElementsAre("B outlook-2003"));
    EXPECT_EQ(verdict_of(report, "outlook-2003").outcome, Outcome::silent);
}

TEST(Keys, AKeyThatAClientsTlsCannotUseKeepsTheClientOut) {
    probe::Evidence evidence = shown({"mended-ed25519"});
    evidence.endpoints[0].reach.answers[3] = {probe::Answer::not_asked, probe::Answer::not_asked, probe::Answer::yes};
    const Report report = judge(evidence, options({"thunderbird", "outlook-365", "evolution"}, {"root"}));
    const Verdict& bird = verdict_of(report, "thunderbird");
    EXPECT_EQ(bird.outcome, Outcome::refuses);
    EXPECT_EQ(bird.reaches, Reaches::no);
    EXPECT_EQ(bird.codes, std::vector<std::string>{"SSL_ERROR_NO_CYPHER_OVERLAP"});
    EXPECT_THAT(bird.findings, ElementsAre(FindingId::key_edwards));
    const Verdict& outlook = verdict_of(report, "outlook-365");
    EXPECT_EQ(outlook.outcome, Outcome::not_judged);
    EXPECT_EQ(outlook.reaches, Reaches::not_judged);
    EXPECT_THAT(outlook.why.value_or(""), HasSubstr("Ed25519"));
    EXPECT_EQ(verdict_of(report, "evolution").outcome, Outcome::silent);
    EXPECT_EQ(verdict_of(report, "evolution").reaches, Reaches::yes);
    EXPECT_EQ(report.exit, 2);
    EXPECT_THAT(kinds(report.causes), ElementsAre("key-unusual")) << "the versions of TLS have nothing to do with it";
    ASSERT_FALSE(report.mends.empty());
    EXPECT_THAT(report.mends[0].left, IsEmpty());
}

TEST(Keys, WhoGetsAnotherCertificateIsNotJudgedByTheOneItCannotUse) {
    probe::Evidence evidence = shown({"mended-ed25519"});
    evidence.endpoints[0].deep = {answer(probe::Question::rsa_only, {"mended"}, "rsa-pss-sha256")};
    const Report report = judge(evidence, options({"thunderbird", "evolution"}, {"root"}));
    EXPECT_THAT(who_says_something(report), ElementsAre("A evolution", "B thunderbird", "B evolution"));
    EXPECT_EQ(report.exit, 0);
}

TEST(Deep, WhatIsShownOnlyToTls10IsJudgedForClientsThatSpeakNoMore) {
    probe::Evidence evidence = shown({"mended"});
    evidence.endpoints[0].deep = {answer(probe::Question::tls_1_0_only, {"expired"}, "rsa-sha1")};
    const Report report = judge(evidence, options({"outlook-2003", "thunderbird"}, {"root"}));
    EXPECT_THAT(who_says_something(report), Contains("B outlook-2003"));
    EXPECT_THAT(who_says_something(report), Not(Contains("B thunderbird")));
    EXPECT_THAT(report.differences, Contains(StartsWith("To a client that speaks only TLS 1.0 the server shows chain B")));
}

TEST(Deep, AnotherNameIsJudgedUnderThatNameAlsoWhenTheChainIsTheSame) {
    probe::Evidence evidence = shown({"mended"});
    evidence.endpoints[0].deep = {answer(probe::Question::other_name, {"other-name"}, "rsa-pss-sha256", "mail.example.com"),
                                  answer(probe::Question::other_name, {"mended"}, "rsa-pss-sha256", "sbs.example.local")};
    const Report report = judge(evidence, options({"outlook-2007"}, {"root"}));
    EXPECT_THAT(report.chains, SizeIs(2)) << "equal certificates are one chain";
    EXPECT_THAT(who_says_something(report),
                ElementsAre("A outlook-2007", "B outlook-2007 as mail.example.com", "A outlook-2007 as sbs.example.local"));
    EXPECT_EQ(report.verdicts[1].outcome, Outcome::silent);
    EXPECT_EQ(report.verdicts[2].outcome, Outcome::warns) << "the name typed is the second of that certificate";
    EXPECT_THAT(report.differences, Contains("With mail.example.com in the hello (SNI) the server shows chain B (port 993)."));
}

TEST(Deep, ASecondProcessWithAnOldCertificateIsSeenByEverybody) {
    probe::Evidence evidence = shown({"mended"});
    evidence.endpoints[0].deep = {answer(probe::Question::again, {"mended"}, "rsa-pss-sha256"),
                                  answer(probe::Question::again, {"expired"}, "rsa-pss-sha256")};
    const Report report = judge(evidence, options({"outlook-2007", "thunderbird"}, {"root"}));
    EXPECT_THAT(who_says_something(report), ElementsAre("A outlook-2007", "A thunderbird", "B outlook-2007", "B thunderbird"));
    EXPECT_THAT(report.differences, Contains("Asked again the server shows chain B (port 993)."));
    EXPECT_THAT(report.differences, Contains(HasSubstr("who shows B was not reloaded")));
}

}  // namespace

}  // namespace truename::doctor
