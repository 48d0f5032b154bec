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

using Steps = std::vector<std::string>;

const std::initializer_list<std::string> kClients = {"outlook-2007", "outlook-2003", "outlook-365", "thunderbird", "apple-mail-macos"};

TEST(SmallBusinessServer, OnlyOutlook2007WarnsAndAsksAgainAfterEachRestart) {
    const Report report = judge(shown({"sbs"}), options(kClients, {"root"}));
    const Verdict& outlook = verdict_of(report, "outlook-2007");
    EXPECT_EQ(outlook.outcome, Outcome::warns);
    EXPECT_EQ(outlook.asks_again, true);
    ASSERT_TRUE(outlook.dialog);
    EXPECT_EQ(outlook.dialog->steps.at(0).text, "The target principal name is incorrect.");
    EXPECT_THAT(outlook.findings, Contains(FindingId::name_match_not_first));
    EXPECT_EQ(verdict_of(report, "outlook-2003").outcome, Outcome::silent);
    EXPECT_EQ(verdict_of(report, "thunderbird").outcome, Outcome::silent);
    EXPECT_EQ(report.exit, 1);
}

TEST(SmallBusinessServer, TheReportBeginsWithWhoHasToActAndWhy) {
    const Report report = judge(shown({"sbs"}), options(kClients, {"root"}));
    EXPECT_EQ(report.who, Who::server);
    EXPECT_EQ(report.headline, "The administrator of the server has to act: its certificate begins with another name.");
    ASSERT_THAT(kinds(report.causes), ElementsAre("name-not-first"));
    EXPECT_EQ(report.causes[0].id, "N1");
    EXPECT_THAT(report.causes[0].clients, ElementsAre("outlook-2007"));
    EXPECT_THAT(report.causes[0].text, HasSubstr("sbs.example.local"));
}

TEST(SmallBusinessServer, TheMendIsShownToWorkByJudgingAgain) {
    const Report report = judge(shown({"sbs"}), options(kClients, {"root"}));
    ASSERT_THAT(report.mends, SizeIs(1));
    EXPECT_EQ(report.mends[0].kind, "name-first");
    EXPECT_TRUE(report.mends[0].rejudged);
    EXPECT_THAT(report.mends[0].helps, ElementsAre("outlook-2007"));
    EXPECT_THAT(report.mends[0].left, IsEmpty());
    EXPECT_THAT(report.mends[0].causes, ElementsAre("N1"));
}

// Whether Gmail uses roots that somebody added is not known, so nobody can say what it does to a certificate under one.
TEST(SmallBusinessServer, NeverCallsAClientSilentThatCannotBeJudged) {
    const Report report = judge(shown({"sbs"}), options({"outlook-2007", "thunderbird", "gmail-android"}, {"root"}));
    ASSERT_EQ(verdict_of(report, "gmail-android").outcome, Outcome::not_judged);
    ASSERT_THAT(report.mends, SizeIs(1));
    EXPECT_THAT(report.mends[0].helps, ElementsAre("outlook-2007"));
    EXPECT_THAT(report.mends[0].left, IsEmpty());
    EXPECT_THAT(report.mends[0].not_judged, ElementsAre("gmail-android"));
    const std::string text = render_text(report);
    EXPECT_THAT(text, HasSubstr("mends N1 → all silent that can be judged"));
    EXPECT_THAT(text, HasSubstr("Not judged: Gmail (Android)."));
    EXPECT_THAT(render_html(report), HasSubstr("Not judged: Gmail (Android)."));
}

TEST(Examine, ACertificateOfAPublicAuthoritySilencesAlsoWhoCouldNotBeJudged) {
    const Report report = judge(shown({"self-signed-other-name"}), options({"outlook-2007", "gmail-android"}));
    ASSERT_FALSE(report.mends.empty());
    EXPECT_EQ(report.mends[0].kind, "public-certificate");
    EXPECT_THAT(report.mends[0].not_judged, IsEmpty());
    EXPECT_THAT(render_text(report), HasSubstr(" → all silent\n"));
}

