#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "doctor/causes.h"
#include "doctor/describe.h"
#include "doctor/render.h"
#include "doctor/render/view.h"
#include "tests/doctor/story.h"

// Whether the report names the true cause, and a mend that fits it.
namespace truename::doctor {

namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::string all_steps(const Report& report) {
    std::string text;
    for (const Mend& mend : report.mends) {
        for (const std::string& step : mend.steps) text += step + "\n";
    }
    return text;
}

void find(probe::Evidence& evidence, std::initializer_list<FindingId> ids) {
    for (const FindingId id : ids) evidence.endpoints[0].findings.push_back({id, Field::none, 0, "", ""});
}

// What a server shows whose handshake breaks after its certificate.
probe::Evidence broken(std::initializer_list<FindingId> ids) {
    probe::Evidence evidence = shown({"mended"});
    evidence.endpoints[0].tls.handshake = net::Handshake::failed;
    find(evidence, ids);
    return evidence;
}

TEST(IncompleteChain, NamesTheIntermediateThatIsKnownFromElsewhereAndLetsTheServerSendIt) {
    probe::Evidence evidence = shown({"under-intermediate"});
    probe::Fetched issuer;
    issuer.kind = probe::FetchedKind::issuer;
    issuer.bytes = to_owned(story().certificate("intermediate"));
    evidence.fetched.push_back(issuer);
    const Report report = judge(evidence, options({"thunderbird", "outlook-365"}, {"root"}));
    EXPECT_THAT(kinds(report.causes), ElementsAre("incomplete-chain"));
    EXPECT_THAT(report.headline, HasSubstr("it does not send the intermediate certificate (Intermediate)"));
    EXPECT_THAT(report.causes[0].clients, ElementsAre("thunderbird"));
    EXPECT_THAT(report.causes[0].others, HasSubstr("fetch")) << "Outlook is silent, and this says why";
    EXPECT_THAT(kinds(report.mends), ElementsAre("complete-chain"));
    EXPECT_THAT(report.mends[0].left, IsEmpty());
}

TEST(IncompleteChain, NamesThePortThatSendsWhatAnotherForgets) {
    probe::Evidence evidence = shown({"under-intermediate", "intermediate"});
    evidence.endpoints.push_back(endpoint(probe::Protocol::submission, "192.0.2.10", {"under-intermediate"}));
    const Report report = judge(evidence, options({"thunderbird", "outlook-365"}, {"root"}));
    EXPECT_THAT(kinds(report.causes), ElementsAre("incomplete-chain"));
    EXPECT_THAT(report.headline, HasSubstr("it does not send the intermediate certificate (Intermediate)"));
    EXPECT_THAT(kinds(report.mends), ElementsAre("complete-chain"));
    EXPECT_THAT(report.differences, Contains("Port 993 sends the certificate of Intermediate, which port 587 leaves out: the file that is "
                                             "configured there has it."));
    EXPECT_THAT(report.mends[0].left, IsEmpty());
    EXPECT_EQ(report.exit, 1) << "what another port sends helps nobody at this one";
}

TEST(TrailingDot, IsTheCauseAndNotTheCommonName) {
    const Report report = judge(shown({"trailing-dot"}), options({"thunderbird", "apple-mail-macos"}, {"root"}));
    EXPECT_THAT(kinds(report.causes), ElementsAre("name-trailing-dot"));
    EXPECT_THAT(report.causes[0].text, HasSubstr("DNS:remote.example.com."));
}

TEST(InnerAddress, IsNoReasonToTypeANameThatDoesNotExist) {
    probe::Evidence evidence = shown({"inner-address"});
    evidence.target.name = evidence.endpoints[0].hello.server_name = "192.168.1.5";
    const Report report = judge(evidence, options({"outlook-2003", "thunderbird"}));
    ASSERT_THAT(kinds(report.causes), Contains("name-address-only")) << "Outlook 2003 compares no addresses";
    EXPECT_THAT(kinds(report.mends), Not(Contains("type-nearest-name"))) << "the certificate holds no name";
    EXPECT_THAT(kinds(report.mends), Contains("name-for-address"));
}

TEST(InnerName, IsCertifiedByAnAuthorityWhoseRootTheClientsCanBeGiven) {
    for (const std::string name : {"server.local", "mailserver", "192.168.1.5"}) {
        probe::Evidence evidence = shown({"inner-address"});
        evidence.target.name = evidence.endpoints[0].hello.server_name = name;
        const Report report = judge(evidence, options({"outlook-2007", "thunderbird"}));
        const auto mend = std::find_if(report.mends.begin(), report.mends.end(), [](const Mend& one) { return one.kind == "find-root"; });
        ASSERT_NE(mend, report.mends.end()) << name;
        EXPECT_THAT(mend->text, AllOf(HasSubstr("(example-SBS-CA, or one above it)"), HasSubstr("one that certifies " + name)));
        EXPECT_THAT(mend->steps, ElementsAre("truename check " + name + " --trust root.pem"));
    }
    EXPECT_THAT(kinds(judge(shown({"under-intermediate"}), options({"thunderbird"})).mends), Not(Contains("find-root")))
        << "a public authority may have issued it, whose roots they have";
}

TEST(FailedFetch, IsToldAndNobodyThatFetchesIsJudgedByIt) {
    probe::Evidence evidence = shown({"names-its-issuer"});
    evidence.fetched_issuers = true;
    probe::Fetched failed;
    failed.url = "http://ca.invalid/a.crt";
    failed.failure = Failure{FailureKind::local, "fetching", failed.url, "the name does not exist", ""};
    evidence.fetched.push_back(failed);
    const Report report = judge(evidence, options({"thunderbird", "outlook-365"}, {"root"}));
    EXPECT_EQ(verdict_of(report, "thunderbird").outcome, Outcome::warns) << "it fetches nothing";
    EXPECT_EQ(verdict_of(report, "outlook-365").outcome, Outcome::not_judged) << "it may find it where this machine did not";
    EXPECT_THAT(render_text(report, {.width = 200}),
                HasSubstr("names http://ca.invalid/a.crt for its issuer, which could not be fetched from here: the name does not exist."));
}

TEST(FailedFetch, ConcernsTheChainThatNamesTheAddress) {
    probe::Evidence evidence = shown({"names-its-issuer"});
    evidence.fetched_issuers = true;
    probe::Fetched other;
    other.url = "http://ca.example.com/other.crt";
    other.bytes = to_owned(story().certificate("other-name"));
    evidence.fetched.push_back(other);
    const Report report = judge(evidence, options({"outlook-365"}, {"root"}));
    EXPECT_EQ(verdict_of(report, "outlook-365").outcome, Outcome::not_judged) << "what came is of another chain";
}

TEST(Chain, ThatNobodyWasShownIsNotCalledUntrusted) {
    Report report = judge(shown({"mended"}), options({"thunderbird"}, {"root"}));
    report.paths.clear();
    report.verdicts.clear();
    EXPECT_THAT(render_text(report), Not(HasSubstr("not trusted")));
}

TEST(UnknownIssuer, NamesTheIssuerOfTheLastCertificateNotOfTheFirst) {
    const Report report = judge(shown({"under-intermediate", "intermediate"}), options({"thunderbird"}));
    ASSERT_THAT(kinds(report.causes), ElementsAre("unknown-issuer"));
    EXPECT_THAT(report.causes[0].text, HasSubstr("The issuer example-SBS-CA is neither"));
    EXPECT_THAT(kinds(report.mends), Contains("find-issuer"));
}

TEST(Cause, ExplainsSilenceOnlyWhereSomebodyIsSilent) {
    const Report all_warn = judge(shown({"other-name"}), options({"thunderbird", "outlook-365"}, {"root"}));
    ASSERT_THAT(all_warn.causes, SizeIs(1));
    EXPECT_THAT(all_warn.causes[0].others, IsEmpty());
    const Report one_silent = judge(shown({"sbs"}), options({"outlook-2007", "outlook-365"}, {"root"}));
    ASSERT_THAT(one_silent.causes, SizeIs(1));
    EXPECT_THAT(one_silent.causes[0].others, Not(IsEmpty()));
}

TEST(Cause, ALoginBeforeTlsIsToldThoughNoClientMindsIt) {
    probe::Evidence evidence = shown({"mended"}, {probe::Protocol::imap});
    find(evidence, {FindingId::mail_login_before_tls});
    const Report report = judge(evidence, options({"thunderbird"}, {"root"}));
    EXPECT_THAT(kinds(report.also), Contains("login-before-tls"));
    EXPECT_EQ(report.exit, 0) << "it is no fault of the certificate";
    EXPECT_THAT(render_text(report), HasSubstr("the server offers a login before TLS"));
    EXPECT_THAT(report.also.at(0).text, HasSubstr("(Dovecot always does so to its own machine, as at port 143 (imap"));
    probe::Evidence sending = shown({"mended"}, {probe::Protocol::submission});
    find(sending, {FindingId::mail_login_before_tls});
    EXPECT_THAT(judge(sending, options({"thunderbird"}, {"root"})).also.at(0).text, Not(HasSubstr("Dovecot")));
}

TEST(Cause, TheReasonOfABrokenHandshakeIsToldOnce) {
    const Report bare = judge(broken({FindingId::tls_closed}), options({"thunderbird"}, {"root"}));
    EXPECT_THAT(kinds(bare.causes), ElementsAre("tls-broken"));
    const Report known = judge(broken({FindingId::tls_closed, FindingId::server_certificate_load}), options({"thunderbird"}, {"root"}));
    EXPECT_THAT(kinds(known.causes), ElementsAre("certificate-load"));
}

TEST(Cause, AClientThatDoesNotComeInIsNotCalledSilentAndNothingMore) {
    const Report report = judge(broken({FindingId::tls_closed}), options({"thunderbird"}, {"root"}));
    EXPECT_EQ(verdict_of(report, "thunderbird").outcome, Outcome::silent) << "about the certificate";
    EXPECT_THAT(render_text(report), HasSubstr("does not come in: the handshake fails"));
    EXPECT_THAT(render_html(report), HasSubstr("does not come in: the handshake fails"));
    EXPECT_THAT(render_nagios(report), HasSubstr(" shut_out=1;;0 "));
}

// Lets the server take TLS of that version alone, with an RSA key.
void speak_only(probe::Evidence& evidence, net::TlsVersion version) {
    auto& answers = evidence.endpoints[0].reach.answers;
    for (auto& row : answers) row.fill(probe::Answer::no);
    answers[static_cast<std::size_t>(version) - static_cast<std::size_t>(net::TlsVersion::tls_1_0)][0] = probe::Answer::yes;
}

TEST(Barrier, TheServerHasToSpeakWhatItsClientsSpeak) {
    probe::Evidence evidence = shown({"mended"});
    speak_only(evidence, net::TlsVersion::tls_1_0);
    const Report old_server = judge(evidence, options({"thunderbird"}, {"root"}));
    EXPECT_THAT(kinds(old_server.causes), ElementsAre("tls-version"));
    EXPECT_THAT(kinds(old_server.mends), ElementsAre("tls-versions"));
    EXPECT_EQ(old_server.who, Who::server);
    speak_only(evidence, net::TlsVersion::tls_1_3);
    const Report old_client = judge(evidence, options({"outlook-2016", "thunderbird"}, {"root"}));
    EXPECT_THAT(kinds(old_client.causes), ElementsAre("client-old"));
    EXPECT_THAT(kinds(old_client.mends), ElementsAre("tls-versions", "update-client"));
    EXPECT_THAT(old_client.mends.at(1).text, HasSubstr("in place of Outlook 2016"));
    EXPECT_EQ(old_client.who, Who::server);
}

TEST(Name, InTheCommonNameOnlyIsNoOtherName) {
    const Report report = judge(shown({"common-name-only"}), options({"thunderbird", "outlook-365"}, {"root"}));
    EXPECT_THAT(kinds(report.causes), ElementsAre("name-cn-only"));
    EXPECT_THAT(report.causes[0].clients, ElementsAre("thunderbird"));
    EXPECT_THAT(report.causes[0].others, HasSubstr("still read the common name"));
}

TEST(Mend, ANewRequestNamesNothingWithADotAtItsEnd) {
    const Report report = judge(shown({"dotted"}), options({"thunderbird"}, {"root"}));
    std::string steps;
    for (const Mend& mend : report.mends) steps += join(mend.steps, "\n") + "\n";
    EXPECT_THAT(steps, HasSubstr("subjectAltName=DNS:remote.example.com,DNS:www.example.com\n"));
    EXPECT_THAT(steps, Not(HasSubstr("wizard")));
}

TEST(Mend, ALineIsLeftOutWithTheOneThatMakesItsFile) {
    const Report report = judge(shown({"many-names"}), options({"thunderbird"}, {"root"}));
    ASSERT_THAT(report.mends, Not(IsEmpty()));
    for (const Mend& mend : report.mends) {
        const std::string steps = join(mend.steps, "\n");
        EXPECT_EQ(steps.find("predict server.csr") == std::string::npos, steps.find("-out server.csr") == std::string::npos) << mend.kind;
    }
    EXPECT_THAT(report.mends[0].steps, Contains(HasSubstr("systemctl reload"))) << "what needs no request stays";
}

TEST(Cause, OfAnExtensionSaysWhichOfItsFaultsItIs) {
    const CauseTable& table = compiled_causes();
    const std::string_view unknown = table.cause_of(FindingId::extension_unknown_critical)->text;
    const std::string_view twice = table.cause_of(FindingId::extension_duplicate)->text;
    EXPECT_THAT(std::string(unknown), AllOf(HasSubstr("must be understood"), Not(HasSubstr("twice"))));
    EXPECT_THAT(std::string(twice), AllOf(HasSubstr("twice"), Not(HasSubstr("must be understood"))));
    EXPECT_THAT(std::string(table.cause_of(FindingId::extension_malformed)->text), HasSubstr("have the form"));
}

TEST(Days, OneThatIsNotOverIsToldInHoursAndWithTheTimeOfDay) {
    Options chosen = options({"thunderbird"}, {"root"});
    const auto said_at = [&](const char* time) {
        chosen.at = *parse_time(time);
        const Report report = judge(shown({"expired"}), chosen);
        return report.causes.at(0).text + "\n" + report.headline + "\n" + chain_label(report, report.chains.at(0));
    };
    EXPECT_THAT(said_at("2026-11-01T07:30"),
                AllOf(HasSubstr("ended on 2026-11-01 00:00 UTC, 7 hours before 2026-11-01 07:30 UTC"), HasSubstr("expired 7 hours ago")));
    EXPECT_THAT(said_at("2026-10-31T23:30"),
                AllOf(HasSubstr("ends on 2026-11-01 00:00 UTC, in less than an hour"),
                      HasSubstr("its certificate ends in less than an hour"), HasSubstr("less than an hour left")));
    const Time begins = *judge(shown({"expired"}), chosen).chains.at(0).certificates.at(0).not_before;
    const std::string early = said_at(format_time(begins - std::chrono::hours(5)).c_str());
    const std::string day = format_date(begins), before = format_date(begins - std::chrono::days(1));
    EXPECT_THAT(early, HasSubstr("begins on " + day + " 00:00 UTC, later than " + before + " 19:00 UTC"));
    EXPECT_THAT(early, HasSubstr("(in 5 hours)"));
}

TEST(Days, AreCountedByTheCalendarOnceTheCertificateHasEnded) {
    EXPECT_EQ(days_since(*parse_time("2026-11-25T23:00"), *parse_time("2026-11-28T01:00")), 3);
    EXPECT_EQ(days_since(*parse_time("2026-11-28T01:00"), *parse_time("2026-11-28T02:00")), 0);
    Options chosen = options({"thunderbird"}, {"root"});
    chosen.at = *parse_time("2026-11-04T12:00");
    const Report report = judge(shown({"expired"}), chosen);
    EXPECT_THAT(report.causes.at(0).text, HasSubstr("ended on 2026-11-01, 3 days before 2026-11-04"));
    EXPECT_THAT(render_text(report, {.width = 140}), HasSubstr("expired 3 days ago"));
    EXPECT_EQ(report.chains.at(0).days_left, -4) << "rounded down, so that it is negative from the first second on";
}

TEST(Cause, OfOneChainAmongSeveralSaysWhich) {
    probe::Evidence evidence = shown({"mended"});
    evidence.endpoints.push_back(endpoint(probe::Protocol::pop3s, "192.0.2.10", {"expired"}));
    const Report report = judge(evidence, options({"thunderbird"}, {"root"}));
    ASSERT_THAT(kinds(report.causes), ElementsAre("expired"));
    EXPECT_THAT(report.causes[0].chains, ElementsAre("B"));
    EXPECT_THAT(render_text(report), HasSubstr("chain B · 1 client"));
}

TEST(Mend, WhereTheRenewedCertificateIsShownTooTheOldOneOnlyWantsAReload) {
    probe::Evidence evidence = shown({"mended"});
    evidence.endpoints.push_back(endpoint(probe::Protocol::pop3s, "192.0.2.10", {"mended-before"}));
    const Report report = judge(evidence, options({"thunderbird"}, {"root"}));
    ASSERT_THAT(kinds(report.causes), ElementsAre("expired"));
    EXPECT_THAT(report.headline, HasSubstr("(chain B)"));
    EXPECT_THAT(kinds(report.mends), ElementsAre("reload-renewed"));
    EXPECT_THAT(report.mends[0].helps, ElementsAre("thunderbird"));
    EXPECT_THAT(kinds(judge(shown({"mended-before"}), options({"thunderbird"}, {"root"})).mends), ElementsAre("renew-own"));
}

TEST(Cause, OfTwoChainsNamesWhatIsInEachOfThem) {
    probe::Evidence evidence = shown({"other-name"});
    evidence.endpoints.push_back(endpoint(probe::Protocol::pop3s, "192.0.2.10", {"self-signed-other-name"}));
    const Report report = judge(evidence, options({"thunderbird"}, {"root"}));
    std::string texts;
    for (const Cause& cause : report.causes) texts += cause.text + "\n";
    EXPECT_THAT(texts, HasSubstr("The certificate is for mail.example.com, imap.example.org, not for remote.example.com."));
    EXPECT_THAT(texts, HasSubstr("The certificate is for localhost, not for remote.example.com."));
    const auto numbers = count_outcomes(report);
    EXPECT_EQ(numbers[static_cast<std::size_t>(Outcome::warns)] + numbers[static_cast<std::size_t>(Outcome::refuses)], 1u)
        << "one client, whatever it says to each chain";
}

TEST(Client, IsCalledByItsNameAlsoWhereItNeverSawACertificate) {
    probe::Evidence evidence = shown({});
    evidence.endpoints[0].state = probe::EndpointState::tls_failed;
    evidence.endpoints[0].tls = {};
    find(evidence, {FindingId::tls_alert});
    const Report report = judge(evidence, options({"outlook-365"}));
    EXPECT_THAT(render_html(report), HasSubstr("1 client: Outlook 365"));
}

TEST(Mend, APortThatSpeaksPlainTextCanBeAskedTheOtherWay) {
    probe::Evidence evidence = shown({});
    evidence.endpoints[0].state = probe::EndpointState::no_tls;
    evidence.endpoints[0].tls = {};
    find(evidence, {FindingId::tls_plaintext});
    const Report report = judge(evidence, options({"thunderbird"}));
    EXPECT_THAT(all_steps(report), HasSubstr("truename check imap://remote.example.com:993\n"));
}

TEST(Mend, UnderAnAuthorityThatSortsIsACertificateWithOneName) {
    PredictInput input;
    input.files = {request("public-first")};
    input.name = "remote.example.com";
    input.as_ca = AsCa{};
    input.as_ca->sorts_names = true;
    const Report report = foresee(input, own_lists({"outlook-2007", "thunderbird"}));
    EXPECT_THAT(kinds(report.mends), Contains("name-only"));
    EXPECT_THAT(kinds(report.mends), Not(Contains("name-first"))) << "the authority would undo it";
    EXPECT_THAT(all_steps(report), HasSubstr("subjectAltName=DNS:remote.example.com\n"));
    EXPECT_THAT(all_steps(report), HasSubstr("--as-ca sorts\n"));
}

TEST(Mend, ARequestToOnesOwnAuthorityKeepsTheInnerNames) {
    const Report report = judge(shown({"sbs"}), options({"outlook-2007"}, {"root"}));
    EXPECT_THAT(all_steps(report), HasSubstr("subjectAltName=DNS:remote.example.com,DNS:sbs.example.local,"));
    EXPECT_THAT(all_steps(report), HasSubstr("--as-ca keeps,added\n"));
    EXPECT_THAT(all_steps(report), Not(HasSubstr("No public authority")));
}

TEST(Mend, ARequestToAnotherAuthoritySaysWhichNamesItLeavesOut) {
    PredictInput input;
    input.files = {request("inner-first")};
    input.name = "remote.example.com";
    const Report report = foresee(input, own_lists({"outlook-2007"}));
    EXPECT_THAT(all_steps(report), HasSubstr("subjectAltName=DNS:remote.example.com\n"));
    EXPECT_THAT(all_steps(report), HasSubstr("leaves them out: sbs.example.local.\n"));
}

TEST(Mend, AStapleThatIsMissingIsStapled) {
    PredictInput input;
    input.files = {file("must-staple")};
    input.name = "remote.example.com";
    const Report report = foresee(input, options({"thunderbird"}, {"root"}));
    EXPECT_THAT(kinds(report.mends), ElementsAre("staple"));
    EXPECT_THAT(report.mends.at(0).helps, ElementsAre("thunderbird"));
}

TEST(Request, ForAnInnerNameIsSignedByNoPublicAuthority) {
    PredictInput input;
    input.files = {request("inner-first")};
    input.name = "remote.example.com";
    const Report report = foresee(input, own_lists({"thunderbird"}));
    EXPECT_EQ(verdict_of(report, "thunderbird").outcome, Outcome::silent) << "if there were such a certificate";
    EXPECT_EQ(report.exit, 2);
    EXPECT_EQ(report.headline, "The administrator of the server has to act: no public authority will sign this request.");
    EXPECT_THAT(report.causes.at(0).text, HasSubstr("certifies sbs.example.local"));
    EXPECT_THAT(kinds(report.mends), Contains("public-names"));
    input.as_ca = AsCa{};
    input.as_ca->root_shipped = false;
    EXPECT_EQ(foresee(input, own_lists({"thunderbird"})).exit, 0) << "one's own authority may";
}

TEST(Request, ThatItsKeyDidNotSignIsRefused) {
    PredictInput input;
    input.files = {request("public-first")};
    input.files[0].bytes = story().requests.at("public-first").der;
    input.files[0].bytes.back() ^= 1;
    input.name = "remote.example.com";
    input.now = *parse_time("2026-11-24");
    const auto report = predict(input, *prepare(own_lists({"thunderbird"})));
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().kind, FailureKind::input);
    EXPECT_THAT(report.error().reason, HasSubstr("another key than its own"));
}

