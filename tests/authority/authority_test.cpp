#include "authority/authority.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "authority/audit_check.h"
#include "tests/scratch.h"
#include "verify/verification.h"
#include "x509/build.h"
#include "x509/crl.h"
#include "x509/print.h"

namespace truename::authority {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Time kNow = *parse_time("2026-11-28T09:00");

crypto::Secret passphrase(std::string_view text = "correct horse") {
    return crypto::Secret(std::string(text));
}

class AuthorityTest : public testing::Test {
  protected:
    Authority make(const Plan& plan) {
        auto made = Authority::create(folder, plan, passphrase(), kNow);
        EXPECT_TRUE(made) << to_sentence(made.error());
        auto opened = Authority::open(folder);
        EXPECT_TRUE(opened) << to_sentence(opened.error());
        EXPECT_TRUE(opened->unlock(passphrase()));
        return std::move(*opened);
    }
    static Order order(std::vector<std::string> names, std::string_view profile = "server") {
        static const crypto::PrivateKey key = *make_key(KeyType::p256);
        return {find_certificate_profile(profile), std::move(names), key.public_key_info(), {}, false};
    }
    static Result<Issued, Failure> issue(Authority& authority, const Order& wanted, Time now = kNow) {
        auto draft = authority.draft(wanted, now);
        if (!draft) return forward_error(draft);
        return authority.issue(std::move(*draft), now);
    }
    static std::string sentence(const Result<Issued, Failure>& result) { return result ? "issued" : to_sentence(result.error()); }