TEST(Examine, TheWizardIsNamedOnlyForAnInnerNameThatStandsFirst) {
    const auto steps = [](const Report& report) { return report.mends.at(0).kind == "name-first" ? report.mends[0].steps : Steps{}; };
    const Options chosen = options({"outlook-2007"}, {"root"});
    EXPECT_THAT(steps(judge(shown({"sbs"}), chosen)), Contains(HasSubstr("put sbs.example.local first: \"Internet Address Management\"")));
    const Steps public_first = steps(judge(shown({"other-name"}), chosen));
    EXPECT_THAT(public_first, Contains(HasSubstr("truename predict server.csr")));
    EXPECT_THAT(public_first, Not(Contains(HasSubstr("wizard"))));
}

TEST(SmallBusinessServer, SaysWhatClientsWithoutTheRootWouldSay) {
    const Report report = judge(shown({"sbs"}), options(kClients, {"root"}));
    ASSERT_THAT(report.also, SizeIs(1));
    EXPECT_EQ(report.also[0].id, "T1");
    EXPECT_EQ(report.also[0].assuming, "--trust system");
    EXPECT_THAT(report.also[0].clients, Contains("thunderbird"));
    EXPECT_THAT(report.also[0].text, HasSubstr("example-SBS-CA"));
}

TEST(SmallBusinessServer, WithThePublicNameFirstEveryClientIsSilent) {
    const Report report = judge(shown({"mended"}), options(kClients, {"root"}));
    for (const Verdict& verdict : report.verdicts) EXPECT_EQ(verdict.outcome, Outcome::silent) << verdict.id;
    EXPECT_EQ(report.who, Who::nobody);
    EXPECT_THAT(report.causes, IsEmpty());
    EXPECT_THAT(report.mends, IsEmpty());
    EXPECT_EQ(report.exit, 0);
}

TEST(Examine, GivesOneVerdictForEachClientAndChainNotForEachEndpoint) {
    const Report report = judge(shown({"sbs"}, {probe::Protocol::imaps, probe::Protocol::pop3s, probe::Protocol::submission}),
                                options({"outlook-2007", "thunderbird"}, {"root"}));
    EXPECT_THAT(report.chains, SizeIs(1));
    EXPECT_THAT(report.verdicts, SizeIs(2));
    EXPECT_THAT(verdict_of(report, "thunderbird").endpoints,
                ElementsAre("imaps:993@192.0.2.10", "pop3s:995@192.0.2.10", "submission:587@192.0.2.10"));
}

TEST(Examine, SaysHowAddressesDiffer) {
    probe::Evidence evidence = shown({"mended"});
    evidence.endpoints.push_back(endpoint(probe::Protocol::imaps, "2001:db8::10", {"sbs"}));
    const Report report = judge(evidence, options({"thunderbird"}, {"root"}));
    ASSERT_THAT(report.chains, SizeIs(2));
    EXPECT_THAT(report.differences, Contains("192.0.2.10 shows chain A, 2001:db8::10 shows chain B."));
    EXPECT_THAT(report.verdicts, SizeIs(2));
}

TEST(Examine, SaysWhichPortShowsTheOldCertificate) {
    probe::Evidence evidence = shown({"mended"});
    evidence.endpoints.push_back(endpoint(probe::Protocol::submission, "192.0.2.10", {"expired"}));
    const Report report = judge(evidence, options({"thunderbird"}, {"root"}));
    EXPECT_THAT(report.differences, Contains("Port 993 shows chain A, port 587 shows chain B."));
    EXPECT_THAT(report.differences, Contains(HasSubstr("who shows B was not reloaded")));
}

