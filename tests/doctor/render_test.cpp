#include "doctor/render.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "doctor/exit_code.h"
#include "doctor/render/layout.h"
#include "tests/doctor/golden.h"
#include "tests/doctor/sample.h"

namespace truename::doctor {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

bool has_control(const std::string& text) {
    for (const char c : text) {
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F) return true;
    }
    return text.find("\u202e") != std::string::npos;
}

TEST(Golden, EveryRendererSaysWhatItSaid) {
    for (const NamedReport& sample : sample_reports()) {
        if (sample.name == "hostile") continue;
        const std::string name(sample.name);
        expect_golden(name + ".txt", render_text(sample.report));
        expect_golden(name + ".verbose.txt", render_text(sample.report, {.width = 120, .verbose = true}));
        expect_golden(name + ".json", render_json(sample.report));
        expect_golden(name + ".summary.jsonl", render_json_summary(sample.report) + "\n");
        expect_golden(name + ".nagios", render_nagios(sample.report));
        expect_golden(name + ".html", render_html(sample.report));
    }
}

TEST(Text, BeginsWithWhoHasToAct) {
    EXPECT_THAT(render_text(small_business_server()), StartsWith("The administrator of the server has to act:"));
}

TEST(Text, HasNoColourUnlessAsked) {
    EXPECT_FALSE(has_control(render_text(small_business_server())));
    EXPECT_THAT(render_text(small_business_server(), {.colour = true}), HasSubstr("\x1b[33mwarns"));
}

TEST(Text, NothingFromOutsideReachesTheTerminalRaw) {
    const std::string text = render_text(hostile(), {.verbose = true});
    EXPECT_FALSE(has_control(text));
    EXPECT_TRUE(is_utf8(text));
}

TEST(Text, EscapesWhatWasReadOnlyOnce) {
    Report report = two_chains();
    report.chains[1].certificates[0].subject = "CN=mail.example.com";
    report.chains[1].certificates[0].issuer = "O=Example\\, Inc.,C=AT";
    report.chains[1].certificates[0].names = {"mail.example.com\\x00.evil.example"};
    const std::string text = render_text(report), page = render_html(report);
    EXPECT_THAT(text, HasSubstr("issued by Example, Inc. "));
    EXPECT_THAT(text, HasSubstr("names: 1 mail.example.com\\x00.evil.example\n"));
    EXPECT_THAT(page, HasSubstr("issued by O=Example\\, Inc.,C=AT"));
    EXPECT_EQ(safe_text("a\x1b\\b\\\\\x1b"), "a\\x1b\\b\\\\\\x1b");
}

TEST(Text, KeepsToTheWidthWhereWordsCanBeBroken) {
    const std::string text = render_text(two_chains(), {.width = 80});
    for (const std::string_view line : split(text, '\n')) EXPECT_LE(display_width(line), 80u) << line;
}

TEST(Text, NamesStandInTheOrderOfTheCertificateWithTheirNumbers) {
    EXPECT_THAT(render_text(small_business_server()), HasSubstr("names: 1 sbs.example.local  2 remote.example.com  3 example.com"));
}

// Two chains to which all clients say the same but Thunderbird, which minds the second.
Report two_chains_alike() {
    Report report = small_business_server();
    report.chains.push_back(report.chains[0]);
    report.chains[1].id = "B";
    const std::vector<Verdict> first = report.verdicts;
    for (Verdict one : first) {
        one.chain = "B";
        if (one.id == "thunderbird") one.outcome = Outcome::refuses;
        report.verdicts.push_back(one);
    }
    return report;
}

TEST(Text, OfALaterChainOnlyWhatDiffersIsShown) {
    Report report = two_chains_alike();
    const std::string text = render_text(report);
    const std::string later = text.substr(text.find("To chain B:"), text.find("\nWhy") - text.find("To chain B:"));
    EXPECT_THAT(later, StartsWith("To chain B:\n  Thunderbird 153   refuses\n  ... 17 the same as to chain A"));
    EXPECT_THAT(later, Not(HasSubstr("Outlook")));
    EXPECT_THAT(render_text(report, {.verbose = true}), HasSubstr("To chain B:\n  Thunderbird 153         refuses"));
    EXPECT_THAT(render_html(report), HasSubstr("17 clients say the same as to chain A."));

    for (Verdict& one : report.verdicts) one.outcome = one.id == "thunderbird" ? Outcome::silent : one.outcome;
    EXPECT_THAT(render_text(report), HasSubstr("\n  To chain B: the same as to chain A.\n"));
    EXPECT_THAT(render_html(report), HasSubstr("All say the same as to chain A."));
}

