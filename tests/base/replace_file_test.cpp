#include "base/replace_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

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

TEST(ReplaceFiles, ChangesNoneWhereOneCannotBeWritten) {
    const Scratch folder;
    const std::string key = folder.path() + "/key", chain = folder.path() + "/chain";
    const std::vector<NewFile> one = {{key, "key 1", Readers::owner}, {chain, "chain 1", Readers::everybody}};
    ASSERT_TRUE(replace_files(one));
    const std::vector<NewFile> two = {{key, "key 2", Readers::owner}, {folder.path() + "/none/chain", "chain 2", Readers::everybody}};
    EXPECT_EQ(replace_files(two).error(), ENOENT);
    EXPECT_EQ(contents(key), "key 1");
    EXPECT_EQ(mode(key), 0600U);
    EXPECT_EQ(contents(chain), "chain 1");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 2);
}

TEST(MakeFolder, HasItsModeWhateverTheUmask) {
    const Scratch folder;
    const mode_t before = ::umask(0077);
    const auto made = make_folder(folder.path() + "/www", 0755);
    ::umask(before);
    ASSERT_TRUE(made);
    EXPECT_EQ(mode(folder.path() + "/www"), 0755U);
}

TEST(OwnFolder, TakesASlashAtTheEnd) {
    const Scratch folder;
    ASSERT_TRUE(own_folder(folder.path() + "/above/state/"));
    EXPECT_EQ(mode(folder.path() + "/above/state"), 0700U);
    EXPECT_TRUE(own_folder(folder.path() + "/above/state/"));
}

}  // namespace
}  // namespace truename