TEST(Examine, ReadsWhatTheServerStaples) {
    probe::Evidence evidence = shown({"mended"});
    evidence.endpoints.push_back(endpoint(probe::Protocol::submission, "192.0.2.10", {"mended"}));
    evidence.endpoints[1].tls.staple = ocsp_answer("mended", {.verdict = x509::OcspVerdict::revoked});
    const Report report = judge(evidence, options({"thunderbird"}, {"root"}));
    EXPECT_THAT(verdict_of(report, "thunderbird").findings, ElementsAre(FindingId::revocation_staple_revoked));
}

TEST(Examine, SaysWhichYesIsRemembered) {
    const Report report = judge(shown({"sbs"}), options({"evolution"}));
    const Verdict& verdict = verdict_of(report, "evolution");
    EXPECT_EQ(verdict.asks_again, false);
    ASSERT_TRUE(verdict.yes);
    EXPECT_EQ(verdict.yes->choice, "Accept Permanently");
    EXPECT_EQ(verdict.yes->otherwise, "session");
    EXPECT_THAT(render_text(report), HasSubstr("Permanently\""));
    EXPECT_THAT(render_json(report), HasSubstr("\"choice\": \"Accept Permanently\""));
}

TEST(Examine, SaysThatExpiryIsNearBeforeAnyClientMinds) {
    const Report report = judge(shown({"ends-soon"}), options({"thunderbird"}, {"root"}));
    EXPECT_EQ(verdict_of(report, "thunderbird").outcome, Outcome::silent);
    EXPECT_TRUE(report.near_expiry);
    EXPECT_EQ(report.exit, 1);
    EXPECT_THAT(kinds(report.causes), ElementsAre("near-expiry"));
    EXPECT_THAT(report.headline, HasSubstr("ends in 10 days"));
    ASSERT_THAT(report.mends, SizeIs(1));
    EXPECT_EQ(report.mends[0].kind, "renew-own") << "the root was added";
}

TEST(Examine, PairsOfFaultsAreBothToldAndOneMendTakesBothAway) {
    const Report report = judge(shown({"self-signed-other-name"}), options({"thunderbird", "outlook-365"}));
    EXPECT_THAT(kinds(report.causes), Contains("self-signed"));
    ASSERT_FALSE(report.mends.empty());
    EXPECT_EQ(report.mends[0].kind, "public-certificate");
    EXPECT_THAT(report.mends[0].left, IsEmpty());
}

TEST(Examine, OffersTheNearestNameOfTheCertificateToType) {
    const Report report = judge(shown({"other-name"}), options({"thunderbird", "outlook-365"}, {"root"}));
    EXPECT_THAT(kinds(report.causes), ElementsAre("name-mismatch"));
    EXPECT_THAT(report.hints, Contains(HasSubstr("mail.example.com")));
    EXPECT_EQ(report.mends.at(0).kind, "name-first");
}

void expect_only_the_order(const Report& report) {
    EXPECT_EQ(verdict_of(report, "thunderbird").outcome, Outcome::refuses) << "the first is the server's own for every client";
    EXPECT_EQ(report.headline, "The administrator of the server has to act: it sends its certificates in the wrong order.");
    ASSERT_THAT(kinds(report.causes), ElementsAre("chain-order"));
    EXPECT_THAT(report.causes[0].text, HasSubstr(report.chains[0].certificates[0].subject + " stands too early"));
    ASSERT_THAT(report.mends, SizeIs(1));
    EXPECT_EQ(report.mends[0].kind, "complete-chain");
    EXPECT_TRUE(report.mends[0].rejudged);
    EXPECT_THAT(report.mends[0].left, IsEmpty());
}

TEST(WrongOrder, AnAuthorityBeforeTheServerIsToldAsThatAndNothingElse) {
    expect_only_the_order(judge(shown({"intermediate", "under-intermediate"}), options(kClients, {"root"})));
    expect_only_the_order(judge(shown({"root", "under-intermediate", "intermediate"}), options(kClients, {"root"})));
    expect_only_the_order(judge(shown({"intermediate", "root", "under-intermediate"}), options(kClients, {"root"})));
    PredictInput input;
    input.files = {file({"root", "intermediate", "under-intermediate"})};
    expect_only_the_order(foresee(input, options(kClients, {"root"})));
}