    Scratch scratch;
    const std::string folder = scratch.path() + "/ca";
};

TEST_F(AuthorityTest, IssuesWhatAVerifierThatTrustsItsRootFindsNothingWrongWith) {
    Authority authority = make({.name = "Example Mail"});
    const auto issued = issue(authority, order({"mail.example.com", "imap.example.com", "192.0.2.1"}));
    ASSERT_TRUE(issued) << to_sentence(issued.error());
    const auto leaf = x509::parse_certificate(issued->certificate);
    ASSERT_TRUE(leaf);
    EXPECT_THAT(x509::subject_alt_names(leaf->known), ElementsAre("DNS:mail.example.com", "DNS:imap.example.com", "IP:192.0.2.1"));
    EXPECT_EQ(leaf->serial_number.size(), 17U);

    verify::TrustStores trust;
    trust.add_certificate(issued->root, true);
    verify::Memory memory;
    const std::vector<Bytes> sent = {issued->certificate, issued->above.front(), issued->root};
    verify::Input input;
    input.presented = sent;
    input.name = "mail.example.com";
    input.at = kNow;
    verify::Verification verification(input, trust, memory);
    std::vector<std::string> defects;
    for (verify::NodeIndex node = 0; node < 3; ++node) {
        for (const Finding& finding : verification.node_findings(node, node == 0 ? verify::Role::leaf : verify::Role::issuer)) {
            if (info(finding.id).cls == FindingClass::defect) defects.emplace_back(info(finding.id).name);
        }
    }
    EXPECT_THAT(defects, testing::IsEmpty());
}

TEST_F(AuthorityTest, KeepsItsKeysForItsOwnerAndOpensThemWithTheirPassphraseOnly) {
    Authority authority = make({.name = "Example Mail"});
    for (const char* name : {"root.key.pem", "intermediate.key.pem", "authority.db"}) {
        struct stat status {};
        ASSERT_EQ(::stat((folder + "/" + name).c_str(), &status), 0) << name;
        EXPECT_EQ(status.st_mode & 0777, 0600U) << name;
    }
    const auto wrong = authority.unlock(passphrase("wrong"));
    ASSERT_FALSE(wrong);
    EXPECT_THAT(to_sentence(wrong.error()), HasSubstr("the passphrase does not open it"));
}

TEST_F(AuthorityTest, KnowsHowItSignsBeforeItsKeyIsOpened) {
    for (const KeyType type : {KeyType::p256, KeyType::p384, KeyType::rsa2048, KeyType::ed25519}) {
        std::filesystem::remove_all(folder);
        ASSERT_TRUE(Authority::create(folder, {.name = "Example Mail", .key = type}, passphrase(), kNow));
        EXPECT_EQ(Authority::open(folder)->signer().scheme, make_key(type)->usual_scheme());
    }
}

TEST_F(AuthorityTest, IsNotMadeTwiceAndNotOverSomethingElse) {
    make({.name = "Example Mail"});
    EXPECT_EQ(Authority::create(folder, {.name = "Other"}, passphrase(), kNow).error().kind, FailureKind::usage);
    EXPECT_EQ(Authority::create(scratch.path(), {.name = "Other"}, passphrase(), kNow).error().kind, FailureKind::usage);
    EXPECT_EQ(Authority::open(scratch.path()).error().kind, FailureKind::usage);
}

TEST_F(AuthorityTest, RefusesNamesThatCannotBeCertified) {
    Authority authority = make({.name = "Example Mail"});
    EXPECT_THAT(sentence(issue(authority, order({}))), HasSubstr("no name"));
    EXPECT_THAT(sentence(issue(authority, order({"mail..example.com"}))), HasSubstr("no name of a host"));
    EXPECT_THAT(sentence(issue(authority, order({"server.local"}))), HasSubstr("inside of one network"));
    EXPECT_THAT(sentence(issue(authority, order({"not a mailbox"}, "person"))), HasSubstr("no address of a mailbox"));
    EXPECT_THAT(sentence(issue(authority, order(std::vector<std::string>(10'000, "a.example.com")))), HasSubstr("10000 names"));
    Order internal = order({"server.local"});
    internal.internal_names = true;
    EXPECT_EQ(sentence(issue(authority, internal)), "issued");
    EXPECT_EQ(sentence(issue(authority, order({"*.example.com"}))), "issued");
    EXPECT_EQ(sentence(issue(authority, order({"ada@example.com"}, "person"))), "issued");
}

TEST_F(AuthorityTest, RefusesWeakKeys) {
    Authority authority = make({.name = "Example Mail"});
    Order weak = order({"mail.example.com"});
    weak.public_key_info = crypto::PrivateKey::generate_rsa(1024)->public_key_info();
    EXPECT_THAT(sentence(issue(authority, weak)), HasSubstr("RSA"));
    weak.public_key_info = {0x30, 0x00};
    EXPECT_THAT(sentence(issue(authority, weak)), HasSubstr("cannot be used"));
}

TEST_F(AuthorityTest, CertifiesNoKeyAgainThatSomebodyElseMayHave) {
    Authority authority = make({.name = "Example Mail"});
    const auto serial_of = [](const Issued& issued) { return to_owned(x509::parse_certificate(issued.certificate)->serial_number); };
    Order kept = order({"mail.example.com"}), lost = kept;
    lost.public_key_info = make_key(KeyType::p256)->public_key_info();
    const auto superseded = issue(authority, kept), stolen = issue(authority, lost);
    ASSERT_TRUE(authority.revoke(serial_of(*superseded), 4, kNow));
    ASSERT_TRUE(authority.revoke(serial_of(*stolen), kKeyCompromise, kNow));
    EXPECT_EQ(sentence(issue(authority, kept)), "issued");
    EXPECT_THAT(sentence(issue(authority, lost)), HasSubstr(stolen->serial + ", which has the same, was revoked"));
    EXPECT_THAT(sentence(issue(authority, *authority.order_again(serial_of(*stolen)))), HasSubstr("its key was given up"));
    EXPECT_TRUE(check_audit(authority.store())->is_good());
}

TEST_F(AuthorityTest, KnowsKeysThatWereGivenUpBeforeItKeptThem) {
    Authority authority = make({.name = "Example Mail"});
    const auto stolen = issue(authority, order({"mail.example.com"}));
    const ByteString serial = to_owned(x509::parse_certificate(stolen->certificate)->serial_number);
    ASSERT_TRUE(authority.revoke(serial, kKeyCompromise, kNow));
    auto database = sql::Database::open(folder + "/authority.db", sql::Access::write);
    ASSERT_TRUE(database->run("DROP TABLE compromised"));
    ASSERT_TRUE(database->run("PRAGMA user_version=1"));  // as an earlier version of the program left it
    auto again = Authority::open(folder);
    ASSERT_TRUE(again && again->unlock(passphrase()));
    EXPECT_THAT(sentence(issue(*again, order({"mail.example.com"}))), HasSubstr("its key was given up"));
}

TEST_F(AuthorityTest, IssuesForItsDomainsOnly) {
    Authority authority = make({.name = "Example Mail", .domains = {"example.com", "office.local"}});
    EXPECT_EQ(sentence(issue(authority, order({"mail.example.com", "example.com", "srv.office.local"}))), "issued");
    for (const char* name : {"mail.example.org", "badexample.com", "192.0.2.1"})
        EXPECT_THAT(sentence(issue(authority, order({name}))), HasSubstr("may only issue for example.com, office.local")) << name;
    EXPECT_EQ(sentence(issue(authority, order({"ada@mail.example.com"}, "person"))), "issued");
    EXPECT_THAT(sentence(issue(authority, order({"ada@example.org"}, "person"))), HasSubstr("may only issue"));
    const auto root = x509::parse_certificate(authority.root());
    EXPECT_TRUE(root->known.name_constraints.is_present());
}

TEST_F(AuthorityTest, PutsWhatIsRevokedOnItsListAtOnce) {
    Authority authority = make({.name = "Example Mail", .list_url = "http://pki.example.com/{shard}.crl"});
    const auto issued = issue(authority, order({"mail.example.com"}));
    ASSERT_TRUE(issued);
    const auto leaf = x509::parse_certificate(issued->certificate);
    EXPECT_THAT(x509::crl_addresses(*leaf), ElementsAre("http://pki.example.com/0.crl"));
    const auto lists = authority.revoke(leaf->serial_number, 1, kNow);
    ASSERT_TRUE(lists) << to_sentence(lists.error());
    ASSERT_EQ(lists->size(), 1U);
    EXPECT_EQ(lists->front().number, 2);  // the first was empty
    EXPECT_EQ(lists->front().entries, 1);
    EXPECT_EQ(authority.revoke(leaf->serial_number, 1, kNow).error().kind, FailureKind::usage);
    EXPECT_EQ(authority.revoke(ByteString{1, 2, 3}, 1, kNow).error().kind, FailureKind::usage);
}

TEST_F(AuthorityTest, MakesGoodTheListThatARevocationNeverReached) {
    Authority authority = make({.name = "Example Mail"});
    const auto issued = issue(authority, order({"mail.example.com"}));
    ASSERT_TRUE(issued);
    const ByteString serial = to_owned(x509::parse_certificate(issued->certificate)->serial_number);
    const auto row = authority.store().certificate(serial);
    // As if the program had been stopped between the record and the list.
    ASSERT_TRUE(authority.store().revoke(kNow, {(*row)->issuer, (*row)->shard, (*row)->not_after, serial, to_seconds(kNow), 1}));
    const auto again = authority.revoke(serial, 1, kNow);
    ASSERT_TRUE(again) << to_sentence(again.error());
    EXPECT_EQ(again->front().entries, 1);
    EXPECT_TRUE(authority.publish_lists(kNow, false)->empty());
    std::filesystem::remove(again->front().file);
    EXPECT_EQ(authority.publish_lists(kNow, false)->size(), 1U) << "a list that nobody can fetch is due";
}

TEST_F(AuthorityTest, RevokesFromManyThreadsWithoutLosingAnEntry) {
    Authority authority = make({.name = "Example Mail"});
    std::vector<ByteString> serials;
    for (int i = 0; i < 8; ++i)
        serials.push_back(to_owned(x509::parse_certificate(issue(authority, order({"mail.example.com"}))->certificate)->serial_number));
    std::vector<std::thread> threads;
    std::atomic<int> good = 0;
    for (const ByteString& serial : serials) threads.emplace_back([&] { good += authority.revoke(serial, 1, kNow) ? 1 : 0; });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(good, 8);
    const auto last = authority.store().last_list(authority.signer().id, 0);
    EXPECT_EQ((*last)->entries, 8);
    EXPECT_EQ((*last)->number, 9);
    EXPECT_TRUE(authority.publish_lists(kNow, false)->empty());
}

TEST_F(AuthorityTest, TakesNoTextForAMailboxThatIsNone) {
    Authority authority = make({.name = "Example Mail"});
    for (const char* text : {"boss@big.com\nb@example.com", "a b@example.com", "evil@other.com@example.com", "\x1b[31mred@example.com",
                             "@example.com", ".a@example.com", "a@", "\"x\"@example.com", "a@example.com."})
        EXPECT_THAT(sentence(issue(authority, order({text}, "person"))), HasSubstr("no address of a mailbox")) << text;
    EXPECT_EQ(sentence(issue(authority, order({"ada.b+c@example.com"}, "person"))), "issued");
}

TEST_F(AuthorityTest, MakesListsAnewWhenHalfOfTheirTimeIsOver) {
    Authority authority = make({.name = "Example Mail"});
    EXPECT_EQ(authority.publish_lists(kNow + std::chrono::days(3), false)->size(), 0U);
    const auto due = authority.publish_lists(kNow + std::chrono::days(4), false);
    ASSERT_EQ(due->size(), 1U);
    EXPECT_EQ(due->front().number, 2);
}

TEST_F(AuthorityTest, KeepsAnEntryUntilAListHasItThatIsYoungerThanTheCertificate) {
    Authority authority = make({.name = "Example Mail"});
    Order brief = order({"mail.example.com"});
    brief.days = 2;
    const auto issued = issue(authority, brief);
    ASSERT_TRUE(issued);
    ASSERT_TRUE(authority.revoke(x509::parse_certificate(issued->certificate)->serial_number, 4, kNow));
    EXPECT_EQ(authority.publish_lists(kNow + std::chrono::days(3), true)->front().entries, 1);
    EXPECT_EQ(authority.publish_lists(kNow + std::chrono::days(4), true)->front().entries, 0);
}

TEST_F(AuthorityTest, MakesNoListThatOutlivesItsIssuer) {
    Authority authority = make({.name = "Example Mail", .intermediate_years = 1});
    const Time end = authority.signer().certificate.validity.not_after.time;
    EXPECT_EQ(authority.publish_lists(end - std::chrono::days(1), true)->front().next_update, end);
    EXPECT_THAT(*authority.publish_lists(end, true), testing::IsEmpty());
}

TEST_F(AuthorityTest, IssuesFromANewIntermediateAndGoesOnWithTheListsOfTheOldOne) {
    for (const auto& [url, before, after] : std::vector<std::array<const char*, 3>>{
             {"http://pki.example.com/{shard}.crl", "http://pki.example.com/0.crl", "http://pki.example.com/1.crl"},
             {"http://pki.example.com/v1.0/ca.crl", "http://pki.example.com/v1.0/ca.crl", "http://pki.example.com/v1.0/ca-1.crl"}}) {
        std::filesystem::remove_all(folder);
        Authority first = make({.name = "Example Mail", .domains = {"example.com"}, .key = KeyType::p384, .list_url = url});
        const auto old = issue(first, order({"mail.example.com"}));
        ASSERT_TRUE(old);
        auto second = Authority::renew_issuer(folder, {}, passphrase(), kNow);
        ASSERT_TRUE(second) << to_sentence(second.error());
        EXPECT_EQ(x509::to_string(second->signer().certificate.subject), "CN=Example Mail Issuing CA 2");
        EXPECT_EQ(second->signer().certificate.subject_public_key_info.bits, 384U);
        EXPECT_TRUE(second->signer().certificate.known.name_constraints.is_present());
        EXPECT_THAT(sentence(issue(first, order({"mail.example.com"}))), HasSubstr("another intermediate was made meanwhile"));

        const auto anew = issue(*second, order({"mail.example.com"}));
        ASSERT_TRUE(anew) << to_sentence(anew.error());
        EXPECT_EQ(anew->above.front(), second->intermediate());
        EXPECT_NE(anew->above, old->above);
        const auto old_leaf = x509::parse_certificate(old->certificate), leaf = x509::parse_certificate(anew->certificate);
        EXPECT_THAT(x509::crl_addresses(*old_leaf), ElementsAre(before));
        EXPECT_THAT(x509::crl_addresses(*leaf), ElementsAre(after));

        auto reopened = Authority::open(folder);
        ASSERT_TRUE(reopened && reopened->unlock(passphrase()));
        const auto lists = reopened->revoke(old_leaf->serial_number, 4, kNow);
        ASSERT_TRUE(lists) << to_sentence(lists.error());
        EXPECT_THAT(lists->front().file, testing::EndsWith("list-2-0.crl"));
        const auto newer = reopened->revoke(leaf->serial_number, 4, kNow);
        EXPECT_THAT(newer->front().file, testing::EndsWith("list-3-1.crl"));
        EXPECT_EQ(newer->front().entries, 1);
        EXPECT_EQ(reopened->publish_lists(kNow, true)->size(), 2U);
        EXPECT_TRUE(check_audit(reopened->store())->is_good());
    }
}

TEST_F(AuthorityTest, IsNotMisledByWhatAnUnfinishedRenewalLeft) {
    make({.name = "Example Mail"});
    std::ofstream(folder + "/intermediate-3.key.uri") << "pkcs11:token=gone;object=gone\n";
    ASSERT_TRUE(Authority::renew_issuer(folder, {}, passphrase(), kNow));
    auto opened = Authority::open(folder);
    ASSERT_TRUE(opened);
    EXPECT_FALSE(opened->has_key_in_token());
    EXPECT_TRUE(opened->unlock(passphrase()));
}

TEST_F(AuthorityTest, MakesNoIntermediateWithoutTheKeyOfItsRoot) {
    make({.name = "Example Mail"});
    const auto renewed = [&](const std::string& key, std::string_view word) {
        const auto result = Authority::renew_issuer(folder, {.root_key = key}, passphrase(word), kNow);
        return result ? "made" : to_sentence(result.error());
    };
    EXPECT_THAT(renewed(folder + "/intermediate.key.pem", "correct horse"), HasSubstr("it is not the key of CN=Example Mail Root CA"));
    EXPECT_THAT(renewed("", "wrong"), HasSubstr("the passphrase does not open it"));
    std::filesystem::rename(folder + "/root.key.pem", scratch.path() + "/drawer.pem");
    EXPECT_THAT(renewed("", "correct horse"), HasSubstr("bring the key back"));
    EXPECT_EQ(Authority::open(folder)->earlier_intermediates().size(), 0U);
    EXPECT_EQ(renewed(scratch.path() + "/drawer.pem", "correct horse"), "made");
    EXPECT_EQ(Authority::open(folder)->earlier_intermediates().size(), 1U);
}

TEST_F(AuthorityTest, StopsWhenTheClockWasSetBack) {
    Authority authority = make({.name = "Example Mail"});
    ASSERT_TRUE(issue(authority, order({"mail.example.com"}), kNow + std::chrono::hours(1)));
    EXPECT_THAT(sentence(issue(authority, order({"mail.example.com"}), kNow)),
                testing::AllOf(HasSubstr("the clock says 2026-11-28T09:00:00Z"), HasSubstr("Set the clock"), HasSubstr("ca restore")));
}

TEST_F(AuthorityTest, IssuesFromManyThreadsAtOnce) {
    Authority authority = make({.name = "Example Mail"});
    std::vector<std::thread> threads;
    std::atomic<int> good = 0;
    for (int thread = 0; thread < 8; ++thread) {
        threads.emplace_back([&] {
            for (int i = 0; i < 10; ++i) good += issue(authority, order({"mail.example.com"})) ? 1 : 0;
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(good, 80);
    int rows = 0;
    ASSERT_TRUE(authority.store().each_certificate(
        [&](const CertificateRow& row, const auto& revoked) { rows += !row.signature.empty() && !revoked; }));
    EXPECT_EQ(rows, 80);
}

}  // namespace
}  // namespace truename::authority
