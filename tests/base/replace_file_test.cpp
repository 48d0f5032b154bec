#include "base/replace_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/scratch.h"

namespace truename {
namespace {

std::string contents(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
}

mode_t mode(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
}

TEST(ReplaceFile, WritesForTheReadersThatItIsFor) {
    const Scratch folder;
    const std::string path = folder.path() + "/file";
    ASSERT_TRUE(replace_file(path, "one", Readers::everybody));
    EXPECT_EQ(mode(path), 0644U);
    ASSERT_TRUE(replace_file(path, "two", Readers::owner));
    EXPECT_EQ(mode(path), 0600U);
    EXPECT_EQ(contents(path), "two");
}

TEST(ReplaceFile, LeavesNothingBehindWhereItCannotWrite) {
    const Scratch folder;
    const std::string path = folder.path() + "/file";
    std::filesystem::create_directory(path);
    std::ofstream(path + "/inside") << "x";  // so that rename() has to refuse
    const auto written = replace_file(path, "one", Readers::owner);
    ASSERT_FALSE(written);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
    EXPECT_EQ(replace_file(folder.path() + "/none/file", "one", Readers::owner).error(), ENOENT);
}

}  // namespace
}  // namespace truename
