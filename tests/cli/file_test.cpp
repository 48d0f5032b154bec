#include "cli/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/scratch.h"

namespace truename::cli {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class FileTest : public ::testing::Test {
  protected:
    static std::string contents(const fs::path& path) {
        std::ifstream in(path, std::ios::binary);
        std::ostringstream out;
        out << in.rdbuf();
        return out.str();
    }
    std::size_t files() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator())); }

    const Scratch scratch_;
    const fs::path folder_ = scratch_.path();
};

TEST_F(FileTest, KeepsTheOldFileUntilTheNewOneIsWhole) {
    const fs::path path = folder_ / "report";
    std::ofstream(path) << "old";
    {
        auto file = AtomicFile::create(path.string());
        ASSERT_TRUE(file);
        ASSERT_TRUE(file->write("new"));
        EXPECT_EQ(contents(path), "old");
    }
    EXPECT_EQ(contents(path), "old");
    EXPECT_EQ(files(), 1U) << "the temporary file of an abandoned write stays behind";
    ASSERT_TRUE(write_file(path.string(), "new"));
    EXPECT_EQ(contents(path), "new");
    EXPECT_EQ(files(), 1U);
}

TEST_F(FileTest, GivesTheFileTheModeThatTheUmaskLeaves) {
    const mode_t mask = ::umask(027);
    ASSERT_TRUE(write_file((folder_ / "x").string(), "x"));
    ::umask(mask);
    struct stat status {};
    ASSERT_EQ(::stat((folder_ / "x").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0640U);
}

TEST_F(FileTest, WritesThroughALinkAndKeepsTheLink) {
    std::ofstream(folder_ / "real") << "old";
    fs::create_symlink("real", folder_ / "link");
    ASSERT_TRUE(write_file((folder_ / "link").string(), "new"));
    EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
    EXPECT_EQ(contents(folder_ / "real"), "new");
}

TEST_F(FileTest, SaysWhyAFileCannotBeWritten) {
    const auto missing = AtomicFile::create((folder_ / "no" / "file").string());
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ExitCode::no_write);
    EXPECT_THAT(missing.error().failure.reason, HasSubstr("no such file"));

    const auto full = write_file("/dev/full", "x");
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, ExitCode::no_write);
    EXPECT_THAT(full.error().failure.reason, HasSubstr("no space"));
}

TEST_F(FileTest, KeepsWhatWasWrittenWhenTheProgramIsInterrupted) {
    auto one = AtomicFile::create((folder_ / "lines").string());
    auto empty = AtomicFile::create((folder_ / "empty").string());
    ASSERT_TRUE(one && empty);
    ASSERT_TRUE(one->write("line\n"));
    EXPECT_THAT(abandon_files(), HasSubstr("lines.partial"));
    EXPECT_EQ(contents(folder_ / "lines.partial"), "line\n");
    EXPECT_EQ(files(), 1U);
}

TEST_F(FileTest, ReadsOnlyFilesAndNotMoreThanTheLimit) {
    std::ofstream(folder_ / "big") << std::string(200'000, 'x');
    EXPECT_EQ(read_file((folder_ / "big").string(), "reading")->size(), 200'000U);
    EXPECT_EQ(read_file((folder_ / "big").string(), "reading", 100'000).error().code, ExitCode::bad_input);
    EXPECT_EQ(read_file(folder_.string(), "reading").error().code, ExitCode::bad_input);
    EXPECT_EQ(read_file((folder_ / "none").string(), "reading").error().code, ExitCode::no_input);
}

}  // namespace
}  // namespace truename::cli
