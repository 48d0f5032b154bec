#include "clients/judge.h"

#include <gmock/gmock.h>

#include "tests/clients/support.h"

namespace truename::clients {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kSecondName = R"(names = ["DNS:sbs.example.local", "DNS:mail.example.com"])";

// --- the story of 2008, with the profiles that are compiled in

TEST(Judge, Outlook2007WarnsOfAPublicNameThatIsNotFirstAndAsksAgainEachSession) {
    Scene scene(recipe_with(kSecondName));
    scene.sends({"server"}).adds_roots({"root"});
    const Verdict verdict = scene.judge(compiled(), "outlook-2007");
    EXPECT_EQ(verdict.outcome, Outcome::warns) << verdict.why;
    EXPECT_THAT(findings(verdict), ElementsAre("name.match-not-first"));
    EXPECT_EQ(verdict.anchor, When::AnchorIs::added);
    ASSERT_TRUE(verdict.dialog);
    const ShownDialog shown = show(*verdict.dialog, "en");
    EXPECT_EQ(shown.steps[0].title, "Internet Security Warning");
    EXPECT_EQ(shown.steps[0].text, "The target principal name is incorrect.");
    EXPECT_THAT(shown.steps[0].lines,
                ElementsAre("The server you are connected to is using a security certificate that cannot be verified.",
                            "The target principal name is incorrect.", "Do you want to continue using this server?"));
    EXPECT_EQ(verdict.asks_again, true);
    ASSERT_TRUE(verdict.yes);
    EXPECT_TRUE(verdict.yes->lasts.is(Lasts::session));
}

TEST(Judge, TheOtherClientsSayNothingOfIt) {
    Scene scene(recipe_with(kSecondName));
    scene.sends({"server"}).adds_roots({"root"});
    for (const char* id : {"outlook-2003", "outlook-2016", "outlook-365", "thunderbird", "apple-mail-macos", "evolution"}) {
        const Verdict verdict = scene.judge(compiled(), id);
        EXPECT_EQ(verdict.outcome, Outcome::silent) << id << ": " << verdict.why;
        EXPECT_EQ(verdict.verifies, Verifies::all) << id;
        EXPECT_FALSE(verdict.dialog) << id;
    }
}

TEST(Judge, AnUntrustedRootIsToldInsteadOfTheNameByClientsThatTellOnlyTheFirst) {
    Scene scene(recipe_with(kSecondName));
    scene.sends({"server", "root"});
    const Verdict outlook = scene.judge(compiled(), "outlook-2007");
    EXPECT_EQ(outlook.outcome, Outcome::warns) << outlook.why;
    EXPECT_EQ(findings(outlook).front(), "path.untrusted-root");
    EXPECT_EQ(outlook.told, 1U);
    EXPECT_THAT(show(*outlook.dialog, "en").steps[0].text, HasSubstr("root certificate which is not trusted"));
    const Verdict bird = scene.judge(compiled(), "thunderbird");
    EXPECT_EQ(bird.outcome, Outcome::warns) << bird.why;
    EXPECT_EQ(bird.asks_again, false);
}

// --- the judge itself, with a demo profile

TEST(Judge, SaysNothingWhenNothingIsWrong) {
    Scene scene(recipe_with());
    scene.sends({"server"}).has_bundle({"root"});
    const auto library = read(demo_files());
    const Verdict verdict = scene.judge(*library, "demo");
    EXPECT_EQ(verdict.outcome, Outcome::silent) << verdict.why;
    EXPECT_EQ(verdict.anchor, When::AnchorIs::shipped);
    EXPECT_THAT(findings(verdict), IsEmpty());
    EXPECT_EQ(verdict.confidence, Confidence::source);
    EXPECT_FALSE(verdict.yes);
}

TEST(Judge, TellsAllProblemsInTheClientsOrderWhenTheClientDoes) {
    Scene scene(recipe_with("names = [\"DNS:other.example.com\"]\nvalidity = [\"2025-01-01\", \"2026-01-01\"]"));
    scene.sends({"server"});
    const auto library = read(demo_files());
    const Verdict verdict = scene.judge(*library, "demo");
    EXPECT_EQ(verdict.outcome, Outcome::warns);
    EXPECT_THAT(findings(verdict), ElementsAre("path.unknown-issuer", "name.mismatch", "validity.expired"));
    EXPECT_THAT(show(*verdict.dialog, "en").steps[0].lines,
                ElementsAre("Demo Root is not known.", "This is not mail.example.com.", "It ended on 2026-01-01.", "Go on?"));
    EXPECT_THAT(verdict.codes, ElementsAre("E_TRUST", "E_NAME", "E_TIME"));
    EXPECT_EQ(verdict.confidence, Confidence::documented);
}

// --- a verdict is only as sure as the weakest thing that it rests on

// [path] of the demo with one fact that is only inferred.
std::vector<DataFile> with_inferred(const std::string& key, const std::string& value) {
    return demo_with("clients/bases/lib.toml", key + " = " + value,
                     key + " = { value = " + value + ", source = \"S9\", confidence = \"inferred\" }");
}

TEST(Confidence, AMissingIssuerHangsOnWhereTheClientLooksForIt) {
    Scene scene(recipe_with());
    scene.sends({"server"});
    const auto library = read(with_inferred("uses", "[\"server\"]"));
    const Verdict verdict = scene.judge(*library, "demo");
    EXPECT_THAT(findings(verdict), ElementsAre("path.unknown-issuer"));
    EXPECT_EQ(verdict.confidence, Confidence::inferred);
}

TEST(Confidence, WhereThereIsOnlyOnePathNoHabitWeakensIt) {
    Scene scene(recipe_with());
    scene.sends({"server"}).has_bundle({"root"});
    for (const auto& [key, value] : {std::pair("uses", "[\"server\"]"), std::pair("search", "\"any-good-path\""),
                                     std::pair("names_equal", "\"folded\""), std::pair("key_identifier", "\"hint\"")}) {
        const auto library = read(with_inferred(key, value));
        EXPECT_EQ(scene.judge(*library, "demo").confidence, Confidence::source) << key;
    }
}

TEST(Confidence, AChoiceBetweenPathsHangsOnTheSearch) {
    const std::string root = R"(
[[certificate]]
name = "twin"
subject = "CN=Demo Root"
validity = ["2020-01-01", "2036-01-01"]
key = "p256-2"
ca = true
key_usage = ["keyCertSign"]
)";
    Scene scene(recipe_with() + root);
    scene.sends({"server", "twin"}).has_bundle({"root"});
    const auto sure = read(demo_files());
    EXPECT_EQ(scene.judge(*sure, "demo").confidence, Confidence::source);
    const auto library = read(with_inferred("search", "\"any-good-path\""));
    EXPECT_EQ(scene.judge(*library, "demo").confidence, Confidence::inferred);
    const auto unknown = read(demo_with("clients/bases/lib.toml", "search = \"any-good-path\"", "search = \"unknown\""));
    EXPECT_EQ(scene.judge(*unknown, "demo").confidence, Confidence::inferred) << "what nobody knows is only assumed";
}