TEST(Text, ACertificateThatIsNotValidYetSaysFromWhenOn) {
    Report report = small_business_server();
    report.at = *parse_time("2025-12-30");
    EXPECT_THAT(render_text(report, {.width = 140}), HasSubstr("· valid from 2026-01-01 (in 3 days)\n"));
    EXPECT_THAT(render_html(report), HasSubstr("valid from 2026-01-01 (in 3 days)"));
    report.at = *parse_time("2025-12-31T10:00");
    EXPECT_THAT(render_text(report, {.width = 140}), HasSubstr("· valid from 2026-01-01 09:30 UTC (in 23 hours)\n"));
    report.at = report.chains[0].certificates[0].not_before.value();
    EXPECT_THAT(render_text(report, {.width = 140}), HasSubstr("· 1027 days left\n"));
}

TEST(Text, AllDoubtfulClientsAreShownAndSomeSilentOnesCounted) {
    const std::string text = render_text(small_business_server());
    EXPECT_THAT(text, HasSubstr("14 more silent"));
    EXPECT_THAT(text, HasSubstr("not asked"));
    EXPECT_THAT(render_text(small_business_server(), {.verbose = true}), HasSubstr("Client 14"));
}

TEST(Text, AMendOfTheCertificateDoesNotHelpAClientWhoseTlsCannotReachTheServer) {
    Report report = small_business_server();
    EXPECT_THAT(render_text(report), HasSubstr("mends N1 → all silent\n"));
    report.verdicts[2].reaches = Reaches::no;
    EXPECT_THAT(render_text(report), HasSubstr("mends N1 → all silent about the certificate\n"));
    report.verdicts[2].retired = true;
    EXPECT_THAT(render_text(report), HasSubstr("mends N1 → all silent\n"));
}

TEST(Text, ASilentClientThatChecksNothingIsNotCalledSafe) {
    EXPECT_THAT(render_text(two_chains()), HasSubstr("checks nothing: silent is not safe"));
}

TEST(Layout, WideCharactersTakeTwoColumns) {
    EXPECT_EQ(display_width("abc"), 3u);
    EXPECT_EQ(display_width("証明書"), 6u);
    EXPECT_EQ(display_width("e\u0301"), 1u);
    EXPECT_EQ(padded("証", 4), "証  ");
}

TEST(Layout, ALongWordStaysWhole) {
    EXPECT_THAT(wrapped("a verylongword b", 5), ::testing::ElementsAre("a", "verylongword", "b"));
    EXPECT_THAT(wrapped("", 5), ::testing::ElementsAre(""));
}

TEST(Nagios, IsOneLineWithOneBarWhateverTheServerSays) {
    const std::string line = render_nagios(hostile());
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_EQ(line.find('|'), line.rfind('|'));
}

TEST(Nagios, StatesFollowTheExitCode) {
    EXPECT_THAT(render_nagios(small_business_server()), StartsWith("TRUENAME WARNING - "));
    EXPECT_THAT(render_nagios(two_chains()), StartsWith("TRUENAME CRITICAL - "));
    EXPECT_THAT(render_nagios(closed()), StartsWith("TRUENAME UNKNOWN - "));
}

TEST(Html, HoldsNoScriptAndLoadsNothing) {
    for (const NamedReport& sample : sample_reports()) {
        const std::string page = render_html(sample.report);
        EXPECT_THAT(page, Not(HasSubstr("<script")));
        EXPECT_THAT(page, Not(HasSubstr("src=")));
        EXPECT_THAT(page, Not(HasSubstr("href=")));
        EXPECT_THAT(page, Not(HasSubstr("url(")));
        EXPECT_FALSE(has_control(page));
        EXPECT_TRUE(is_utf8(page));
    }
}

TEST(Html, DrawsEveryLineAndButtonOfADialog) {
    const std::string page = render_html(small_business_server());
    for (const char* text :
         {"Internet Security Warning", "The server you are connected to is using a security certificate that cannot be verified.",
          "The target principal name is incorrect.", "Do you want to continue using this server?"}) {
        EXPECT_THAT(page, HasSubstr(">" + std::string(text) + "<"));
    }
    for (const char* button : {"Yes", "No", "View Certificate..."}) {
        EXPECT_THAT(page, HasSubstr("<span class=\"button\">" + std::string(button) + "</span>"));
    }
}

