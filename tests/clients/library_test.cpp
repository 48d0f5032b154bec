#include "clients/library.h"

#include <gmock/gmock.h>

#include "tests/clients/support.h"

namespace truename::clients {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<DataProblem> problems_of(const std::vector<DataFile>& files) {
    std::vector<DataProblem> problems;
    EXPECT_EQ(read_library(files, problems), nullptr);
    return problems;
}

struct BadFile {
    const char *path, *from, *to;
    unsigned line;
    const char* reason;
};

constexpr const char* kLib = "clients/bases/lib.toml";
constexpr const char* kDemo = "clients/demo.toml";
constexpr const char* kQuestion = "dialogs/demo-question.toml";

TEST(Library, EachBadFileIsRefusedWithItsLineAndTheReason) {
    const BadFile rows[] = {
        {kLib, "compares = \"any-dns\"", "compares = \"any-name\"", 22,
         "\"any-name\" is no value of compares in [names]; it can be nothing, first-dns or any-dns"},
        {kLib, "compares = \"any-dns\"", "comparse = \"any-dns\"", 22, "unknown key comparse in [names]; did you mean compares?"},
        {kLib, "compares = \"any-dns\"", "compares = 3", 22, "compares of [names] must be a text"},
        {kLib, "wildcard_labels = 2", "wildcard_labels = \"two\"", 27, "must be a number"},
        {kLib, "wildcard_labels = 2", "wildcard_labels = 99", 27, "must be 0 to 8"},
        {kLib, "uses = [\"server\"]", "uses = \"server\"", 13, "uses of [path] must be a list of words"},
        {kLib, "[names]\nsource = \"S1\"\n", "[names]\n", 21, "compares of [names] has no source"},
        {kLib, "[names]\nsource = \"S1\"\nconfidence = \"source\"\n", "[names]\nsource = \"S1\"\n", 21, "has no confidence"},
        {kLib, "[tls]\nsource = \"S1\"\nconfidence = \"source\"", "[tls]\nsource = \"S1\"\nconfidence = \"sure\"", 40,
         "\"sure\" is no value of confidence"},
        {kLib, "store = \"system\"", "store = \"netscape\"", 8, "\"netscape\" is no value of store"},
        {kLib, "takes_added = \"yes\"", "takes_added = true", 9, "takes_added of [trust] must be a text"},
        {kLib, "search = \"any-good-path\"\n", "", 1, "neither the profile nor its base says path.search"},
        {kLib, "finding = [\"name.mismatch\", \"name.none\"]", "finding = [\"name.mismatsch\"]", 58, "there is no finding name.mismatsch"},
        {kLib, "order = [\"trust\", \"name\", \"time\"]", "order = [\"turst\", \"name\", \"time\"]", 1,
         "order names the kind turst, which no reaction has"},
        {kLib, "code = \"E_NAME\"\nsource = \"S1\"", "code = \"E_NAME\"", 59, "action of [[reaction]] has no source"},
        {kLib, "code = \"E_NAME\"", "when = { role = \"leave\" }", 61, "\"leave\" is no value of role"},
        {kLib, "code = \"E_NAME\"", "when = { issued_from = \"soon\" }", 61, "issued_from must be a date"},
        {kLib, "code = \"E_NAME\"", "when = { moon = \"full\" }", 61, "unknown key moon"},
        {kDemo, "base = \"lib@1\"", "base = \"lib@2\"", 6, "there is no base lib@2"},
        {kDemo, "id = \"demo\"", "id = \"Demo\"", 1, "id must be the name of the file, demo"},
        {kDemo, "platform = \"linux-5\"\n", "", 1, "[client] has no platform"},
        {kDemo, "kind = \"trust\"", "kind = \"thrust\"", 1, "nobody answers the kind trust"},
        {kDemo, "dialog = \"demo-question\"", "dialog = \"demo-answer\"", 7, "there is no dialog demo-answer"},
        {kDemo, "line = \"name\"", "line = \"names\"", 14, "the dialog demo-question has no text names"},
        {kDemo, "base = \"lib@1\"", "base = \"lib@1\"\ngathered = \"last year\"", 7, "gathered must be a date"},
        {kDemo, "base = \"lib@1\"", "base = \"lib@1\"\nbase = \"lib@1\"", 7, "base"},
        {kQuestion, "en = \"Go on?\"\n", "", 16, "every text has `en`"},
        {kQuestion, "This is not {HOST}.", "This is not {HOSTNAME}.", 12, "may stand in braces"},
        {kQuestion, "{DATE}", "{DATE:D. MMMM YYYY}", 15, "may stand in braces"},
        {kQuestion, "lines = [\"*\", \"ask\"]", "lines = [\"*\", \"aks\"]", 28, "there is no [texts.aks]"},
        {kQuestion, "lasts = \"session\"\n", "", 29, "an accepting button has no lasts"},
        {kQuestion, "lasts = \"session\"", "lasts = \"a while\"", 32, "\"a while\" is no value of lasts"},
        {kQuestion, "does = \"refuses\"", "does = \"goes\"", 35, "[[step.button]] has no next"},
        {"clients/sets.toml", "demo", "dmeo", 1, "there is no client dmeo"},
    };
    for (const BadFile& row : rows) {
        const auto problems = problems_of(demo_with(row.path, row.from, row.to));
        ASSERT_FALSE(problems.empty()) << row.to;
        const bool found = std::any_of(problems.begin(), problems.end(), [&](const DataProblem& p) {
            return p.line == row.line && p.reason.find(row.reason) != std::string::npos;
        });
        std::string all;
        for (const DataProblem& problem : problems) all += to_string(problem) + "\n";
        EXPECT_TRUE(found) << "wanted line " << row.line << " " << row.reason << "\ngot " << all;
    }
}

TEST(Library, FactsAreAsOldAsTheOldestLayer) {
    const auto day = [](std::string_view of_base, std::string_view of_client) {
        auto files = demo_with(kLib, "name = \"A library\"", "name = \"A library\"" + std::string(of_base));
        for (DataFile& file : files) {
            if (file.path == kDemo) file.text.insert(file.text.find("base = "), of_client);
        }
        const auto library = read(files);
        const std::optional<Time> gathered = profile(*library, "demo").gathered;
        return gathered ? format_date(*gathered) : "unknown";
    };
    EXPECT_EQ(day("\ngathered = \"2026-03-01\"", "gathered = \"2026-11-24\"\n"), "2026-03-01");
    EXPECT_EQ(day("\ngathered = \"2026-11-24\"", "gathered = \"2026-03-01\"\n"), "2026-03-01");
    EXPECT_EQ(day("", "gathered = \"2026-11-24\"\n"), "unknown");
    EXPECT_EQ(day("\ngathered = \"2026-11-24\"", ""), "unknown");
}

TEST(Library, AllProblemsOfAllFilesAreTold) {
    auto files = demo_with(kLib, "compares = \"any-dns\"", "compares = \"x\"");
    files[1].text += "\n[[reaction]]\nfinding = \"none.such\"\naction = \"unknown\"\n";
    EXPECT_EQ(problems_of(files).size(), 2U);
}

TEST(Library, TheReasonIsToldAndNotWhatFollowsFromIt) {
    const BadFile rows[] = {
        {kDemo, "base = \"lib@1\"", "base = 5", 6, "base of [client] must be a text"},
        {kDemo, "base = \"lib@1\"", "base = \"lib@2\"", 6, "there is no base lib@2"},
        {kDemo, "name = \"Demo Mail\"", "name = Demo Mail", 3, ""},
        {kLib, "id = \"lib@1\"", "id = lib@1", 3, ""},
        {kLib, "id = \"lib@1\"", "id = 1", 3, "id of [base] must be a text"},
        {kQuestion, "[texts.trust]", "[texts.trust", 9, ""},
        {kQuestion, "id = \"demo-question\"", "id = \"demo\"", 1, "id must be the name of the file"},
    };
    for (const BadFile& row : rows) {
        const auto problems = problems_of(demo_with(row.path, row.from, row.to));
        std::string all;
        for (const DataProblem& problem : problems) all += to_string(problem) + "\n";
        ASSERT_EQ(problems.size(), 1U) << row.to << "\n" << all;
        EXPECT_EQ(problems[0].file, row.path) << all;
        EXPECT_EQ(problems[0].line, row.line) << all;
        EXPECT_THAT(problems[0].reason, HasSubstr(row.reason)) << all;
    }
}

TEST(Library, ABaseInACircleIsTold) {
    const auto problems = problems_of(demo_with(kLib, "id = \"lib@1\"", "id = \"lib@1\"\nbase = \"lib@1\""));
    ASSERT_FALSE(problems.empty());
    EXPECT_THAT(problems.front().reason, HasSubstr("or in a circle"));
}

TEST(Library, ADialogHasAtMost16Steps) {
    const auto with_steps = [](int more) {
        auto files = demo_files();
        for (int i = 0; i < more; ++i) files[3].text += "[[step]]\nid = \"more" + std::to_string(i) + "\"\n";
        std::vector<DataProblem> problems;
        read_library(files, problems);
        return problems;
    };
    EXPECT_THAT(with_steps(15), IsEmpty());
    const auto problems = with_steps(16);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].reason, "a dialog has at most 16 steps");
}