TEST(Judge, TellsOnlyTheFirstWhenTheClientDoes) {
    Scene scene(recipe_with("names = [\"DNS:other.example.com\"]\nvalidity = [\"2025-01-01\", \"2026-01-01\"]"));
    scene.sends({"server"}).adds_roots({"root"});
    const auto library = read(demo_with("clients/bases/lib.toml", "show = \"all\"", "show = \"first\""));
    const Verdict verdict = scene.judge(*library, "demo");
    EXPECT_EQ(verdict.told, 1U);
    EXPECT_THAT(findings(verdict), ElementsAre("name.mismatch", "validity.expired")) << "both led to it, one is told";
    EXPECT_THAT(show(*verdict.dialog, "en").steps[0].lines, ElementsAre("This is not mail.example.com.", "Go on?"));
}

TEST(Judge, TheWorstActionWinsAndHasNoYes) {
    auto files = demo_files();
    files[1].text += "[[reaction]]\nfinding = \"validity.expired\"\naction = \"refuses\"\nsource = \"S\"\nconfidence = \"source\"\n";
    const auto library = read(files);
    Scene scene(recipe_with("names = [\"DNS:other.example.com\"]\nvalidity = [\"2025-01-01\", \"2026-01-01\"]"));
    scene.sends({"server"}).adds_roots({"root"});
    const Verdict verdict = scene.judge(*library, "demo");
    EXPECT_EQ(verdict.outcome, Outcome::refuses);
    EXPECT_EQ(findings(verdict).front(), "validity.expired");
    EXPECT_FALSE(verdict.yes);
    EXPECT_FALSE(verdict.asks_again);
}

