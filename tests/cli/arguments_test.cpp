#include "cli/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>

namespace truename::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr Option kOptions[] = {
    {.name = "trust", .argument = "FILE", .help = "", .repeatable = true, .words = "own none", .open_words = true},
    {.name = "output", .letter = 'o', .argument = "FORMAT", .help = "", .repeatable = true},
    {.name = "fetch", .argument = "WHEN", .help = "", .words = "auto none"},
    {.name = "deep", .help = ""},
};
constexpr Command kCommand = {
    .name = "check", .summary = "", .positionals = "HOST...", .least = 1, .most = 2, .options = kOptions, .run = nullptr};

Result<Arguments, Stop> parse(std::initializer_list<std::string_view> words) {
    return parse_arguments(kCommand, std::span(words.begin(), words.size()));
}

TEST(Arguments, TakeValuesInEveryForm) {
    const auto arguments = parse({"a", "--trust", "x", "--trust=y=z", "-o", "json", "-ohtml=f", "--deep"});
    ASSERT_TRUE(arguments);
    EXPECT_THAT(arguments->all("trust"), ElementsAre("x", "y=z"));
    EXPECT_THAT(arguments->all("output"), ElementsAre("json", "html=f"));
    EXPECT_TRUE(arguments->has("deep"));
    EXPECT_FALSE(arguments->has("fetch"));
    EXPECT_THAT(arguments->positionals(), ElementsAre("a"));
}

TEST(Arguments, TreatEverythingAfterTwoDashesAsPositional) {
    const auto arguments = parse({"--", "--deep", "-"});
    ASSERT_TRUE(arguments);
    EXPECT_THAT(arguments->positionals(), ElementsAre("--deep", "-"));
    EXPECT_FALSE(arguments->has("deep"));
}

TEST(Arguments, TakeALoneDashAsPositional) {
    const auto arguments = parse({"-"});
    ASSERT_TRUE(arguments);
    EXPECT_THAT(arguments->positionals(), ElementsAre("-"));
}

TEST(Arguments, TakeAnEmptyValueAfterAnEqualsSign) {
    const auto arguments = parse({"a", "--trust="});
    ASSERT_TRUE(arguments);
    EXPECT_EQ(arguments->get("trust"), "");
}

struct Refusal {
    std::initializer_list<std::string_view> words;
    std::string_view object, reason, next;
};

TEST(Arguments, RefuseWhatTheTableDoesNotKnowAndSayWhy) {
    const Refusal refusals[] = {
        {{"a", "--turst", "x"}, "--turst", "no such option", "--trust"},
        {{"a", "-x"}, "-x", "no such option", "--help"},
        {{"a", "--deep=yes"}, "--deep", "takes no value", ""},
        {{"a", "--trust"}, "--trust", "missing", "FILE"},
        {{"a", "--fetch", "auot"}, "--fetch", "none of its values", "auto"},
        {{"a", "--fetch=auto", "--fetch=none"}, "--fetch", "twice", ""},
        {{}, "command line", "HOST... is missing", ""},
        {{"a", "b", "c"}, "\"c\"", "too many", ""},
        {{"a", "--zzzzzz\x1b[2J"}, "\\x1b", "no such option", ""},
    };
    for (const Refusal& refusal : refusals) {
        const auto arguments = parse_arguments(kCommand, std::span(refusal.words.begin(), refusal.words.size()));
        ASSERT_FALSE(arguments) << refusal.object;
        EXPECT_EQ(arguments.error().code, ExitCode::usage);
        EXPECT_THAT(arguments.error().failure.object, HasSubstr(std::string(refusal.object)));
        EXPECT_THAT(arguments.error().failure.reason, HasSubstr(std::string(refusal.reason))) << refusal.object;
        EXPECT_THAT(arguments.error().failure.next, HasSubstr(std::string(refusal.next))) << refusal.object;
    }
}

TEST(Arguments, AskForHelpWithoutTheRest) {
    const auto arguments = parse({"--help"});
    ASSERT_TRUE(arguments);
    EXPECT_TRUE(arguments->has("help"));
}

TEST(Nearest, SuggestsOnlyWhatIsNear) {
    constexpr std::string_view kNames[] = {"check", "replay", "predict"};
    EXPECT_EQ(nearest("chekc", kNames), "check");
    EXPECT_EQ(nearest("PREDICT", kNames), "predict");
    EXPECT_EQ(nearest("install", kNames), "");
    EXPECT_EQ(nearest("", kNames), "");
}

TEST(ListItems, AreTrimmedAndNeverEmpty) {
    EXPECT_THAT(list_items("imaps, ,submission,"), ElementsAre("imaps", "submission"));
    EXPECT_THAT(list_items(""), IsEmpty());
}

TEST(CommandTable, HasNoNameOrLetterTwice) {
    for (const Command* each : runnable_commands()) {
        const Command& command = *each;
        EXPECT_FALSE(command.summary.empty()) << command.name;
        EXPECT_FALSE(command.summary.ends_with('.')) << command.name;
        ASSERT_TRUE(command.run) << command.name;
        std::vector<std::string_view> names;
        std::string letters;
        for (const auto& options : {command.options, common_options()}) {
            for (const Option& option : options) {
                names.push_back(option.name);
                if (option.letter) letters += option.letter;
                EXPECT_TRUE(option.help.ends_with('.')) << command.name << ' ' << option.name;
            }
        }
        std::sort(names.begin(), names.end());
        std::sort(letters.begin(), letters.end());
        EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end()) << command.name;
        EXPECT_EQ(std::adjacent_find(letters.begin(), letters.end()), letters.end()) << command.name;
    }
}

}  // namespace
}  // namespace truename::cli