TEST(Library, AFileOverOneMegabyteIsNotRead) {
    auto files = demo_files();
    files[3].text += "#";
    files[3].text.resize(kMaxDataFileSize, ' ');
    std::vector<DataProblem> problems;
    EXPECT_NE(read_library(files, problems), nullptr);
    files[3].text += ' ';
    EXPECT_EQ(read_library(files, problems), nullptr);
    EXPECT_THAT(problems, testing::Contains(testing::Field(&DataProblem::reason, HasSubstr("larger than 1 MB"))));
}

TEST(Library, WhatIsNoTomlIsToldWithItsPlace) {
    const auto problems = problems_of(demo_with(kDemo, "name = \"Demo Mail\"", "name = \"Demo Mail"));
    ASSERT_FALSE(problems.empty());
    EXPECT_EQ(problems.front().file, kDemo);
    EXPECT_EQ(problems.front().line, 3U);
}

TEST(Library, AnEmptyFolderHasNoClients) {
    const auto nothing = load_library(TRUENAME_SOURCE_DIR "/tests/clients/no-such-folder");
    ASSERT_TRUE(nothing);
    EXPECT_EQ(*nothing, nullptr);
}

TEST(Library, TheNearestLayerThatHasAKeyWins) {
    auto files = demo_files();
    files[1].text +=
        "[names]\ncompares = { value = \"first-dns\", source = \"S3\", confidence = \"observed\" }\n"
        "[[variant]]\nname = \"Demo Mail on XP\"\nplatform = \"xp\"\n[variant.names]\nwildcard = \"unknown\"\n";
    const auto library = read(files);
    const Profile& usual = profile(*library, "demo");
    EXPECT_TRUE(usual.names.compares.is(Compares::first_dns));
    EXPECT_EQ(usual.names.compares.source, "S3");
    EXPECT_TRUE(usual.names.wildcard.known);
    const Profile& xp = profile(*library, "demo/xp");
    EXPECT_TRUE(xp.names.compares.is(Compares::first_dns));
    EXPECT_FALSE(xp.names.wildcard.known);
    EXPECT_TRUE(xp.names.common_name.is(CommonName::never));
}