TEST(Judge, ADefectWithoutAReactionIsNotJudgedAndSaysWhich) {
    Scene scene(recipe_with("extended_key_usage = [\"clientAuth\"]"));
    scene.sends({"server"}).adds_roots({"root"});
    const auto library = read(demo_files());
    const Verdict verdict = scene.judge(*library, "demo");
    EXPECT_EQ(verdict.outcome, Outcome::not_judged);
    EXPECT_THAT(verdict.why, HasSubstr("The extended key usage does not include TLS servers"));
    EXPECT_FALSE(verdict.dialog);
}

TEST(Judge, WhatIsRefusedForOneReasonStaysRefusedWhateverIsNotKnown) {
    auto files = demo_files();
    files[1].text += "[[reaction]]\nfinding = \"validity.expired\"\naction = \"refuses\"\nsource = \"S\"\nconfidence = \"source\"\n";
    const auto library = read(files);
    Scene scene(recipe_with("extended_key_usage = [\"clientAuth\"]\nvalidity = [\"2025-01-01\", \"2026-01-01\"]"));
    scene.sends({"server"}).adds_roots({"root"});
    EXPECT_EQ(scene.judge(*library, "demo").outcome, Outcome::refuses);
}

TEST(Judge, WhoStopsAtTheFirstProblemNeverMeetsWhatIsNotKnownBehindIt) {
    Scene scene(recipe_with("extended_key_usage = [\"clientAuth\"]"));
    scene.sends({"server"});
    const auto all = read(demo_files());
    EXPECT_EQ(scene.judge(*all, "demo").outcome, Outcome::not_judged);
    const auto first = read(demo_with("clients/bases/lib.toml", "show = \"all\"", "show = \"first\""));
    const Verdict verdict = scene.judge(*first, "demo");
    EXPECT_EQ(verdict.outcome, Outcome::warns) << verdict.why;
    EXPECT_THAT(findings(verdict), ElementsAre("path.unknown-issuer"));
}

TEST(Judge, AnUnknownNameRuleThatDecidesIsNotJudged) {
    const auto library = read(demo_with("clients/bases/lib.toml", "wildcard = \"whole-left-label\"", "wildcard = \"unknown\""));
    Scene scene(recipe_with("names = [\"DNS:*.example.com\"]"));
    scene.sends({"server"}).adds_roots({"root"});
    const Verdict verdict = scene.judge(*library, "demo");
    EXPECT_EQ(verdict.outcome, Outcome::not_judged);
    EXPECT_THAT(verdict.why, HasSubstr("compares the names"));
}

TEST(Judge, ARuleMayForgiveWhatTheVerifierCallsAMismatch) {
    const auto library = read(demo_with("clients/bases/lib.toml", "common_name = \"never\"", "common_name = \"without-san\""));
    Scene scene(recipe_with("names = []"));
    scene.sends({"server"}).adds_roots({"root"});
    EXPECT_EQ(scene.judge(*library, "demo").outcome, Outcome::silent);
}

