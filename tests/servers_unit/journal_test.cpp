#include "servers/journal.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/scratch.h"

namespace truename::servers {
namespace {

Installation some_installation() {
    Installation installation;
    installation.at = *parse_time("2026-11-28T10:00");
    installation.servers = {{"dovecot", "/etc/dovecot"}, {"postfix", "/etc/with blank/postfix"}};
    installation.maps = {"postfix hash:/etc/postfix/sni"};
    installation.names = {"mail.example.com", "imap.example.com"};
    installation.origin = "import";
    return installation;
}

std::vector<FileChange> some_changes() {
    std::vector<FileChange> changes(1);
    changes[0].path = "/etc/dovecot/key.pem";
    changes[0].before.exists = true;
    changes[0].before.link = "/etc/ssl/snakeoil.key";
    changes[0].before.bytes = crypto::Secret("old");
    changes[0].after.exists = true;
    changes[0].after.bytes = crypto::Secret(std::string("new\0key", 7));
    changes[0].after.mode = 0640;
    changes[0].after.group = 8;
    return changes;
}

TEST(Journal, GivesBackWhatWasRecorded) {
    const Scratch scratch;
    {
        auto journal = Journal::open(scratch.path() + "/state");
        ASSERT_TRUE(journal);
        ASSERT_EQ(journal->begin(some_installation(), some_changes()).value_or(0), 1);
        ASSERT_TRUE(journal->set_stage(1, Stage::installed));
    }
    auto journal = Journal::open(scratch.path() + "/state");
    ASSERT_TRUE(journal);
    const auto read = journal->installation(1);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->stage, Stage::installed);
    EXPECT_EQ(read->servers, some_installation().servers);
    EXPECT_EQ(read->maps, some_installation().maps);
    EXPECT_EQ(read->names, some_installation().names);
    EXPECT_EQ(read->at, some_installation().at);
    const auto changes = journal->changes(1);
    ASSERT_TRUE(changes);
    ASSERT_EQ(changes->size(), 1U);
    EXPECT_TRUE(same_state(changes->front().before, some_changes().front().before));
    EXPECT_TRUE(same_state(changes->front().after, some_changes().front().after));
    EXPECT_FALSE(journal->installation(2));
}

TEST(Journal, OneProgramHasItAtATime) {
    const Scratch scratch;
    const auto first = Journal::open(scratch.path());
    ASSERT_TRUE(first);
    const auto second = Journal::open(scratch.path());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, FailureKind::limited);
}

TEST(Journal, NobodyElseMayLookIntoIt) {
    const Scratch scratch;
    const std::string folder = scratch.path() + "/a/state";
    const auto journal = Journal::open(folder);
    ASSERT_TRUE(journal);
    struct stat about {};
    ASSERT_EQ(::stat(folder.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777U, 0700U);
    ASSERT_EQ(::stat((folder + "/installations.db").c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

}  // namespace
}  // namespace truename::servers