TEST(Library, AnAnswerTakesThePlaceOfTheLibrarysAction) {
    const auto library = read(demo_files());
    const auto reactions = profile(*library, "demo").reactions_to(FindingId::path_self_signed);
    ASSERT_EQ(reactions.size(), 1U);
    EXPECT_TRUE(reactions[0].action.is(Action::warns));
    EXPECT_TRUE(reactions[0].library.is(Action::refuses));
    EXPECT_EQ(reactions[0].code, "E_TRUST");
    ASSERT_NE(reactions[0].line, nullptr);
    EXPECT_EQ(reactions[0].line->id, "trust");
}

TEST(Library, AReactionBehindOneThatAlwaysHoldsFallsAway) {
    auto files = demo_files();
    files[1].text += "[[reaction]]\nfinding = \"name.mismatch\"\naction = \"silent\"\nsource = \"S\"\nconfidence = \"source\"\n";
    EXPECT_EQ(profile(*read(files), "demo").reactions_to(FindingId::name_mismatch).size(), 1U);
}

TEST(Library, GapsAreTheDefectsWithoutAnyReaction) {
    const auto missing = gaps(profile(*read(demo_files()), "demo"));
    EXPECT_THAT(missing, testing::Contains(FindingId::path_not_a_ca));
    EXPECT_THAT(missing, testing::Not(testing::Contains(FindingId::name_mismatch)));
    EXPECT_THAT(missing, testing::Not(testing::Contains(FindingId::name_wildcard))) << "a fact needs no reaction";
}

