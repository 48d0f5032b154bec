#include "explain/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "explain/data.h"
#include "explain/words.h"

namespace truename::explain {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Library& library() {
    static const Library loaded = *Library::load();
    return loaded;
}

TEST(Words, LeaveOutWhatDiffersFromCaseToCase) {
    EXPECT_THAT(words_of(U"The {NAME} of mail.example.com, (12.5.2026) isn't OK: a1 abc123 me@example.com \u201c\u00C4rger\u201d"),
                ElementsAre(U"the", U"of", U"isn", U"t", U"ok", U"a1", U"\u00E4rger"));
}

TEST(Words, AreReadFromBytesThatAreNoUtf8) {
    EXPECT_EQ(decode("a\xFFz\xE2\x82"), U"a\uFFFDz\uFFFD\uFFFD");
    EXPECT_EQ(decode("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x94\x92"), U"\u00E4\u20AC\U0001F512");
}

TEST(TextIndex, IsRefusedWhenAnyByteIsMissing) {
    const Bytes whole = as_bytes(built_in_texts());
    ASSERT_TRUE(TextIndex::read(whole));
    for (std::size_t size = 0; size < whole.size(); size += size < 5000 ? 7 : 1997)
        ASSERT_FALSE(TextIndex::read(whole.first(size))) << size;
    ByteString longer = to_owned(whole);
    longer.push_back(0);
    EXPECT_FALSE(TextIndex::read(longer));
}

bool borrows_from(std::string_view view, const std::vector<std::string>& table) {
    return std::any_of(table.begin(), table.end(), [&](const std::string& text) { return text.data() == view.data() && text == view; });
}

bool is_share(double value) {
    return value >= 0 && value <= 1;
}

TEST(TextIndex, WithAnyChangedByteIsRefusedOrAnswersFromItsOwnTable) {
    std::mt19937 random(7);
    int refused = 0, read = 0;
    ByteString bytes = to_owned(as_bytes(built_in_texts()));
    for (int i = 0; i < 60; ++i) {
        const std::size_t at = i % 2 ? random() % 2000 : random() % bytes.size();
        const std::uint8_t before = bytes[at];
        bytes[at] = static_cast<std::uint8_t>(random());
        const auto index = TextIndex::read(bytes);
        if (!index) {
            ++refused;
            EXPECT_LE(index.error().offset, bytes.size()) << at;
        } else {
            ++read;
            for (const TextMatch& match : index->search(U"the target principal name is incorrect")) {
                EXPECT_TRUE(borrows_from(match.meaning, index->meanings())) << at;
                EXPECT_TRUE(borrows_from(match.family, index->families())) << at;
                EXPECT_TRUE(is_share(match.score) && is_share(match.fit) && std::isfinite(match.order())) << at;
            }
        }
        bytes[at] = before;
    }
    EXPECT_GT(refused, 5) << "structure is checked";
    EXPECT_GT(read, 5) << "hashes and letters can be anything";
}

TEST(Library, ExplainsEveryMeaningThatItCanFind) {
    const auto index = TextIndex::read(as_bytes(built_in_texts()));
    for (const std::string& id : index->meanings()) {
        if (id == "other") continue;  // what is not about certificates or TLS has no answer
        const Meaning* meaning = library().meaning(id);
        ASSERT_TRUE(meaning) << id;
        EXPECT_FALSE(meaning->causes.empty()) << id;
        EXPECT_FALSE(meaning->next.empty()) << id;
    }
}

TEST(Library, KnowsTheSentenceOfTheStoryWithSlips) {
    const Answer answer = library().ask("the target principle name is incorect");
    ASSERT_FALSE(answer.texts.empty());
    EXPECT_EQ(answer.texts[0].meaning, "name.mismatch");
}

TEST(Library, PrefersAReasonToAGeneralText) {
    const Answer answer = library().ask(
        "The server you are connected to is using a security certificate that cannot be verified.\n"
        "The target principal name is incorrect.");
    ASSERT_FALSE(answer.texts.empty());
    EXPECT_EQ(answer.texts[0].meaning, "name.mismatch");
}

TEST(Library, GivesNoAnswerRatherThanAGuess) {
    for (const char* text : {"The weather is nice today and we will have lunch in the garden.", "", "....", "certificate"}) {
        const Answer answer = library().ask(text);
        EXPECT_THAT(answer.texts, IsEmpty()) << text;
        EXPECT_THAT(answer.codes, IsEmpty()) << text;
    }
}

TEST(CodeTable, NamesTheLineOfABrokenRow) {
    const auto table = CodeTable::read("# comment\na\tb\tc\td\te\nshort\trow\n");
    ASSERT_FALSE(table);
    EXPECT_THAT(table.error().object, HasSubstr("line 3"));
}

TEST(CodeTable, TakesTheMeaningOfAComputedSpelling) {
    const auto table = CodeTable::read("0x80090322 SEC_E_WRONG_PRINCIPAL\twindows\tname.mismatch\ts\tsource\n");
    ASSERT_TRUE(table);
    for (const char* text : {"-2146893022", "(80090322)", "code: 0x80090322.", "sec_e_wrong_principal"})
        EXPECT_EQ(table->find(text).size(), 1U) << text;
    for (const char* text : {"2146893022", "x80090322", "0x800903221", "-99999999999", ""})
        EXPECT_THAT(table->find(text), IsEmpty()) << text;
}

}  // namespace
}  // namespace truename::explain
