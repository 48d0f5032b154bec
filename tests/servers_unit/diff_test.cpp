#include "servers/diff.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "base/text.h"

namespace truename::servers {
namespace {

std::string diff(std::string_view a, std::string_view b) {
    return unified_diff(a, b, "a", "b");
}

TEST(UnifiedDiff, ShowsAChangeWithThreeLinesAroundIt) {
    EXPECT_EQ(diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"),
              "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(UnifiedDiff, IsEmptyForEqualTexts) {
    EXPECT_EQ(diff("", ""), "");
    EXPECT_EQ(diff("a\nb", "a\nb"), "");
}

TEST(UnifiedDiff, KeepsNearChangesTogetherAndFarOnesApart) {
    EXPECT_EQ(diff("a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n"),
              "--- a\n+++ b\n@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n");
    EXPECT_EQ(diff("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n"),
              "--- a\n+++ b\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n");
}

TEST(UnifiedDiff, CountsLinesAsPatchDoes) {
    EXPECT_EQ(diff("", "x\n"), "--- a\n+++ b\n@@ -0,0 +1 @@\n+x\n");
    EXPECT_EQ(diff("x\n", ""), "--- a\n+++ b\n@@ -1 +0,0 @@\n-x\n");
    EXPECT_EQ(diff("x", "x\n"), "--- a\n+++ b\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+x\n");
    EXPECT_EQ(diff("x\r\n", "y\r\n"), "--- a\n+++ b\n@@ -1 +1 @@\n-x\r\n+y\r\n");
}

TEST(UnifiedDiff, IsAsShortAsCanBe) {
    const std::string shown = diff("a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n");  // the example of Myers: five changes
    int changes = 0;
    for (const auto line : split(shown, '\n'))
        changes += (line.starts_with('-') && line != "--- a") || (line.starts_with('+') && line != "+++ b") ? 1 : 0;
    EXPECT_EQ(changes, 5) << shown;
}

/// What `patch` makes of the old text.
std::string patched(std::string_view old_text, std::string_view shown) {
    std::vector<std::string> old_lines, result;
    for (const auto line : split(old_text, '\n')) old_lines.emplace_back(line);
    old_lines.pop_back();
    std::size_t at = 0;
    std::vector<std::string_view> lines = split(shown, '\n');
    for (std::size_t i = 2; i + 1 < lines.size(); ++i) {
        const std::string rest(lines[i].substr(1));
        if (lines[i].starts_with("@@ -")) {
            const std::size_t begin = std::stoul(std::string(lines[i].substr(4)));
            const bool is_empty = lines[i].substr(4, lines[i].find(" +") - 4).ends_with(",0");
            while (at + (is_empty ? 0 : 1) < begin) result.push_back(old_lines[at++]);
        } else if (lines[i].starts_with('+')) {
            result.push_back(rest);
        } else {
            EXPECT_EQ(old_lines.at(at), rest);
            ++at;
            if (lines[i].starts_with(' ')) result.push_back(rest);
        }
    }
    while (at < old_lines.size()) result.push_back(old_lines[at++]);
    std::string text;
    for (const std::string& line : result) text += line + "\n";
    return text;
}

TEST(UnifiedDiff, GivesTheNewTextWhenItIsAppliedToTheOldOne) {
    std::minstd_rand random(1);
    for (int round = 0; round < 2000; ++round) {
        std::string texts[2];
        for (std::string& text : texts) {
            for (std::size_t lines = random() % 20; lines > 0; --lines)
                text += std::string(1, static_cast<char>('a' + random() % 4)) + "\n";
        }
        if (texts[0] == texts[1]) continue;
        ASSERT_EQ(patched(texts[0], diff(texts[0], texts[1])), texts[1]) << texts[0] << "----\n" << texts[1];
    }
}

TEST(UnifiedDiff, GivesUpOnTheShortestWayWhenThereAreTooManyChanges) {
    std::string a, b;
    for (int i = 0; i < 20'000; ++i) {
        a += "old " + std::to_string(i) + "\n";
        b += "new " + std::to_string(i) + "\n";
    }
    EXPECT_EQ(patched("same\n" + a, diff("same\n" + a, "same\n" + b)), "same\n" + b);
}

}  // namespace
}  // namespace truename::servers