TEST(Library, AReactionThatNobodyKnowsIsAGap) {
    const auto missing = gaps(profile(compiled(), "outlook-2007"));
    EXPECT_THAT(missing, testing::Contains(FindingId::usage_not_server)) << "Windows refuses it; what Outlook makes of that is not known";
    EXPECT_THAT(missing, testing::Not(testing::Contains(FindingId::validity_expired)));
    EXPECT_THAT(gaps(profile(compiled(), "thunderbird")), testing::Not(testing::Contains(FindingId::usage_not_server)));
}

std::vector<std::string> selected(const Library& library, std::vector<std::string> ids) {
    const auto found = select(library, ids);
    std::vector<std::string> names;
    if (!found) return {to_sentence(found.error())};
    for (const Profile* profile : *found) names.emplace_back(profile->id);
    return names;
}

TEST(Select, TakesIdsVersionsPlatformsAndSetsEachOnce) {
    auto files = demo_files();
    files[1].text +=
        "[[variant]]\nname = \"A\"\nplatform = \"xp\"\n[[variant]]\nname = \"B\"\nversion = \"0.9\"\n"
        "[[variant]]\nname = \"C\"\nversion = \"0.8\"\nplatform = \"xp\"\n";
    const auto library = read(files);
    EXPECT_THAT(selected(*library, {}), ElementsAre("demo"));
    EXPECT_THAT(selected(*library, {"all", "usual", "demo"}), ElementsAre("demo", "demo/xp", "demo@0.9", "demo@0.8/xp"));
    EXPECT_THAT(selected(*library, {"demo@1"}), ElementsAre("demo"));
    EXPECT_THAT(selected(*library, {"demo@1/linux-5", "demo/xp", "demo@0.9"}), ElementsAre("demo", "demo/xp", "demo@0.9"));
    EXPECT_THAT(selected(*library, {"demo@0.8/xp"}), ElementsAre("demo@0.8/xp"));
}

TEST(Library, AVariantIsToldFromItsClientByName) {
    for (const char* name : {"", "name = \"Demo Mail\"\n"}) {
        auto files = demo_files();
        files[1].text += std::string("[[variant]]\n") + name + "platform = \"xp\"\n";
        std::vector<DataProblem> problems;
        EXPECT_FALSE(read_library(files, problems)) << name;
        ASSERT_FALSE(problems.empty());
        EXPECT_THAT(problems.front().reason, HasSubstr("name"));
    }
}

TEST(Select, SaysWhichIdIsNearest) {
    const auto library = read(demo_files());
    EXPECT_THAT(selected(*library, {"demmo"}), ElementsAre(HasSubstr("Did you mean demo?")));
    const std::string ids[] = {"something-else"};
    const auto found = select(*library, ids);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, FailureKind::usage);
    EXPECT_THAT(found.error().next, testing::Not(HasSubstr("Did you mean")));
    EXPECT_THAT(selected(*library, {"demo@7"}), ElementsAre(HasSubstr("there is no such client")));
}

}  // namespace
}  // namespace truename::clients
