#include "sql/database.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "tests/scratch.h"

namespace truename::sql {
namespace {

constexpr std::string_view kSteps[] = {"CREATE TABLE guests (name TEXT PRIMARY KEY, age INTEGER) STRICT",
                                       "ALTER TABLE guests ADD COLUMN face BLOB"};

Database opened(const std::string& path, Access access = Access::create) {
    auto database = Database::open(path, access);
    EXPECT_TRUE(database) << database.error().text;
    return std::move(*database);
}

std::vector<std::string> names(Database& database) {
    std::vector<std::string> list;
    const auto read = database.query("SELECT name FROM guests ORDER BY name", {}, [&](const Row& row) { list.emplace_back(row.text(0)); });
    EXPECT_TRUE(read) << read.error().text;
    return list;
}

class DatabaseTest : public testing::Test {
  protected:
    Scratch folder;
    const std::string path = folder.path() + "/guests.db";
    Database database = opened(path);
    void SetUp() override { ASSERT_TRUE(database.migrate(kSteps)); }
};

TEST_F(DatabaseTest, GivesBackWhatItWasGiven) {
    const ByteString face = {0, 1, 255};
    ASSERT_TRUE(database.run("INSERT INTO guests VALUES (?, ?, ?)", {std::string_view("O'Neill; --"), std::int64_t{-5}, Bytes(face)}));
    ASSERT_TRUE(database.run("INSERT INTO guests VALUES (?, ?, ?)", {std::string_view(""), std::monostate(), Bytes()}));
    std::size_t rows = 0;
    ASSERT_TRUE(database.query("SELECT name, age, face FROM guests ORDER BY name", {}, [&](const Row& row) {
        if (rows++ == 0) {
            EXPECT_EQ(row.text(0), "");
            EXPECT_TRUE(row.is_null(1));
            EXPECT_FALSE(row.is_null(2));
            EXPECT_TRUE(row.blob(2).empty());
        } else {
            EXPECT_EQ(row.text(0), "O'Neill; --");
            EXPECT_EQ(row.integer(1), -5);
            EXPECT_TRUE(equal(row.blob(2), face));
        }
    }));
    EXPECT_EQ(rows, 2U);
}

TEST_F(DatabaseTest, CanBeReadByItsOwnerAlone) {
    ASSERT_TRUE(database.run("INSERT INTO guests (name) VALUES ('a')"));
    for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
        struct stat status {};
        ASSERT_EQ(::stat(file.path().c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777, 0600U) << file.path();
    }
}

TEST_F(DatabaseTest, UndoesAllOfATransactionThatFails) {
    const auto done = database.transact([&]() -> Result<void, Error> {
        EXPECT_TRUE(database.run("INSERT INTO guests (name) VALUES ('a')"));
        return Unexpected{Error{ErrorKind::other, "thought better of it"}};
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().text, "thought better of it");
    EXPECT_THAT(names(database), testing::IsEmpty());
}

TEST_F(DatabaseTest, UndoesOnlyTheAttemptThatFails) {
    ASSERT_TRUE(database.transact([&]() -> Result<void, Error> {
        EXPECT_TRUE(database.run("INSERT INTO guests (name) VALUES ('a')"));
        const auto again = database.attempt([&]() -> Result<void, Error> {
            EXPECT_TRUE(database.run("INSERT INTO guests (name) VALUES ('b')"));
            return forward_error(database.run("INSERT INTO guests (name) VALUES ('a')"));
        });
        EXPECT_FALSE(again);
        EXPECT_EQ(again.error().kind, ErrorKind::constraint);
        return {};
    }));
    EXPECT_THAT(names(database), testing::ElementsAre("a"));
}

TEST_F(DatabaseTest, SaysThatTheDiskIsFullAndGoesOnWhenItIsNotAnyMore) {
    ASSERT_TRUE(database.run("INSERT INTO guests (name) VALUES ('a')"));
    ASSERT_TRUE(database.query("PRAGMA max_page_count=5", {}, [](const Row& /*row*/) {}));
    const std::string large(100'000, 'x');
    const auto full = database.transact([&]() -> Result<void, Error> {
        return forward_error(database.run("INSERT INTO guests (name) VALUES (?)", {std::string_view(large)}));
    });
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().kind, ErrorKind::full);
    ASSERT_TRUE(database.query("PRAGMA max_page_count=1000", {}, [](const Row& /*row*/) {}));
    EXPECT_TRUE(database.run("INSERT INTO guests (name) VALUES ('b')"));
    EXPECT_THAT(names(database), testing::ElementsAre("a", "b"));
}

TEST_F(DatabaseTest, RunsEachStepOnceAndRefusesALaterSchema) {
    Database again = opened(path, Access::write);
    EXPECT_TRUE(again.migrate(kSteps));
    const auto older = again.migrate(std::span(kSteps).first(1));
    ASSERT_FALSE(older);
    EXPECT_EQ(older.error().kind, ErrorKind::newer);
}

TEST_F(DatabaseTest, LetsOneProcessWriteWhileAnotherReads) {
    Database reader = opened(path, Access::read);
    ASSERT_TRUE(database.transact([&]() -> Result<void, Error> {
        EXPECT_TRUE(database.run("INSERT INTO guests (name) VALUES ('a')"));
        EXPECT_THAT(names(reader), testing::IsEmpty());
        return {};
    }));
    EXPECT_THAT(names(reader), testing::ElementsAre("a"));
    EXPECT_FALSE(reader.run("INSERT INTO guests (name) VALUES ('b')"));
}

TEST_F(DatabaseTest, CopiesItselfToANewFileOnly) {
    ASSERT_TRUE(database.run("INSERT INTO guests (name) VALUES ('a')"));
    const std::string copy = folder.path() + "/copy.db";
    ASSERT_TRUE(database.copy_to(copy));
    Database copied = opened(copy, Access::read);
    EXPECT_THAT(names(copied), testing::ElementsAre("a"));
    EXPECT_FALSE(database.copy_to(copy));
}

TEST(Database, SaysWhatIsNoDatabase) {
    const Scratch folder;
    const std::string path = folder.path() + "/text.db";
    std::ofstream(path) << std::string(4096, 'x');
    const auto opened = Database::open(path, Access::write);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, ErrorKind::corrupt);
    const auto missing = Database::open(folder.path() + "/none.db", Access::write);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().kind, ErrorKind::io);
}

TEST(Database, NoticesADamagedPage) {
    const Scratch folder;
    const std::string path = folder.path() + "/guests.db";
    {
        Database database = opened(path);
        ASSERT_TRUE(database.migrate(kSteps));
        for (std::int64_t i = 0; i < 1000; ++i) ASSERT_TRUE(database.run("INSERT INTO guests (name) VALUES (?)", {std::to_string(i)}));
        EXPECT_TRUE(database.check());
    }
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(3 * 4096 + 8);
    file << std::string(64, '\x7f');
    file.close();
    Database database = opened(path, Access::write);
    const auto checked = database.check();
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().kind, ErrorKind::corrupt);
}

}  // namespace
}  // namespace truename::sql