TEST(Html, KeepsSentencesOutOfTheLinesToPaste) {
    Report report = small_business_server();
    report.mends[0].steps = {"openssl req -new", "If a wizard put it first: run it again.", "Dovecot: ssl = required",
                             "truename check a.example"};
    EXPECT_THAT(render_html(report), HasSubstr("<pre>openssl req -new\n</pre>\n<p>If a wizard put it first: run it again.</p>"
                                               "<pre>Dovecot: ssl = required\ntruename check a.example\n</pre>"));
}

TEST(Html, ShowsTheStepsOfADialogInTheirOrder) {
    const std::string page = render_html(two_chains());
    EXPECT_LT(page.find("Could not connect."), page.find("Confirm Security Exception"));
}

TEST(Html, TellsAPrinterToCutNoWindowCardOrRow) {
    const std::string page = render_html(small_business_server());
    const std::string print = page.substr(page.find("@media print"), page.find("</style>") - page.find("@media print"));
    const std::size_t end = print.find("{break-inside:avoid}");
    ASSERT_NE(end, std::string::npos);
    const std::string whole = print.substr(print.rfind('}', end) + 1, end - print.rfind('}', end) - 1);
    EXPECT_THAT(split(whole, ','), ::testing::IsSupersetOf({".act", ".card", ".window", "figure", "tr", "pre"}));
}

TEST(Html, StaysUnder300KilobytesWhateverTheServerSends) {
    EXPECT_LT(render_html(enormous()).size(), 300u * 1024);
    EXPECT_LT(render_html(std::vector<Report>(300, small_business_server())).size(), 300u * 1024);
    EXPECT_THAT(render_html(enormous()), HasSubstr("This page was cut"));
}

TEST(Json, ASummaryIsAboutOneKilobyte) {
    EXPECT_LT(render_json_summary(small_business_server()).size(), 1400u);
    EXPECT_EQ(render_json_summary(hostile()).find('\n'), std::string::npos);
}

TEST(ExitCode, TheWorstClientThatCountsDecides) {
    Report report = small_business_server();
    EXPECT_EQ(exit_code(report, {}), 1);
    report.verdicts[0].outcome = Outcome::refuses;
    EXPECT_EQ(exit_code(report, {}), 2);
    for (Verdict& verdict : report.verdicts) verdict.outcome = Outcome::silent;
    EXPECT_EQ(exit_code(report, {}), 0);
    report.near_expiry = true;
    EXPECT_EQ(exit_code(report, {}), 1);
}

TEST(ExitCode, NothingJudgedIsThree) {
    EXPECT_EQ(exit_code(closed(), {}), 3);
    Report report = small_business_server();
    for (Verdict& verdict : report.verdicts) verdict.outcome = Outcome::not_judged;
    EXPECT_EQ(exit_code(report, {}), 3);
}

TEST(ExitCode, ARetiredClientThatCannotReachTheServerCountsForNothing) {
    Report report = small_business_server();
    for (Verdict& verdict : report.verdicts) verdict.outcome = Outcome::silent;
    Verdict& old = report.verdicts[1];
    old.outcome = Outcome::refuses;
    old.reaches = Reaches::no;
    EXPECT_EQ(exit_code(report, {}), 2);
    old.retired = true;
    EXPECT_EQ(exit_code(report, {}), 0);
}

TEST(ExitCode, ARequiredProtocolHasToBeThere) {
    Report report = small_business_server();
    for (Verdict& verdict : report.verdicts) verdict.outcome = Outcome::silent;
    EXPECT_EQ(exit_code(report, {"imaps", "submission"}), 0);
    EXPECT_EQ(exit_code(report, {"submissions"}), 2) << "closed";
    EXPECT_EQ(exit_code(report, {"smtp"}), 3) << "turned away: not known";
    EXPECT_EQ(exit_code(report, {"sieve"}), 2) << "never asked";
    EXPECT_EQ(find_required(report, "sieve").why, "sieve is required and was not asked");
    report.endpoints.clear();
    EXPECT_EQ(exit_code(report, {"imaps"}), 3) << "nobody was asked at all";
}

}  // namespace

}  // namespace truename::doctor
