#include "cli/target_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

namespace truename::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// The targets of a list with these bytes, and how many lines were skipped.
struct Read {
    std::vector<std::string> targets;
    std::vector<std::size_t> lines;
    std::size_t duplicates = 0;
    bool any_too_long = false;
};

Read read_list(std::string_view contents) {
    char name[] = "/tmp/truename-list-XXXXXX";
    const int fd = ::mkstemp(name);
    EXPECT_EQ(::write(fd, contents.data(), contents.size()), static_cast<ssize_t>(contents.size()));
    ::close(fd);
    Read read;
    auto list = TargetList::open(name);
    ::unlink(name);
    EXPECT_TRUE(list);
    for (;;) {
        const auto entry = list->next();
        EXPECT_TRUE(entry);
        if (!entry || !*entry) break;
        read.targets.emplace_back((*entry)->text);
        read.lines.push_back((*entry)->line);
        read.any_too_long |= (*entry)->too_long;
    }
    read.duplicates = list->duplicates();
    return read;
}

TEST(TargetList, SkipsBlankLinesCommentsAndCarriageReturns) {
    const Read read = read_list("\xEF\xBB\xBFone.example\r\n\r\n# comment\n\t two.example:993  # why\n\n   \nimaps://three#x\nlast");
    EXPECT_THAT(read.targets, ElementsAre("one.example", "two.example:993", "imaps://three#x", "last"));
    EXPECT_THAT(read.lines, ElementsAre(1, 4, 7, 8));
}

TEST(TargetList, GivesATargetThatComesAgainOnlyOnce) {
    const Read read = read_list("a\nb\na # again\nb\r\na\n");
    EXPECT_THAT(read.targets, ElementsAre("a", "b"));
    EXPECT_EQ(read.duplicates, 3U);
}

TEST(TargetList, ComparesNamesAsDnsDoes) {
    const Read read = read_list(
        "Mail.Example.com\nmail.example.com\nmail.EXAMPLE.com.\nimaps://mail.example.com\nIMAPS://Mail.Example.com:993/\n"
        "B\xC3\xBC"
        "cher.example\nXN--BCHER-KVA.example\nmail.example.com:993\n");
    EXPECT_THAT(read.targets, ElementsAre("Mail.Example.com", "imaps://mail.example.com",
                                          "B\xC3\xBC"
                                          "cher.example",
                                          "mail.example.com:993"))
        << "what is asked at a port whose protocol was not said may be something else";
    EXPECT_EQ(read.duplicates, 4U);
}

TEST(TargetList, IsEmptyWhenTheFileIs) {
    EXPECT_THAT(read_list("").targets, IsEmpty());
    EXPECT_THAT(read_list("\n\n# only\n").targets, IsEmpty());
}

TEST(TargetList, CutsALineWithoutEndAndGoesOn) {
    const Read read = read_list(std::string(5'000'000, 'x') + "\nnext\n");
    ASSERT_EQ(read.targets.size(), 2U);
    EXPECT_EQ(read.targets[0].size(), TargetList::kLongestLine);
    EXPECT_EQ(read.targets[1], "next");
    EXPECT_TRUE(read.any_too_long);
}

TEST(TargetList, LosesNoLineAtTheEdgesOfItsBuffer) {
    std::string contents;
    for (int i = 0; i < 30'000; ++i) contents += "host" + std::to_string(i) + ".example\n";
    EXPECT_EQ(read_list(contents).targets.size(), 30'000U);
}

TEST(TargetList, SaysThatThereIsNoSuchFile) {
    EXPECT_EQ(TargetList::open("/nonexistent/list").error().code, ExitCode::no_input);
    EXPECT_EQ(TargetList::open("/").error().code, ExitCode::bad_input);
}

TEST(RecentLines, RemembersAtLeastTheLast32768) {
    RecentLines recent;
    for (int i = 0; i < 200'000; ++i) {
        ASSERT_FALSE(recent.seen(std::to_string(i))) << i;
        const int back = i < 32'767 ? 0 : i - 32'767;
        ASSERT_TRUE(recent.seen(std::to_string(back))) << i;
    }
}

}  // namespace
}  // namespace truename::cli