TEST(Mend, ForANameThatNobodyCertifiesIsAnotherName) {
    probe::Evidence evidence = shown({"self-signed-other-name"});
    evidence.target.name = "server.local";
    const Report report = judge(evidence, options({"thunderbird"}));
    EXPECT_THAT(kinds(report.mends), Contains("public-name"));
    EXPECT_THAT(kinds(report.mends), Not(Contains("public-certificate")));
    EXPECT_TRUE(is_certifiable("IP:192.0.2.1"));
    EXPECT_FALSE(is_certifiable("IP:192.168.1.5"));
    EXPECT_FALSE(is_certifiable("10.0.0.1"));
    EXPECT_FALSE(is_certifiable("mailserver"));
    EXPECT_TRUE(is_certifiable("email:admin@example.com")) << "not for this program to say";
}

TEST(Assumption, CountsEveryClientThatWouldSpeakWithoutTheRoot) {
    PredictInput input;
    input.files = {request("public-first")};
    input.name = "remote.example.com";
    input.as_ca = AsCa{};
    input.as_ca->root_shipped = false;
    const Report report = foresee(input, own_lists({"outlook-2007", "thunderbird", "evolution"}));
    ASSERT_THAT(kinds(report.also), ElementsAre("root-only-added"));
    EXPECT_THAT(report.also[0].clients, ElementsAre("outlook-2007", "thunderbird", "evolution"));
    EXPECT_THAT(render_text(report), Not(HasSubstr("--trust"))) << "nobody gave that option";
}

TEST(PublicName, IsNoAddress) {
    EXPECT_TRUE(is_public_name("mail.example.com"));
    EXPECT_FALSE(is_public_name("192.0.2.7"));
    EXPECT_FALSE(is_public_name("2001:db8::7"));
    EXPECT_FALSE(is_public_name("sbs.example.local"));
}

}  // namespace

}  // namespace truename::doctor
