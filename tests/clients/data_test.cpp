// The data that is compiled in: that it is the data of the folder, and what it says, word by word.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "clients/library.h"

namespace truename::clients {
namespace {

const std::filesystem::path kSnapshots = TRUENAME_SOURCE_DIR "/tests/clients/snapshots";

std::filesystem::path snapshot_of(const Profile& profile) {
    std::string name(profile.id);
    for (char& c : name) {
        if (c == '/') c = '+';
    }
    return kSnapshots / (name + ".toml");
}

std::string contents(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

// The first line in which the two differ, since whole profiles are too long to read in a failure; empty when they are equal.
std::string first_difference(const std::string& a, const std::string& b) {
    std::istringstream one(a), other(b);
    std::string left, right;
    while (true) {
        const bool more = static_cast<bool>(std::getline(one, left)), others = static_cast<bool>(std::getline(other, right));
        if (!more && !others) return {};
        if (more != others || left != right) return (more ? left : "(the end)") + " / " + (others ? right : "(the end)");
    }
}

TEST(Data, WhatIsCompiledInIsWhatTheFolderSays) {
    const auto read = load_library(TRUENAME_SOURCE_DIR "/data");
    ASSERT_TRUE(read) << to_sentence(read.error());
    const Library& folder = **read;
    ASSERT_GE(compiled().profiles.size(), 10U);
    ASSERT_EQ(compiled().profiles.size(), folder.profiles.size());
    for (std::size_t i = 0; i < folder.profiles.size(); ++i)
        EXPECT_EQ(first_difference(print(compiled().profiles[i]), print(folder.profiles[i])), "") << folder.profiles[i].id;
    ASSERT_EQ(compiled().dialogs.size(), folder.dialogs.size());
    for (std::size_t i = 0; i < folder.dialogs.size(); ++i) {
        EXPECT_EQ(compiled().dialogs[i].id, folder.dialogs[i].id);
        EXPECT_EQ(compiled().dialogs[i].texts.size(), folder.dialogs[i].texts.size());
        EXPECT_EQ(compiled().dialogs[i].steps.size(), folder.dialogs[i].steps.size());
    }
    ASSERT_EQ(compiled().sets.size(), folder.sets.size());
}

// `TRUENAME_BLESS=1 test_clients --gtest_filter=Data.*` writes the snapshots anew; the difference is what a reviewer reads.
TEST(Data, EveryProfileSaysWhatItsSnapshotSays) {
    const bool bless = std::getenv("TRUENAME_BLESS") != nullptr;
    std::size_t files = 0;
    if (bless) {
        for (const auto& entry : std::filesystem::directory_iterator(kSnapshots)) std::filesystem::remove(entry.path());
    }
    for (const Profile& profile : compiled().profiles) {
        if (bless) std::ofstream(snapshot_of(profile)) << print(profile);
        EXPECT_EQ(first_difference(print(profile), contents(snapshot_of(profile))), "") << profile.id;
    }
    for (const auto& entry : std::filesystem::directory_iterator(kSnapshots)) files += entry.is_regular_file() ? 1 : 0;
    EXPECT_EQ(files, compiled().profiles.size()) << "a snapshot of a profile that is no more";
}

TEST(Data, EveryIdSelectsItsOwnProfile) {
    for (const Profile& profile : compiled().profiles) {
        const std::string ids[] = {std::string(profile.id)};
        const auto found = select(compiled(), ids);
        ASSERT_TRUE(found) << profile.id;
        EXPECT_EQ(found->front(), &profile);
    }
}

TEST(Data, TheUsualSetHoldsOutlook2007AndNoReference) {
    const auto usual = select(compiled(), {});
    ASSERT_TRUE(usual);
    bool outlook = false;
    for (const Profile* profile : *usual) {
        outlook = outlook || profile->id == "outlook-2007";
        EXPECT_NE(profile->id, "reference");
    }
    EXPECT_TRUE(outlook);
}

TEST(Data, EveryWarningHasADialog) {
    for (const Profile& profile : compiled().profiles) {
        for (const Reaction& reaction : profile.reactions) {
            EXPECT_TRUE(!reaction.action.is(Action::warns) || reaction.dialog) << profile.id << " " << info(reaction.finding).name;
        }
    }
}

}  // namespace
}  // namespace truename::clients