TEST(WrongOrder, WhoChecksNothingIsNoReasonToBeQuietAboutIt) {
    const Report report = judge(shown({"intermediate", "under-intermediate"}), options({"outlook-2003"}, {"root"}));
    std::vector<Cause> causes = report.causes;
    causes.insert(causes.end(), report.also.begin(), report.also.end());
    EXPECT_THAT(kinds(causes), Contains("chain-order"));
}

TEST(Examine, AMissingIntermediateIsSentByTheMend) {
    probe::Evidence evidence = shown({"under-intermediate"});
    const Report broken = judge(evidence, options({"thunderbird"}, {"root"}));
    EXPECT_NE(verdict_of(broken, "thunderbird").outcome, Outcome::silent);
    EXPECT_EQ(broken.who, Who::server);
    evidence = shown({"under-intermediate", "intermediate"});
    EXPECT_EQ(judge(evidence, options({"thunderbird"}, {"root"})).exit, 0);
}

TEST(Examine, ClosedPortsAreNotJudged) {
    probe::Evidence evidence = shown({});
    evidence.endpoints[0].state = probe::EndpointState::refused;
    evidence.endpoints[0].tls = {};
    evidence.endpoints[0].error = Failure{FailureKind::refused, "connecting to", "192.0.2.10 port 993", "nothing listens", ""};
    const Report report = judge(evidence, options({"thunderbird"}));
    EXPECT_EQ(report.exit, 3);
    EXPECT_EQ(report.who, Who::unknown);
    EXPECT_THAT(report.headline, HasSubstr("nothing listens"));
    EXPECT_THAT(report.verdicts, IsEmpty());
}

TEST(Examine, ANameThatDoesNotResolveIsSaid) {
    probe::Evidence evidence = shown({}, {});
    evidence.error = Failure{FailureKind::local, "resolving", "nowhere.example", "the name does not exist", "Check the spelling"};
    const Report report = judge(evidence, options({"thunderbird"}));
    EXPECT_EQ(report.exit, 3);
    EXPECT_THAT(report.headline, HasSubstr("the name does not exist"));
}

TEST(Examine, GarbageInThePlaceOfACertificateHarmsNobody) {
    probe::Evidence evidence = shown({"sbs"});
    evidence.endpoints[0].tls.chain = {ByteString{0x30, 0x03, 0xFF}, ByteString{}};
    const Report report = judge(evidence, options({"thunderbird", "outlook-2007"}, {"root"}));
    EXPECT_THAT(report.chains, SizeIs(1));
    EXPECT_THAT(report.verdicts, SizeIs(2));
    for (const Verdict& verdict : report.verdicts) EXPECT_NE(verdict.outcome, Outcome::silent) << verdict.id;
    EXPECT_FALSE(render_html(report).empty());
}

TEST(Examine, ASummaryLineStaysShortWhateverTheNamesAre) {
    const Report report = judge(shown({"endless-name"}), options({"thunderbird", "outlook-2007"}, {"root"}));
    EXPECT_EQ(verdict_of(report, "thunderbird").outcome, Outcome::warns) << "a malformed name beside it must not hide a mismatch";
    ASSERT_FALSE(report.causes.empty());
    EXPECT_LT(report.causes[0].text.size(), 1000u);
    EXPECT_LT(render_json_summary(report).size(), 1500u);
    EXPECT_LT(render_text(report).size(), 6000u);
}

TEST(Examine, TheSameEvidenceGivesTheSameReport) {
    const probe::Evidence evidence = shown({"sbs"}, {probe::Protocol::imaps, probe::Protocol::smtp});
    const Options chosen = options(kClients, {"root"});
    EXPECT_EQ(render_json(judge(evidence, chosen)), render_json(judge(evidence, chosen)));
}

