#include "sql/group_commit.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/scratch.h"

namespace truename::sql {
namespace {

constexpr std::string_view kSteps[] = {"CREATE TABLE numbers (number INTEGER PRIMARY KEY) STRICT"};

class GroupCommitTest : public testing::Test {
  protected:
    void SetUp() override {
        auto opened = Database::open(folder.path() + "/numbers.db", Access::create);
        ASSERT_TRUE(opened);
        database.emplace(std::move(*opened));
        ASSERT_TRUE(database->migrate(kSteps));
    }
    std::int64_t count() {
        auto reader = Database::open(folder.path() + "/numbers.db", Access::read);
        std::int64_t n = -1;
        EXPECT_TRUE(reader->query("SELECT count(*) FROM numbers", {}, [&](const Row& row) { n = row.integer(0); }));
        return n;
    }
    static GroupCommit::Job insert(std::int64_t number) {
        return [number](Database& one) -> Result<void, Error> {
            const auto done = one.run("INSERT INTO numbers VALUES (?)", {number});
            if (!done) return forward_error(done);
            return {};
        };
    }
    Scratch folder;
    std::optional<Database> database;
};

TEST_F(GroupCommitTest, HasWrittenEverythingThatItSaysItHas) {
    GroupCommit group(*database);
    constexpr int kThreads = 16, kEach = 25;
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&, thread] {
            for (int i = 0; i < kEach; ++i) good += group.commit(insert(thread * kEach + i)) ? 1 : 0;
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(good, kThreads * kEach);
    EXPECT_EQ(count(), kThreads * kEach);
}

TEST_F(GroupCommitTest, TellsAFailureOnlyToWhoCausedIt) {
    GroupCommit group(*database);
    ASSERT_TRUE(group.commit(insert(0)));
    constexpr int kThreads = 16;
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&, thread] { good += group.commit(insert(thread % 2 == 0 ? 0 : thread)) ? 1 : 0; });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(good, kThreads / 2);
    EXPECT_EQ(count(), 1 + kThreads / 2);
}

TEST_F(GroupCommitTest, FailsAllOfATransactionThatTheDiskHasNoRoomFor) {
    ASSERT_TRUE(database->query("PRAGMA max_page_count=4", {}, [](const Row& /*row*/) {}));
    GroupCommit group(*database);
    const auto full = group.commit([](Database& one) -> Result<void, Error> {
        for (std::int64_t i = 0; i < 100'000; ++i) {
            if (auto done = one.run("INSERT INTO numbers VALUES (?)", {i}); !done) return forward_error(done);
        }
        return {};
    });
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().kind, ErrorKind::full);
    EXPECT_EQ(count(), 0);
    EXPECT_TRUE(group.commit(insert(1)));
    EXPECT_EQ(count(), 1);
}

}  // namespace
}  // namespace truename::sql
