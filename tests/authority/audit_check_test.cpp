#include "authority/audit_check.h"

#include <gmock/gmock.h>

#include <fstream>

#include "authority/authority.h"
#include "tests/scratch.h"
#include "x509/certificate.h"

namespace truename::authority {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

const Time kNow = *parse_time("2026-11-28T09:00");

/// An authority that has issued three certificates and revoked one.
class AuditTest : public testing::Test {
  protected:
    void SetUp() override {
        auto made = Authority::create(folder, {.name = "Example Mail"}, crypto::Secret("correct horse"), kNow);
        ASSERT_TRUE(made);
        const auto key = make_key(KeyType::p256);
        ASSERT_TRUE(made->unlock(crypto::Secret("correct horse")));
        for (int i = 0; i < 3; ++i) {
            auto draft = made->draft({find_certificate_profile("server"), {"mail.example.com"}, key->public_key_info(), {}, false}, kNow);
            ASSERT_TRUE(draft);
            serial = draft->row.serial;
            ASSERT_TRUE(made->issue(std::move(*draft), kNow));
        }
        ASSERT_TRUE(made->revoke(serial, 4, kNow));
    }
    AuditReport check() {
        auto store = Store::open(folder);
        EXPECT_TRUE(store);
        auto report = check_audit(*store);
        EXPECT_TRUE(report);
        return *report;
    }
    /// Does what somebody with the file and SQLite could do.
    void tamper(std::string_view statement) {
        auto database = sql::Database::open(folder + "/authority.db", sql::Access::write);
        ASSERT_TRUE(database);
        const auto done = database->run(statement);
        ASSERT_TRUE(done) << done.error().text;
        EXPECT_EQ(*done, 1) << statement;
    }
    Scratch scratch;
    const std::string folder = scratch.path() + "/ca";
    ByteString serial;
};

TEST_F(AuditTest, FindsNothingWhereNothingWasChanged) {
    const AuditReport report = check();
    EXPECT_THAT(report.problems, IsEmpty());
    EXPECT_EQ(report.entries, 3 + 2 + 3 * 2 + 1 + 2);  // settings, issuers, certificates, a revocation, lists
    EXPECT_EQ(report.head.size(), 64U);
}

TEST_F(AuditTest, FindsOneChangedByteOfAnyTable) {
    for (const auto& [change, back, told] : std::vector<std::array<const char*, 3>>{
             {"UPDATE settings SET value = 'example.org' WHERE name = 'domains'", "UPDATE settings SET value = '' WHERE name = 'domains'",
              "the setting domains was changed"},
             {"UPDATE issuers SET kind = 'Root' WHERE id = 1", "UPDATE issuers SET kind = 'root' WHERE id = 1",
              "the authority's own certificate 1 was changed"},
             {"UPDATE certificates SET not_after = not_after + 1 WHERE rowid = 2",
              "UPDATE certificates SET not_after = not_after - 1 WHERE rowid = 2", "the record of certificate"},
             {"UPDATE certificates SET audit = audit + 1 WHERE rowid = 2", "UPDATE certificates SET audit = audit - 1 WHERE rowid = 2",
              "the record of certificate"},
             {"UPDATE revocations SET reason = 1", "UPDATE revocations SET reason = 4", "the revocation of"},
             {"UPDATE lists SET number = 9 WHERE number = 2", "UPDATE lists SET number = 2 WHERE number = 9",
              "the record of revocation list 9"},
         }) {
        tamper(change);
        EXPECT_THAT(check().problems, Contains(HasSubstr(told))) << change;
        tamper(back);
        EXPECT_THAT(check().problems, IsEmpty()) << back;
    }
}

TEST_F(AuditTest, FindsWhatWasTakenAway) {
    tamper("DELETE FROM revocations");
    EXPECT_THAT(check().problems, Contains("the log has 1 revocations, the tables have 0"));
}

TEST_F(AuditTest, FindsThatAKeyWhichWasGivenUpIsForgotten) {
    auto authority = Authority::open(folder);
    ASSERT_TRUE(authority && authority->unlock(crypto::Secret("correct horse")));
    std::vector<ByteString> others;
    ASSERT_TRUE(authority->store().each_certificate([&](const CertificateRow& row, const auto& revoked) {
        if (!revoked) others.push_back(row.serial);
    }));
    ASSERT_TRUE(authority->revoke(others.front(), kKeyCompromise, kNow));
    EXPECT_THAT(check().problems, IsEmpty());
    tamper("DELETE FROM compromised");
    EXPECT_THAT(check().problems, Contains(HasSubstr("was given up is not recorded any more")));
}

TEST_F(AuditTest, FindsWhatIsBesideItsTables) {
    auto database = sql::Database::open(folder + "/authority.db", sql::Access::write);
    ASSERT_TRUE(database->run("CREATE TRIGGER t BEFORE INSERT ON revocations BEGIN SELECT RAISE(IGNORE); END"));
    EXPECT_THAT(check().problems, Contains(HasSubstr("the tables of the database are not those")));
    auto authority = Authority::open(folder);
    ASSERT_TRUE(authority && authority->unlock(crypto::Secret("correct horse")));
    std::vector<ByteString> others;
    ASSERT_TRUE(authority->store().each_certificate([&](const CertificateRow& row, const auto& revoked) {
        if (!revoked) others.push_back(row.serial);
    }));
    EXPECT_FALSE(authority->revoke(others.front(), 1, kNow)) << "nothing was written, so nothing may be told as done";
}

TEST_F(AuditTest, FindsAnotherFileInThePlaceOfTheRoot) {
    std::ofstream(folder + "/root.pem", std::ios::app) << "x";
    EXPECT_THAT(check().problems, Contains(HasSubstr("is not the authority's root")));
}

TEST_F(AuditTest, FindsASettingThatIsGone) {
    tamper("DELETE FROM settings WHERE name = 'domains'");
    EXPECT_THAT(check().problems, Contains("the log has 3 settings, the tables have 2"));
}

TEST_F(AuditTest, KnowsAnEarlierHeadAgain) {
    const std::string head = check().head;
    auto authority = Authority::open(folder);
    ASSERT_TRUE(authority->unlock(crypto::Secret("correct horse")));
    ASSERT_TRUE(authority->publish_lists(kNow, true));
    auto store = Store::open(folder);
    EXPECT_NE(check_audit(*store, ListFiles::there, head)->known_head_at, 0);
    EXPECT_EQ(check_audit(*store, ListFiles::there, std::string(64, '0'))->known_head_at, 0);
}

TEST_F(AuditTest, FindsAChangedLog) {
    ASSERT_TRUE(sql::Database::open(folder + "/authority.db", sql::Access::write)->run("DROP TRIGGER audit_stays"));
    tamper("UPDATE audit SET at = at + 1 WHERE number = 5");
    EXPECT_THAT(check().problems, Contains("entry 5 of the log was changed, or one before it was"));
}

TEST_F(AuditTest, ChangesNoEntryWhileItsTriggersStand) {
    auto database = sql::Database::open(folder + "/authority.db", sql::Access::write);
    EXPECT_FALSE(database->run("UPDATE audit SET at = 0"));
    EXPECT_FALSE(database->run("DELETE FROM audit"));
}

TEST_F(AuditTest, FindsAnotherListInThePlaceOfTheNewest) {
    std::ofstream(folder + "/" + list_file(2, 0), std::ios::app) << "x";
    EXPECT_THAT(check().problems, Contains(HasSubstr("is not revocation list 2")));
}

}  // namespace
}  // namespace truename::authority
