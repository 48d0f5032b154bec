#include "servers/standing.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/scratch.h"

namespace truename::servers {
namespace {

using ::testing::ElementsAre;

/// A record in a folder with some files, each of which is written by the installations that name it.
class StandingsTest : public ::testing::Test {
  protected:
    void install(Stage stage, const std::vector<std::string>& files, const std::string& text) {
        Installation installation;
        installation.servers = {{"dovecot", "/etc/dovecot"}};
        installation.names = {"mail.example.com"};
        installation.fingerprint = text;
        std::vector<FileChange> changes;
        for (const std::string& file : files) {
            FileChange& change = changes.emplace_back();
            change.path = path(file);
            change.after.exists = true;
            change.after.bytes = crypto::Secret(pem(text));
            if (stage == Stage::installed || stage == Stage::unproved) write(file, text);
        }
        const auto number = journal_->begin(installation, changes);
        ASSERT_TRUE(number);
        ASSERT_TRUE(journal_->set_stage(*number, stage));
    }
    void write(const std::string& file, const std::string& text) { std::ofstream(path(file)) << pem(text); }
    std::vector<std::string> words() {
        const auto list = journal_->installations();
        const auto all = standings(*journal_, *list);
        std::vector<std::string> words;
        for (const Stands& each : *all) {
            words.emplace_back(name_of(each.standing));
            if (each.replaced_by != 0) words.back() += " " + std::to_string(each.replaced_by);
        }
        return words;
    }

  private:
    static std::string pem(const std::string& text) { return "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n"; }
    [[nodiscard]] std::string path(const std::string& file) const { return scratch_.path() + "/" + file; }

    Scratch scratch_;
    Result<Journal, Failure> journal_ = Journal::open(scratch_.path() + "/state");
};

TEST_F(StandingsTest, TheNewestThatWroteAFileIsWhatIsInstalled) {
    install(Stage::installed, {"chain", "key"}, "one");
    install(Stage::unproved, {"chain", "key"}, "two");
    EXPECT_THAT(words(), ElementsAre("replaced 2", "unproved"));
}

TEST_F(StandingsTest, WhatWasPutBackReplacesNothing) {
    install(Stage::installed, {"chain", "key"}, "one");
    install(Stage::undone, {"chain", "key"}, "two");
    install(Stage::rolled_back, {"chain", "key"}, "three");
    install(Stage::writing, {"other"}, "four");
    EXPECT_THAT(words(), ElementsAre("installed", "undone", "rolled-back", "broken-off"));
}

TEST_F(StandingsTest, APlaceThatWentOnIsToldFromOneThatStayed) {
    install(Stage::installed, {"chain", "key", "other"}, "one");
    install(Stage::installed, {"chain"}, "two");
    install(Stage::installed, {"key"}, "three");
    EXPECT_THAT(words(), ElementsAre("partly-replaced 3", "installed", "installed"));
}

TEST_F(StandingsTest, WhatSomebodyElseWroteIsSeen) {
    install(Stage::installed, {"chain", "key"}, "one");
    write("chain", "another program's");
    EXPECT_THAT(words(), ElementsAre("changed"));
}

TEST_F(StandingsTest, OneThatFoundItsFilesInPlaceIsReplacedByTheNextForTheSameNames) {
    install(Stage::installed, {}, "one");
    install(Stage::installed, {"chain"}, "two");
    install(Stage::installed, {}, "two");
    EXPECT_THAT(words(), ElementsAre("replaced 3", "installed", "installed"));
}

}  // namespace
}  // namespace truename::servers
