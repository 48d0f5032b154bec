#include "verify/trust_store.h"

#include <gmock/gmock.h>

#include "base/text.h"
#include "tests/verify/support.h"
#include "verify/shipped_roots.h"
#include "x509/build.h"
#include "x509/pem.h"

namespace truename::verify {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

/// The shipped root with this fingerprint.
const Anchor& shipped(const TrustStores& stores, std::string_view sha256) {
    for (const ShippedRoot& root : shipped_roots()) {
        for (const Anchor* anchor : stores.find_by_subject_key(root.subject_key)) {
            if (to_hex(crypto::sha256(anchor->der)) == sha256) return *anchor;
        }
    }
    ADD_FAILURE() << "no root " << sha256;
    std::abort();
}

constexpr std::string_view kIsrgRootX1 = "96bcec06264976f37460779acf28c5a7cfe8a3c0aae11a8ffcee05c0bddf08c6";
constexpr std::string_view kIsrgRootX2 = "69729b8e15a86efc177a57afb7171dfc64add28c2fca8cf1507e34453ccb1470";
constexpr std::string_view kDstRootX3 = "0687260331a72403d909f105e69bcf0d32e1bd2493ffc6d9206d11bcd6770739";

TEST(TrustStore, KnowsWhoHeldARootWhen) {
    const TrustStores stores;
    const auto at = [](std::string_view date) { return *parse_time(date); };
    const Anchor& x1 = shipped(stores, kIsrgRootX1);
    EXPECT_EQ(TrustStores::membership(x1, Store::mozilla, at("2026-07-01")), Membership::yes);
    EXPECT_EQ(TrustStores::membership(x1, Store::mozilla, at("2026-11-24")), Membership::yes)
        << "after the newest look things stay as they were";
    EXPECT_EQ(TrustStores::membership(x1, Store::mozilla, at("2010-01-01")), Membership::unknown) << "nobody looked then";

    const Anchor& x2 = shipped(stores, kIsrgRootX2);
    EXPECT_EQ(TrustStores::membership(x2, Store::mozilla, at("2019-01-01")), Membership::no);
    EXPECT_EQ(TrustStores::membership(x2, Store::mozilla, at("2026-01-01")), Membership::yes);

    const Anchor& dst = shipped(stores, kDstRootX3);
    EXPECT_EQ(TrustStores::membership(dst, Store::mozilla, at("2019-01-01")), Membership::yes);
    EXPECT_EQ(TrustStores::membership(dst, Store::mozilla, at("2026-01-01")), Membership::no);
}

TEST(TrustStore, DoesNotKnowWhatHappenedBetweenTwoLooks) {
    Anchor anchor;
    for (std::uint16_t row = 0; row < shipped_roots().size(); ++row) {
        const StoreSpan& span = shipped_roots()[row].stores[static_cast<std::size_t>(Store::microsoft)];
        if (span.maybe_from == 0 || span.from - span.maybe_from < 2) continue;
        anchor.shipped = row;
        const auto on = [&](int day) { return TrustStores::membership(anchor, Store::microsoft, Time(std::chrono::days(day))); };
        EXPECT_EQ(on(span.maybe_from), Membership::no);
        EXPECT_EQ(on(span.maybe_from + 1), Membership::unknown);
        EXPECT_EQ(on(span.from), Membership::yes);
        return;
    }
    FAIL() << "the table has no root that came while the store was looked at";
}

TEST(TrustStore, HasEveryRootOfTheTableInOrder) {
    EXPECT_THAT(shipped_roots(), SizeIs(651));
    for (std::size_t i = 0; i < shipped_roots().size(); ++i) {
        const ShippedRoot& root = shipped_roots()[i];
        if (i > 0) {
            EXPECT_LE(shipped_roots()[i - 1].subject_key, root.subject_key);
        }
        const auto certificate = x509::parse_certificate({reinterpret_cast<const std::uint8_t*>(root.der), root.size});
        ASSERT_TRUE(certificate) << i;
        EXPECT_EQ(name_key(certificate->subject), root.subject_key) << i;
    }
}

TEST(TrustStore, FindsARootByAnySpellingOfItsSubject) {
    const auto key = [](std::string_view rfc4514) {
        const auto name = x509::encode_name(rfc4514);
        return name_key(*x509::parse_name(*name));
    };
    EXPECT_EQ(key("CN=Example Root,O=Example"), key("CN=EXAMPLE   root,O=example"));
    EXPECT_NE(key("CN=Example Root,O=Example"), key("CN=Example,O=Example Root"));
    EXPECT_NE(key("CN=a,O=b"), key("O=b,CN=a"));
    EXPECT_EQ(key("CN=a+O=b"), key("O=b+CN=a"));
    EXPECT_EQ(key("CN=Stra\xc3\x9f"
                  "e,O=M\xc3\xbcller"),
              key("CN=STRASSE,O=M\xc3\x9cLLER"))
        << "as relation() folds them";
    EXPECT_EQ(
        name_key(*x509::parse_name(x509::encode_name({{to_owned(der::oid::common_name.content()), "Root", der::Tag::utf8_string}}))),
        name_key(*x509::parse_name(x509::encode_name({{to_owned(der::oid::common_name.content()), "Root", der::Tag::printable_string}}))));
}

TEST(TrustStore, KeepsWhatIsSaidOfARootBesideIt) {
    const auto built = build(authority({.name = "root", .key = "p256-2"}));
    ByteString trusted = to_owned(built.certificate("root"));
    const ByteString settings = *from_hex("300c300a06082b06010505070301");  // trusted for serverAuth
    trusted.insert(trusted.end(), settings.begin(), settings.end());
    const std::string pem = x509::to_pem("TRUSTED CERTIFICATE", trusted);
    TrustStores stores;
    EXPECT_EQ(*stores.add(as_bytes(pem), "FILE"), 1U);
    const auto key = name_key(x509::parse_certificate(built.certificate("root"))->subject);
    EXPECT_EQ(stores.find(built.certificate("root"), key)->said, x509::ExplicitTrust::trusted);
}

TEST(TrustStore, KeepsAddedAndSystemRootsApart) {
    const auto built = build(authority({.name = "root", .key = "p256-2"}) + authority({.name = "other", .key = "p256-3"}));
    const std::string pem =
        x509::to_pem("CERTIFICATE", built.certificate("root")) + x509::to_pem("CERTIFICATE", built.certificate("other"));
    TrustStores stores;
    const std::size_t shipped = stores.size();
    EXPECT_EQ(*stores.add_system(as_bytes(pem), "bundle"), 2U);
    EXPECT_EQ(stores.size(), shipped + 2);
    ASSERT_TRUE(stores.add_certificate(built.certificate("root"), true));
    EXPECT_EQ(stores.size(), shipped + 2) << "one root in two lists is one root";

    const auto key = name_key(x509::parse_certificate(built.certificate("root"))->subject);
    const auto found = stores.find_by_subject_key(key);
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_TRUE(found[0]->added);
    EXPECT_TRUE(found[0]->system);
    EXPECT_FALSE(found[0]->shipped.has_value());
    EXPECT_EQ(TrustStores::membership(*found[0], Store::mozilla, *parse_time("2026-11-24")), Membership::no)
        << "the user added it, no vendor";
}

TEST(TrustStore, SaysThatANewRootOfThisMachineMayBeInAStoreByNow) {
    const auto built = build(authority({.name = "root", .key = "p256-2"}));
    TrustStores stores;
    stores.add_certificate(built.certificate("root"), false);
    const auto found = stores.find_by_subject_key(name_key(x509::parse_certificate(built.certificate("root"))->subject));
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_EQ(TrustStores::membership(*found[0], Store::mozilla, history_of(Store::mozilla).newest), Membership::no);
    EXPECT_EQ(TrustStores::membership(*found[0], Store::mozilla, history_of(Store::mozilla).newest + std::chrono::days(2)),
              Membership::unknown);
}

TEST(TrustStore, RecognisesAShippedRootThatIsGivenAgain) {
    TrustStores stores;
    const Bytes der = shipped(stores, kIsrgRootX1).der;
    const std::size_t before = stores.size();
    ASSERT_TRUE(stores.add_certificate(der, true));
    EXPECT_EQ(stores.size(), before);
    const Anchor& again = shipped(stores, kIsrgRootX1);
    EXPECT_TRUE(again.added);
    EXPECT_TRUE(again.shipped.has_value());
}

TEST(TrustStore, FindsOnlyWhatWasAddedWithoutTheShippedLists) {
    TrustStores stores;
    stores.use_shipped(false);
    EXPECT_EQ(stores.size(), 0U);
    EXPECT_TRUE(stores.find_by_subject_key(shipped_roots()[0].subject_key).empty());
}

TEST(TrustStore, SaysWhatIsWrongWithAFileOfRoots) {
    TrustStores stores;
    const auto nothing = stores.add(as_bytes("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"), "key.pem");
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().kind, FailureKind::input);
    EXPECT_EQ(nothing.error().object, "key.pem");
    EXPECT_THAT(nothing.error().reason, HasSubstr("no certificate"));

    const auto broken = stores.add(as_bytes("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"), "broken.pem");
    ASSERT_FALSE(broken);
    EXPECT_THAT(broken.error().reason, HasSubstr("certificate 1"));
    EXPECT_EQ(*stores.add_system(as_bytes("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"), "bundle"), 0U);
}

TEST(TrustStore, NamesItsStores) {
    for (std::size_t i = 0; i < kStoreCount; ++i) EXPECT_EQ(find_store(name_of(static_cast<Store>(i))), static_cast<Store>(i));
    EXPECT_EQ(name_of(Store::oracle_java), "oracle-java");
    EXPECT_FALSE(find_store("debian").has_value());
    EXPECT_EQ(format_date(history_of(Store::mozilla).newest), "2026-07-19");
}

}  // namespace
}  // namespace truename::verify