TEST(Judge, AClientThatChecksNoNamesVerifiesAllButTheName) {
    const auto library = read(demo_with("clients/bases/lib.toml", "compares = \"any-dns\"", "compares = \"nothing\""));
    Scene scene(recipe_with("names = [\"DNS:other.example.com\"]"));
    scene.sends({"server"}).adds_roots({"root"});
    const Verdict verdict = scene.judge(*library, "demo");
    EXPECT_EQ(verdict.outcome, Outcome::silent);
    EXPECT_EQ(verdict.verifies, Verifies::no_name);
}

TEST(Judge, AClientThatChecksNoChainSaysNothingOfAnUnknownRoot) {
    const auto library = read(demo_with("clients/bases/lib.toml", "takes_added = \"yes\"", "takes_added = \"yes\"\nchecked = \"no\""));
    Scene scene(recipe_with());
    scene.sends({"server"});
    const Verdict verdict = scene.judge(*library, "demo");
    EXPECT_EQ(verdict.outcome, Outcome::silent);
    EXPECT_EQ(verdict.verifies, Verifies::nothing);
}

TEST(Judge, WhatIsSaidOfARootBesideItCountsWhereTheRuleSaysSo) {
    using enum x509::ExplicitTrust;
    constexpr std::string_view kObeyed = "takes_added = \"yes\"\nsettings = \"obeyed\"";
    const auto ignoring = read(demo_files());
    const auto obeying = read(demo_with("clients/bases/lib.toml", "takes_added = \"yes\"", kObeyed));
    const auto judged = [](const Library& library, x509::ExplicitTrust said) {
        Scene scene(recipe_with());
        scene.sends({"server"}).adds_roots({"root"}, said);
        return scene.judge(library, "demo").path.end;
    };
    EXPECT_EQ(judged(*ignoring, rejected), verify::PathEnd::anchor);
    EXPECT_EQ(judged(*obeying, none), verify::PathEnd::anchor);
    EXPECT_EQ(judged(*obeying, trusted), verify::PathEnd::anchor);
    EXPECT_EQ(judged(*obeying, rejected), verify::PathEnd::distrusted);
}

TEST(Judge, WhoIsTrustedInSoManyWordsNeedsNoPurposeOfItsOwn) {
    constexpr std::string_view kIntermediate = R"(
[[certificate]]
name = "root"
subject = "CN=Root"
ca = true
validity = ["2020-01-01", "2040-01-01"]
key = "rsa2048-1"

[[certificate]]
name = "intermediate"
subject = "CN=Intermediate"
issuer = "root"
ca = true
extended_key_usage = ["clientAuth"]
validity = ["2020-01-01", "2040-01-01"]
key = "rsa2048-3"

[[certificate]]
name = "server"
subject = "CN=mail.example.com"
issuer = "intermediate"
names = ["DNS:mail.example.com"]
extended_key_usage = ["serverAuth"]
validity = ["2026-01-01", "2027-01-01"]
key = "rsa2048-2"
)";
    const auto judged = [&](x509::ExplicitTrust said) {
        Scene scene(kIntermediate);
        scene.sends({"server", "intermediate"}).adds_roots({"intermediate"}, said);
        return findings(scene.judge(compiled(), "openssl"));
    };
    EXPECT_THAT(judged(x509::ExplicitTrust::trusted), IsEmpty());
    EXPECT_THAT(judged(x509::ExplicitTrust::rejected), testing::Contains("path.distrusted"));
    EXPECT_THAT(judged(x509::ExplicitTrust::none), testing::Not(IsEmpty())) << "no path of OpenSSL ends in an intermediate";
}