TEST(Examine, ARequiredProtocolThatWasNotJudgedIsNamed) {
    Options chosen = options({"thunderbird"}, {"root"});
    chosen.require = {"imaps", "submission"};
    const Report report = judge(shown({"mended"}), chosen);
    EXPECT_THAT(report.missing, ElementsAre("submission"));
    EXPECT_EQ(report.exit, 2);
    EXPECT_EQ(report.headline, "It cannot be said yet who has to act: submission is required and was not asked.");
    chosen.require = {"imaps"};
    EXPECT_EQ(judge(shown({"mended"}), chosen).exit, 0);
}

TEST(Examine, ARequiredProtocolThatIsClosedIsTheServersFaultAlsoBesideAnother) {
    const auto closed = [](std::initializer_list<std::string_view> names) {
        probe::Evidence evidence = shown(names);
        evidence.endpoints.push_back(endpoint(probe::Protocol::submission, "192.0.2.10", {}));
        evidence.endpoints.back().state = probe::EndpointState::refused;
        evidence.endpoints.back().tls = {};
        return evidence;
    };
    Options chosen = options({"outlook-2007", "thunderbird"}, {"root"});
    EXPECT_EQ(judge(closed({"mended"}), chosen).exit, 0) << "nobody asked for it";
    chosen.require = {"submission"};
    const Report report = judge(closed({"mended"}), chosen);
    EXPECT_EQ(report.exit, 2);
    EXPECT_EQ(report.headline, "The administrator of the server has to act: submission is required and nothing listens there.");
    const Report two = judge(closed({"sbs"}), chosen);
    EXPECT_EQ(two.headline,
              "The administrator of the server has to act: its certificate begins with another name; submission is required and nothing "
              "listens there.");
    EXPECT_THAT(two.missing, ElementsAre("submission"));
}

// An endpoint where something went wrong before any certificate was shown.
probe::Endpoint broken(probe::Protocol protocol, FindingId id, probe::EndpointState state = probe::EndpointState::tls_failed) {
    probe::Endpoint made = endpoint(protocol, "192.0.2.10", {});
    made.state = state;
    made.tls = {};
    made.tls.handshake = state == probe::EndpointState::tls_failed ? net::Handshake::failed : net::Handshake::none;
    made.reach = {};
    made.findings = {{.id = id}};
    return made;
}

TEST(Broken, APortThatBreaksOffTheHandshakeCountsAsARefusalAlsoBesideAGoodOne) {
    probe::Evidence evidence = shown({"mended"});
    evidence.endpoints.push_back(broken(probe::Protocol::pop3s, FindingId::tls_closed));
    const Report report = judge(evidence, options({"thunderbird", "outlook-365"}, {"root"}));
    EXPECT_EQ(report.exit, 2);
    EXPECT_EQ(report.headline, "The administrator of the server has to act: it breaks off the handshake.");
    EXPECT_THAT(report.causes.at(0).clients, ElementsAre("thunderbird", "outlook-365"));
    EXPECT_THAT(render_nagios(report), StartsWith("TRUENAME CRITICAL - "));
}

TEST(Broken, AServerThatInsistsOnClientCertificatesIsNotOkThoughItsOwnIs) {
    probe::Evidence evidence = shown({"mended"});
    evidence.endpoints[0].state = probe::EndpointState::tls_failed;
    evidence.endpoints[0].tls.handshake = net::Handshake::failed;
    evidence.endpoints[0].findings = {{.id = FindingId::tls_needs_client_certificate}};
    EXPECT_EQ(judge(evidence, options({"thunderbird"}, {"root"})).exit, 2);
}

