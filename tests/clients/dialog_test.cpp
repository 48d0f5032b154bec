#include "clients/dialog.h"

#include <gmock/gmock.h>

#include "clients/verdict.h"
#include "tests/clients/support.h"

namespace truename::clients {
namespace {

using testing::ElementsAre;

const Text* text(const Dialog& dialog, std::string_view id) {
    for (const Text& text : dialog.texts) {
        if (text.id == id) return &text;
    }
    return nullptr;
}

AskedDialog asked(const Dialog& dialog, std::initializer_list<std::string_view> lines) {
    AskedDialog asked{&dialog, {}, {{"HOST", "mail.example.com"}}};
    for (const std::string_view line : lines) asked.lines.push_back(text(dialog, line));
    return asked;
}

TEST(Dialog, IsShownInTheLanguageWhenAllThatItShowsIsKnownInIt) {
    const auto library = read(demo_files());
    const ShownDialog german = show(asked(library->dialogs[0], {"name"}), "de");
    EXPECT_EQ(german.lang, "de");
    EXPECT_EQ(german.steps[0].title, "Vorsicht");
    EXPECT_THAT(german.steps[0].lines, ElementsAre("Das ist nicht mail.example.com.", "Weiter?"));
    EXPECT_EQ(german.steps[0].buttons[0].label, "Ja");
    const ShownDialog mixed = show(asked(library->dialogs[0], {"name", "time"}), "de");
    EXPECT_EQ(mixed.lang, "en") << "the line about time is not known in German";
    EXPECT_EQ(mixed.steps[0].text, "This is not mail.example.com.\nIt ended on ….") << "no date is at hand";
}

TEST(Dialog, WritesADateAsTheProgramDoes) {
    EXPECT_EQ(date_in_form("2027-02-03", "M/D/YYYY"), "2/3/2027");
    EXPECT_EQ(date_in_form("2027-02-23", "DD.MM.YYYY"), "23.02.2027");
    for (const char* form : {"", "M/D", "M/D/YY", "MMM D YYYY", "M/D/YYYY/YYYY", "M/D/YYYY h"})
        EXPECT_FALSE(date_in_form("2027-02-23", form)) << form;
    EXPECT_FALSE(date_in_form("soon", "M/D/YYYY"));
    const auto library = read(demo_with("dialogs/demo-question.toml", "{DATE}", "{DATE:D/M/YYYY}"));
    AskedDialog question = asked(library->dialogs[0], {"time"});
    question.values.emplace_back("DATE", "2027-02-03");
    EXPECT_EQ(show(question, "en").steps[0].text, "It ended on 3/2/2027.");
}

TEST(Dialog, AnUnknownTextIsLeftOutAndSaidToBeMissing) {
    const auto library = read(demo_with("dialogs/demo-question.toml", "en = \"Careful\"", "en = \"unknown\""));
    const ShownDialog shown = show(asked(library->dialogs[0], {"name"}), "en");
    EXPECT_EQ(shown.steps[0].title, std::nullopt);
    EXPECT_FALSE(shown.steps[0].complete);
    EXPECT_THAT(shown.steps[0].lines, ElementsAre("This is not mail.example.com.", "Go on?"));
}

TEST(Dialog, TheWayToAcceptMayLeadThroughAnotherStepAndHangOnABox) {
    auto files = demo_with("dialogs/demo-question.toml",
                           "does = \"accepts\"\nlasts = \"session\"\nbound_to = [\"host\", \"certificate\"]\ncovers = \"shown\"",
                           "does = \"goes\"\nnext = \"exception\"");
    files[3].text += R"([[step]]
id = "exception"
lines = ["ask"]
[[step.button]]
label = "yes"
does = "accepts"
lasts = "forever"
bound_to = ["host", "port", "certificate"]
covers = "all"
[[step.checkbox]]
label = "ask"
checked = true
unchecked_lasts = "session"
)";
    const auto checked = read(files);
    ASSERT_TRUE(accepting_way(checked->dialogs[0]));
    EXPECT_TRUE(accepting_way(checked->dialogs[0])->lasts.is(Lasts::forever));
    EXPECT_EQ(show(asked(checked->dialogs[0], {}), "en").steps[0].buttons[0].next, "exception");
    files[3].text.replace(files[3].text.find("checked = true"), 14, "checked = false");
    const auto unchecked = read(files);
    const auto way = accepting_way(unchecked->dialogs[0]);
    EXPECT_TRUE(way->lasts.is(Lasts::forever)) << "who does not want to be asked again checks the box";
    ASSERT_TRUE(way->choice);
    EXPECT_EQ(show(asked(unchecked->dialogs[0], {}), *way->choice, "de"), "Weiter?");
    EXPECT_TRUE(way->otherwise.is(Lasts::session));
}

TEST(Dialog, OfTwoButtonsThatAcceptTheOneThatLastsLongerIsChosen) {
    auto files = demo_files();
    files[3].text += R"([[step.button]]
label = "title"
does = "accepts"
lasts = "forever"
bound_to = ["certificate"]
covers = "all"
)";
    const auto library = read(files);
    const auto way = accepting_way(library->dialogs[0]);
    ASSERT_TRUE(way);
    EXPECT_TRUE(way->lasts.is(Lasts::forever));
    EXPECT_TRUE(way->button->covers.is(Covers::all));
    EXPECT_EQ(way->choice, text(library->dialogs[0], "title"));
    EXPECT_TRUE(way->otherwise.is(Lasts::session));
}

TEST(Dialog, WhereOnlyOneYesIsThereIsNothingToChoose) {
    const auto library = read(demo_files());
    const auto way = accepting_way(library->dialogs[0]);
    ASSERT_TRUE(way);
    EXPECT_EQ(way->choice, nullptr);
    EXPECT_FALSE(way->otherwise.known);
}

TEST(Dialog, AMessageWithoutAWayOnHasNone) {
    const auto library = read(demo_with(
        "dialogs/demo-question.toml", "does = \"accepts\"\nlasts = \"session\"\nbound_to = [\"host\", \"certificate\"]\ncovers = \"shown\"",
        "does = \"shows\""));
    EXPECT_FALSE(accepting_way(library->dialogs[0]));
}

}  // namespace
}  // namespace truename::clients
