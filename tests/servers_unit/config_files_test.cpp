#include "servers/config_files.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "servers/config_text.h"
#include "tests/scratch.h"

namespace truename::servers {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class DiskFiles : public testing::Test {
  protected:
    Scratch scratch;
    ConfigFiles files = disk_files();

    std::string path(const std::string& name) { return scratch.path() + "/" + name; }
    void write(const std::string& name, const std::string& bytes) { std::ofstream(path(name), std::ios::binary) << bytes; }
};

TEST_F(DiskFiles, GivesTheBytesOfAFile) {
    write("a.conf", std::string("x\r\n\0y", 5));
    const auto read = files.read(path("a.conf"));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, std::string("x\r\n\0y", 5));
}

TEST_F(DiskFiles, KnowsAMissingFileFromOneThatCannotBeRead) {
    const auto missing = files.read(path("none"));
    ASSERT_TRUE(missing);
    EXPECT_FALSE(missing->has_value());
    EXPECT_FALSE(files.read(path("")));
    ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
    const auto pipe = files.read(path("pipe"));
    ASSERT_FALSE(pipe) << "nobody waits for a pipe";
    EXPECT_EQ(pipe.error().object, path("pipe"));
    EXPECT_EQ(pipe.error().kind, FailureKind::local);
}

TEST_F(DiskFiles, RefusesAFileThatIsTooLarge) {
    write("large", "");
    std::filesystem::resize_file(path("large"), ConfigLimits::kFileBytes);
    EXPECT_TRUE(files.read(path("large")));
    std::filesystem::resize_file(path("large"), ConfigLimits::kFileBytes + 1);
    const auto read = files.read(path("large"));
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().reason, HasSubstr("too large"));
}

TEST_F(DiskFiles, MatchesAsTheShellDoes) {
    for (const char* name : {"20.conf", "10.conf", "a.ext", ".hidden.conf"}) write(name, "");
    EXPECT_THAT(*files.match(path("*.conf")), ElementsAre(path("10.conf"), path("20.conf")));
    EXPECT_THAT(*files.match(path("{a.ext,1?.conf}")), ElementsAre(path("a.ext"), path("10.conf")));
    EXPECT_THAT(*files.match(path("none*")), ElementsAre());
}

TEST_F(DiskFiles, EditsStandBeforeTheDisk) {
    write("a", "old");
    const ConfigFiles edited = with_edits(files, {{path("a"), "old", "new"}});
    EXPECT_EQ(**edited.read(path("a")), "new");
    EXPECT_EQ(**files.read(path("a")), "old") << "nothing is written";
    EXPECT_THAT(*edited.match(path("*")), ElementsAre(path("a")));
}

TEST(FileEdits, AreOneForAFileAndNoneForNoChange) {
    std::vector<FileEdit> edits;
    add_edit(edits, {"a", "1", "1"});
    EXPECT_TRUE(edits.empty());
    add_edit(edits, {"a", "1", "2"});
    add_edit(edits, {"b", "x", "y"});
    add_edit(edits, {"a", "2", "3"});
    EXPECT_THAT(edits, ElementsAre(FileEdit{"a", "1", "3"}, FileEdit{"b", "x", "y"}));
    add_edit(edits, {"a", "3", "1"});
    EXPECT_THAT(edits, ElementsAre(FileEdit{"b", "x", "y"}));
}

TEST(ConfigText, InsertsLinesWithTheLineEndOfTheText) {
    const auto inserted = [](std::string_view text, std::size_t at) { return with_changes(text, {insert_lines(text, at, {"new"})}); };
    EXPECT_EQ(inserted("a\r\nb\r\n", 3), "a\r\nnew\r\nb\r\n");
    EXPECT_EQ(inserted("\r\nb", 3), "\r\nb\r\nnew\r\n");
    EXPECT_EQ(inserted("a\nb", 3), "a\nb\nnew\n");
    EXPECT_EQ(inserted("", 0), "new\n");
    EXPECT_EQ(inserted("a\nb\r", 4), "a\nb\r\nnew\n");
    EXPECT_EQ(inserted("a\r\nb\r", 5), "a\r\nb\r\nnew\r\n");
}

}  // namespace
}  // namespace truename::servers