TEST(Judge, AddedRootsCountOnlyForClientsThatTakeThem) {
    Scene scene(recipe_with());
    scene.sends({"server"}).adds_roots({"root"});
    const auto takes = [&](const char* value) {
        const auto library =
            read(demo_with("clients/bases/lib.toml", "takes_added = \"yes\"", std::string("takes_added = \"") + value + "\""));
        const Verdict verdict = scene.judge(*library, "demo");
        return verdict.outcome;
    };
    EXPECT_EQ(takes("yes"), Outcome::silent);
    EXPECT_EQ(takes("no"), Outcome::warns);
    EXPECT_EQ(takes("unknown"), Outcome::not_judged);
}

TEST(Judge, AnUnknownListOfRootsIsStoodInForAndSaysSo) {
    const auto library = read(demo_with("clients/bases/lib.toml", "store = \"system\"", "store = \"unknown\""));
    Scene scene(recipe_with());
    scene.sends({"server"}).has_bundle({"root"});
    const Verdict verdict = scene.judge(*library, "demo");
    EXPECT_EQ(verdict.outcome, Outcome::silent);
    EXPECT_EQ(verdict.confidence, Confidence::inferred);
    EXPECT_THAT(verdict.why, HasSubstr("stands in"));
}

TEST(Judge, TheRootsThatTheAdministratorChoseWinOverTheClientsOwn) {
    const auto library = read(demo_with("clients/bases/lib.toml", "store = \"system\"", "store = \"none\""));
    Scene scene(recipe_with());
    scene.sends({"server"}).has_bundle({"root"});
    EXPECT_EQ(scene.judge(*library, "demo").outcome, Outcome::warns);
    scene.context.roots = Roots::system;
    EXPECT_EQ(scene.judge(*library, "demo").outcome, Outcome::silent);
    scene.context.roots = Roots::none;
    EXPECT_EQ(scene.judge(*library, "demo").outcome, Outcome::warns);
}

std::string two_steps() {
    return recipe_with("issuer = \"middle\"\naia = { issuers = [\"http://ca.example/middle.der\"] }") + R"([[certificate]]
name = "middle"
subject = "CN=Demo Middle"
issuer = "root"
ca = true
key_usage = ["keyCertSign"]
validity = ["2020-01-01", "2036-01-01"]
key = "p256-2"
)";
}

TEST(Judge, AClientThatFetchesIssuersIsNotJudgedForOneThatNobodyAskedFor) {
    const auto library = read(demo_with("clients/bases/lib.toml", "uses = [\"server\"]", "uses = [\"server\", \"aia\"]"));
    Scene scene(two_steps());
    scene.sends({"server"}).adds_roots({"root"});
    const Verdict before = scene.judge(*library, "demo");
    EXPECT_EQ(before.outcome, Outcome::not_judged);
    EXPECT_THAT(before.why, HasSubstr("fetch the missing issuer"));
    scene.context.issuers_were_fetched = true;
    EXPECT_EQ(scene.judge(*library, "demo").outcome, Outcome::warns) << "asked for, and it did not come";
    scene.fetched({"middle"});
    EXPECT_EQ(scene.judge(*library, "demo").outcome, Outcome::silent);
    EXPECT_EQ(scene.judge(*read(demo_files()), "demo").outcome, Outcome::warns) << "one that does not fetch does not see it";
}

struct WhenRow {
    const char* when;
    bool holds;
};

TEST(Judge, AReactionHoldsOnlyWhenItsConditionsDo) {
    const WhenRow rows[] = {
        {"role = \"leaf\"", true},
        {"role = \"issuer\"", false},
        {"anchor = \"added\"", true},
        {"anchor = \"shipped\"", false},
        {"leaf_is_root = true", false},
        {"issued_from = \"2026-01-01\"", true},
        {"issued_from = \"2026-01-02\"", false},
        {"issued_until = \"2026-01-02\"", true},
        {"issued_until = \"2026-01-01\"", false},
        {"platform_from = \"linux-5\"", true},
        {"platform_from = \"linux-4.19\"", true},
        {"platform_from = \"linux-5.1\"", false},
        {"platform_from = \"macos-4\"", false},
        {"unless = [\"usage.any\"]", true},
        {"unless = [\"policy.ct-missing\"]", false},
        {"field = \"notAfter\"", false},
    };
    Scene scene(recipe_with());
    scene.sends({"server"}).adds_roots({"root"});
    for (const WhenRow& row : rows) {
        auto files = demo_files();
        files[1].text += std::string("[[reaction]]\nfinding = \"policy.ct-missing\"\nwhen = { ") + row.when +
                         " }\naction = \"refuses\"\nsource = \"S\"\nconfidence = \"source\"\n";
        const auto library = read(files);
        EXPECT_EQ(scene.judge(*library, "demo").outcome, row.holds ? Outcome::refuses : Outcome::silent) << row.when;
    }
}

