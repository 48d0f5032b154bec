#include "servers/file_state.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/scratch.h"

namespace truename::servers {
namespace {

namespace fs = std::filesystem;

FileState state_with(std::string text, mode_t mode = 0600) {
    FileState state;
    state.exists = true;
    state.bytes = crypto::Secret(std::move(text));
    state.mode = mode;
    state.owner = ::geteuid();
    state.group = ::getegid();
    return state;
}

TEST(FileState, WhatIsPutInPlaceIsReadTheSame) {
    const Scratch scratch;
    const std::string path = scratch.path() + "/file";
    const FileState wanted = state_with("contents\n", 0640);
    auto staged = StagedFile::write(path, wanted);
    ASSERT_TRUE(staged);
    EXPECT_FALSE(fs::exists(path)) << "nothing is seen before it is put in place";
    ASSERT_TRUE(staged->put_in_place());
    const auto read = read_file_state(path);
    ASSERT_TRUE(read);
    EXPECT_TRUE(same_state(*read, wanted));
}

TEST(FileState, AFileThatIsNotThereIsAState) {
    const Scratch scratch;
    const auto read = read_file_state(scratch.path() + "/file");
    ASSERT_TRUE(read);
    EXPECT_FALSE(read->exists);
}

TEST(FileState, PuttingBackNothingTakesTheFileAway) {
    const Scratch scratch;
    const std::string path = scratch.path() + "/file";
    std::ofstream(path) << "text";
    auto staged = StagedFile::write(path, FileState{});
    ASSERT_TRUE(staged);
    ASSERT_TRUE(staged->put_in_place());
    EXPECT_FALSE(fs::exists(path));
}

TEST(FileState, ALinkIsReplacedAndPutBackAsALink) {
    const Scratch scratch;
    const std::string path = scratch.path() + "/link", target = scratch.path() + "/target";
    std::ofstream(target) << "shared";
    fs::create_symlink(target, path);
    const auto before = read_file_state(path);
    ASSERT_TRUE(before);
    EXPECT_EQ(before->link, target);
    EXPECT_EQ(before->bytes.view(), "shared");
    {
        auto staged = StagedFile::write(path, state_with("own"));
        ASSERT_TRUE(staged && staged->put_in_place());
    }
    EXPECT_FALSE(fs::is_symlink(path));
    EXPECT_EQ(fs::file_size(target), 6U) << "what others use is not written";
    auto staged = StagedFile::write(path, *before);
    ASSERT_TRUE(staged && staged->put_in_place());
    EXPECT_EQ(fs::read_symlink(path), target);
}

TEST(FileState, WhatIsNotPutInPlaceIsTakenAway) {
    const Scratch scratch;
    { ASSERT_TRUE(StagedFile::write(scratch.path() + "/file", state_with("key"))); }
    EXPECT_TRUE(fs::is_empty(scratch.path()));
}

TEST(FileState, APipeIsNoFile) {
    const Scratch scratch;
    const std::string path = scratch.path() + "/pipe";
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    EXPECT_FALSE(read_file_state(path));
}

}  // namespace
}  // namespace truename::servers