TEST(Broken, APortForClientsWithoutStartTlsIsARefusalAndOneForDeliveryIsSaidBesides) {
    const auto without_starttls = [](probe::Protocol protocol) {
        probe::Evidence evidence = shown({"mended"});
        evidence.endpoints.push_back(broken(protocol, FindingId::mail_starttls_missing, probe::EndpointState::no_tls));
        return judge(evidence, options({"thunderbird"}, {"root"}));
    };
    EXPECT_EQ(without_starttls(probe::Protocol::imap).exit, 2);
    EXPECT_EQ(without_starttls(probe::Protocol::submission).exit, 2);
    const Report delivery = without_starttls(probe::Protocol::smtp);
    EXPECT_EQ(delivery.exit, 0);
    EXPECT_EQ(delivery.who, Who::nobody);
    EXPECT_THAT(kinds(delivery.also), Contains("starttls-missing"));
    probe::Evidence alone = shown({}, {});
    alone.endpoints.push_back(broken(probe::Protocol::smtp, FindingId::mail_starttls_missing, probe::EndpointState::no_tls));
    const Report only = judge(alone, options({"thunderbird"}));
    EXPECT_EQ(only.exit, 3) << "nobody logs in there, and nothing else was asked";
    EXPECT_EQ(only.who, Who::server);
    EXPECT_THAT(only.causes.at(0).clients, IsEmpty());
    EXPECT_THAT(only.causes.at(0).text, HasSubstr("mail would go in plain text."));
    alone.endpoints[0].login_before_tls = true;
    alone.endpoints[0].findings.push_back({.id = FindingId::mail_login_before_tls});
    const Report login = judge(alone, options({"thunderbird"}));
    EXPECT_EQ(login.exit, 2) << "a login is offered";
    EXPECT_THAT(login.causes.at(0).text, HasSubstr("(and passwords, too, at port "));
}

TEST(Broken, AnOfferThatIsNotTakenShutsOutOnlyClientsThatOfferNothingElse) {
    probe::Evidence evidence = shown({}, {});
    evidence.endpoints.push_back(broken(probe::Protocol::imaps, FindingId::tls_alert));
    evidence.endpoints[0].findings.push_back({.id = FindingId::tls_version_unsupported});
    evidence.endpoints[0].hello.min = net::TlsVersion::tls_1_2;
    evidence.endpoints[0].hello.max = net::TlsVersion::tls_1_3;
    for (const std::size_t version : {2u, 3u}) evidence.endpoints[0].reach.answers[version] = {probe::Answer::no, probe::Answer::no};
    EXPECT_EQ(judge(evidence, options({"thunderbird"})).exit, 2);
    EXPECT_EQ(judge(evidence, options({"outlook-2003"})).exit, 3) << "nobody asked with TLS 1.0";
}

TEST(Broken, ClosedLimitedAndSilentPortsAndOtherProgramsShutOutNobody) {
    for (const auto& [id, state] : {std::pair{FindingId::mail_limited, probe::EndpointState::limited},
                                    std::pair{FindingId::mail_greeting, probe::EndpointState::no_tls}}) {
        probe::Evidence evidence = shown({"mended"});
        evidence.endpoints.push_back(broken(probe::Protocol::imap, id, state));
        const Report report = judge(evidence, options({"thunderbird"}, {"root"}));
        EXPECT_EQ(report.exit, 0) << info(id).name;
        EXPECT_EQ(report.who, Who::nobody) << info(id).name;
        evidence.endpoints.erase(evidence.endpoints.begin());
        EXPECT_EQ(judge(evidence, options({"thunderbird"}, {"root"})).exit, 3) << info(id).name;
    }
}

TEST(Prepare, AnUnknownClientIsAUsageErrorThatNamesTheNearest) {
    const auto settings = prepare(options({"outlook-2008"}));
    ASSERT_FALSE(settings);
    EXPECT_EQ(settings.error().kind, FailureKind::usage);
    EXPECT_THAT(to_sentence(settings.error()), HasSubstr("outlook-200"));
}

TEST(Prepare, ATrustFileWithoutACertificateIsRefused) {
    Options chosen = options({"thunderbird"});
    chosen.added_roots.push_back({"empty.pem", to_owned(as_bytes("no certificate"))});
    const auto settings = prepare(chosen);
    ASSERT_FALSE(settings);
    EXPECT_EQ(settings.error().kind, FailureKind::input);
}

}  // namespace

}  // namespace truename::doctor