TEST(Judge, WithoutAnyCertificateOnlyThatIsSaid) {
    auto files = demo_files();
    files[1].text += "[[reaction]]\nfinding = \"path.empty\"\naction = \"refuses\"\nsource = \"S\"\nconfidence = \"source\"\n";
    const auto library = read(files);
    Scene scene(recipe_with());
    scene.sends({});
    const Verdict verdict = scene.judge(*library, "demo");
    EXPECT_EQ(verdict.outcome, Outcome::refuses);
    EXPECT_THAT(findings(verdict), ElementsAre("path.empty"));
    EXPECT_FALSE(verdict.path.path);
}

TEST(Judge, ThunderbirdWritesTheDateAsItWasSeenTo) {
    Scene scene(recipe_with());
    scene.sends({"server"}).adds_roots({"root"});
    scene.at = *parse_time("2027-02-01");
    EXPECT_EQ(show(*scene.judge(compiled(), "thunderbird").dialog, "en").steps[0].lines.at(0),
              "The certificate for mail.example.com expired on 1/1/2027.");
}

TEST(Judge, WhoMaySayYesForGoodIsNotAskedAgain) {
    Scene scene(recipe_with());
    scene.sends({"server", "root"});
    for (const char* id : {"evolution", "apple-mail-macos"}) {
        const Verdict verdict = scene.judge(compiled(), id);
        EXPECT_EQ(verdict.outcome, Outcome::warns) << id << ": " << verdict.why;
        EXPECT_EQ(verdict.asks_again, false) << id;
        ASSERT_TRUE(verdict.yes && verdict.yes->choice) << id;
        EXPECT_TRUE(verdict.yes->otherwise.is(Lasts::session)) << id << " asks again after the other Yes";
    }
    EXPECT_EQ(show(*scene.judge(compiled(), "evolution").dialog, *scene.judge(compiled(), "evolution").yes->choice, "en"),
              "Accept Permanently");
    EXPECT_EQ(scene.judge(compiled(), "outlook-2007").asks_again, true);
}

// --- roots that were added, and nobody knows whether the client uses them

TEST(Judge, WhetherAddedRootsAreUsedMattersOnlyWhereItMakesADifference) {
    const auto library = read(demo_with("clients/bases/lib.toml", "takes_added = \"yes\"", "takes_added = \"unknown\""));
    Scene good(recipe_with());
    good.sends({"server"}).adds_roots({"root"});
    EXPECT_EQ(good.judge(*library, "demo").outcome, Outcome::not_judged) << "silent with it, a warning without it";

    Scene bad(recipe_with("names = [\"DNS:other.example.com\"]"));
    bad.sends({"server"}).adds_roots({"root"});
    const Verdict verdict = bad.judge(*library, "demo");
    EXPECT_EQ(verdict.outcome, Outcome::warns) << verdict.why;
    EXPECT_THAT(findings(verdict), ElementsAre("name.mismatch")) << "the root may be no trouble at all";
    EXPECT_FALSE(verdict.dialog) << "which lines it has is not known";
    EXPECT_EQ(verdict.confidence, Confidence::inferred);
    EXPECT_EQ(verdict.profile, &profile(*library, "demo"));
}

}  // namespace
}  // namespace truename::clients
