#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>

#include "base/text.h"
#include "clients/judge.h"
#include "clients/library.h"
#include "recipe/recipe.h"
#include "tests/clients/observed_cases.h"
#include "verify/verification.h"

namespace truename {

void PrintTo(const ObservedCase& observed, std::ostream* out) {
    *out << observed.chain << " under " << (observed.anchor.empty() ? "no root" : observed.anchor) << " as " << observed.host << " ("
         << observed.source << ")";
}

namespace {

const recipe::Built& certificates() {
    static const recipe::Built built = [] {
        const std::string folder = TRUENAME_SOURCE_DIR "/tests/";
        auto recipe = recipe::load_file(folder + "clients/observed.toml");
        if (recipe) {
            auto made = recipe::build(*recipe, folder + "keys");
            if (made) return std::move(*made);
            std::cerr << to_sentence(made.error()) << '\n';
        } else {
            std::cerr << to_sentence(recipe.error()) << '\n';
        }
        std::abort();
    }();
    return built;
}

/// A verdict in words, so that it outlives what it was made from.
struct Answer {
    clients::Outcome outcome = clients::Outcome::not_judged;
    std::string code, lines, why;
    bool can_go_on = false;
    std::optional<bool> asks_again;
};

std::map<std::string, Answer> judge(const ObservedCase& observed, const std::vector<std::string>& ids) {
    std::vector<Bytes> chain;
    for (const std::string_view name : split(observed.chain, ' ')) chain.push_back(certificates().certificate(name));
    verify::TrustStores trust;
    trust.use_shipped(false);
    if (!observed.anchor.empty()) {
        EXPECT_TRUE(trust.add_certificate(certificates().certificate(observed.anchor), true));
    }
    verify::Input input;
    input.presented = chain;
    input.name = observed.host;
    input.at = *parse_time("2026-11-24");
    verify::Memory memory;
    verify::Verification verification(input, trust, memory);
    clients::Context context;
    context.host = observed.host;
    context.port = 993;
    context.roots = clients::Roots::none;
    clients::Judge judge(verification, context);

    std::map<std::string, Answer> answers;
    const auto profiles = clients::select(clients::compiled(), ids);
    EXPECT_TRUE(profiles);
    for (const clients::Profile* profile : *profiles) {
        const clients::Verdict verdict = judge.judge(*profile);
        const std::string_view code = verdict.codes.empty() ? std::string_view() : verdict.codes.front();
        Answer answer{verdict.outcome, std::string(code), {}, verdict.why, verdict.yes.has_value(), verdict.asks_again};
        if (verdict.dialog) {
            std::vector<std::string> lines;
            for (const clients::Text* line : verdict.dialog->lines) lines.emplace_back(line->id);
            answer.lines = join(lines, " ");
        }
        answers[std::string(profile->id)] = std::move(answer);
    }
    return answers;
}

class Observed : public testing::TestWithParam<ObservedCase> {};

TEST_P(Observed, ThunderbirdSaysWhatItWasSeenToSay) {
    const Answer answer = judge(GetParam(), {"thunderbird"})["thunderbird"];
    std::string_view code = GetParam().thunderbird;
    const bool fatal = code.starts_with('!');
    if (fatal) code.remove_prefix(1);
    const auto expected = code.empty() ? clients::Outcome::silent : fatal ? clients::Outcome::refuses : clients::Outcome::warns;
    EXPECT_EQ(name_of(answer.outcome), name_of(expected)) << answer.why;
    EXPECT_EQ(answer.code, code);
    EXPECT_EQ(answer.can_go_on, expected == clients::Outcome::warns);
}

TEST_P(Observed, EvolutionShowsTheLinesItWasSeenToShow) {
    const Answer answer = judge(GetParam(), {"evolution"})["evolution"];
    const std::string_view flags = GetParam().evolution;
    EXPECT_EQ(name_of(answer.outcome), flags.empty() ? "silent" : "warns") << answer.why;
    EXPECT_EQ(answer.lines, flags == "generic-error" ? "" : flags);
}

INSTANTIATE_TEST_SUITE_P(Matrix, Observed, testing::ValuesIn(kObserved));

// KB958977: the story of Small Business Server 2008, for a member of the domain and for a machine outside it.
constexpr ObservedCase kSmallBusinessServer = {"sbs", "sbs-root", "remote.example.com", "", "", "KB958977"};

TEST(SmallBusinessServer, OnlyOutlook2007MindsThatThePublicNameIsTheSecond) {
    const auto answers = judge(kSmallBusinessServer, {"usual"});
    const Answer& outlook = answers.at("outlook-2007");
    EXPECT_EQ(outlook.outcome, clients::Outcome::warns) << outlook.why;
    EXPECT_EQ(outlook.code, "0x80090322");
    EXPECT_EQ(outlook.lines, "name");
    EXPECT_EQ(outlook.asks_again, true);
    for (const char* id : {"outlook-2003", "outlook-2016", "outlook-365", "thunderbird", "evolution", "apple-mail-macos"})
        EXPECT_EQ(name_of(answers.at(id).outcome), "silent") << id << ": " << answers.at(id).why;
}

TEST(SmallBusinessServer, WithThePublicNameFirstOutlook2007IsSilentToo) {
    ObservedCase mended = kSmallBusinessServer;
    mended.chain = "sbs-mended";
    const Answer answer = judge(mended, {"outlook-2007"})["outlook-2007"];
    EXPECT_EQ(answer.outcome, clients::Outcome::silent) << answer.why;
}

TEST(SmallBusinessServer, WithoutItsRootTheNameIsHiddenBehindTheRoot) {
    ObservedCase outside = kSmallBusinessServer;
    outside.chain = "sbs sbs-root";
    outside.anchor = "";
    for (const auto& [id, answer] : judge(outside, {"outlook-2007", "outlook-2007/xp", "outlook-2016", "outlook-365"})) {
        EXPECT_EQ(name_of(answer.outcome), "warns") << id << ": " << answer.why;
        EXPECT_EQ(answer.code, "0x800B0109") << id;
        EXPECT_EQ(answer.lines, "untrusted") << id;
    }
}

TEST(Gmail, IsNotJudgedUnderARootThatItMayNotTrust) {
    EXPECT_EQ(judge(kSmallBusinessServer, {"gmail-android"})["gmail-android"].outcome, clients::Outcome::not_judged);
}

TEST(Gmail, RefusesUnderSuchARootWhatItRefusesUnderEveryRoot) {
    for (const std::string_view chain : {"other-name", "expired"}) {
        const Answer answer = judge({chain, "root", kMail, "", "", "CRY"}, {"gmail-android"})["gmail-android"];
        EXPECT_EQ(answer.outcome, clients::Outcome::refuses) << chain << ": " << answer.why;
    }
}

TEST(AppleMail, WarnsOfTenYearsAlsoUnderARootThatSomebodyAdded) {
    for (const auto& [id, answer] : judge({"ten-years", "root", kMail, "", "", "SEC"}, {"apple-mail-macos", "apple-mail-ios"}))
        EXPECT_EQ(name_of(answer.outcome), "warns") << id << ": " << answer.why;
}

// apple.md: the limits of lifetime and key size do not bind a server certificate that is itself what the user trusts.
TEST(AppleMail, BearsTenYearsAndAShortKeyOfACertificateThatTheUserTrustsItself) {
    constexpr std::string_view kOldStyle = "self-signed-old-style";
    for (const auto& [id, answer] : judge({kOldStyle, kOldStyle, kMail, "", "", "SEC"}, {"apple-mail-macos", "apple-mail-ios"}))
        EXPECT_EQ(name_of(answer.outcome), "silent") << id << ": " << answer.why;
    for (const auto& [id, answer] : judge({kOldStyle, "", kMail, "", "", "SEC"}, {"apple-mail-macos", "apple-mail-ios"}))
        EXPECT_EQ(name_of(answer.outcome), "warns") << id << ": " << answer.why;
}

}  // namespace
}  // namespace truename
