#include "verify/revocation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/verify/support.h"
#include "tests/x509/crl.h"

// What revocation lists say of a chain server, intermediate, root. RFC 5280 6.3
namespace truename::verify {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using x509::CrlSays;

constexpr std::uint8_t kTrue[] = {0xFF};

crypto::PrivateKey key(const std::string& name) {
    std::ifstream in(std::string(TRUENAME_SOURCE_DIR "/tests/keys/") + name + ".pem");
    const std::string pem(std::istreambuf_iterator<char>(in), {});
    return *crypto::PrivateKey::from_pem(pem, name);
}

/// The chain, and lists that its authorities publish.
class Lists {
  public:
    explicit Lists(std::string_view server = "", std::string_view inter = "")
        : scene_(authority({.name = "root", .key = "p256-2"}) + authority({.name = "other", .key = "p256-1"}) +
                 certificate(
                     {.name = "inter", .issuer = "root", .more = inter.empty() ? kCa : inter, .key = "p256-3", .until = "2040-01-01"}) +
                 certificate({.name = "server", .issuer = "inter", .more = server})) {
        scene_.sends({"server", "inter"}).trusts({"root"});
    }

    x509::Certificate certificate_of(std::string_view name) { return *x509::parse_certificate(scene_.built.certificate(name)); }
    Bytes serial(std::string_view name) { return certificate_of(name).serial_number; }

    /// Adds a list of that authority, signed by its key or another one.
    Lists& add(std::string_view issuer, const CrlSays& says = {}, std::string_view signed_by = {}) {
        const std::string of = issuer == "root" ? "p256-2" : "p256-3";
        lists_.push_back(x509::make_crl(certificate_of(issuer).subject, key(signed_by.empty() ? of : std::string(signed_by)), says));
        return *this;
    }

    /// They were not given but fetched for that certificate, on 2026-11-24; without one, in vain.
    Lists& fetched_for(std::string_view name) {
        for (std::size_t i = 0; i == 0 || i < lists_.size(); ++i) {
            asked_.push_back({StatusSource::crl,
                              crypto::sha256(scene_.built.certificate(name)),
                              "http://crl.test/",
                              lists_.empty() ? Bytes() : Bytes(lists_[i]),
                              "it is gone",
                              {},
                              *parse_time("2026-11-24")});
        }
        scene_.input.asked = asked_;
        return *this;
    }
    /// Who was asked about the server's certificate, and who answered.
    StatusSources sources() { return scene_.verification().status_sources(*scene_.find().path, 0); }

    /// What the lists bring to the findings.
    std::vector<std::string> findings() {
        if (asked_.empty()) ask();
        std::vector<std::string> list;
        for (std::string& finding : scene_.findings()) {
            if (finding.starts_with("revocation.") && !finding.starts_with("revocation.crl-number")) list.push_back(std::move(finding));
        }
        return list;
    }
    const Finding& finding(FindingId id) {
        ask();
        return scene_.finding(id);
    }

  private:
    static constexpr std::string_view kCa = "ca = true\nkey_usage = [\"keyCertSign\", \"cRLSign\"]";

    void ask() {
        views_.assign(lists_.begin(), lists_.end());
        scene_.input.crls = views_;
    }

    Scene scene_;
    std::vector<ByteString> lists_;
    std::vector<Bytes> views_;
    std::vector<AskedSource> asked_;
};

void write_number(der::Writer& writer, der::Oid id, int number) {
    x509::write_extension(writer, id, id == der::oid::delta_crl_indicator, [&](der::Writer& w) { w.integer(number); });
}

TEST(Revocation, IsNotLookedAtWhereNobodyAsks) {
    Scene scene(authority({.name = "root", .key = "p256-2"}) + certificate({.name = "server", .issuer = "root"}));
    scene.sends({"server"}).trusts({"root"});
    EXPECT_THAT(scene.findings(), IsEmpty());
}

TEST(Revocation, AListThatDoesNotNameACertificateClearsIt) {
    EXPECT_THAT(Lists().add("root").add("inter").findings(), IsEmpty());
}

TEST(Revocation, ACertificateOnTheListIsRevoked) {
    Lists lists;
    lists.add("root").add("inter", {.entries = {{lists.serial("server"), 1}}});
    EXPECT_THAT(lists.findings(), ElementsAre("revocation.revoked @server"));
    EXPECT_EQ(lists.finding(FindingId::revocation_revoked).found, "revoked on 2026-02-01 (keyCompromise) by the list of CN=inter");
}

TEST(Revocation, AnIntermediateIsAskedForAtItsOwnIssuer) {
    Lists lists;
    lists.add("root", {.entries = {{lists.serial("inter")}}}).add("inter");
    EXPECT_THAT(lists.findings(), ElementsAre("revocation.revoked @inter"));
}

TEST(Revocation, WithoutAListNobodyKnows) {
    EXPECT_THAT(Lists().findings(), ElementsAre("revocation.undetermined @inter", "revocation.undetermined @server"));
    EXPECT_THAT(Lists().add("root").findings(), ElementsAre("revocation.undetermined @server"));
}

TEST(Revocation, AListOutOfDateSaysNothingAndIsTold) {
    Lists lists;
    lists.add("root").add("inter", {.entries = {{lists.serial("server")}}, .next_update = "2026-11-01"});
    EXPECT_THAT(lists.findings(), ElementsAre("revocation.crl-stale @server", "revocation.undetermined @server"));
    EXPECT_EQ(lists.finding(FindingId::revocation_crl_stale).found, "2026-11-01T00:00:00Z");
    EXPECT_THAT(Lists().add("root").add("inter", {.this_update = "2026-12-01"}).findings(),
                ElementsAre("revocation.crl-not-yet @server", "revocation.undetermined @server"));
}

TEST(Revocation, AListSignedByAnotherKeySaysNothingAndIsTold) {
    EXPECT_THAT(Lists().add("root").add("inter", {}, "p256-4").findings(),
                ElementsAre("revocation.crl-signature @server", "revocation.undetermined @server"));
}

TEST(Revocation, WhoMayNotSignListsDoesNotCount) {
    Lists lists("", "ca = true\nkey_usage = [\"keyCertSign\"]");
    EXPECT_THAT(lists.add("root").add("inter").findings(), ElementsAre("revocation.crl-usage @server", "revocation.undetermined @server"));
}

TEST(Revocation, ACriticalExtensionThatNobodyKnowsMakesAListUseless) {
    const CrlSays says{.extensions = [](der::Writer& writer) {
        x509::write_extension(writer, der::oid::subject_alt_name, true, [](der::Writer& w) { w.null(); });
    }};
    EXPECT_THAT(Lists().add("root").add("inter", says).findings(),
                ElementsAre("revocation.crl-unknown-critical @server", "revocation.undetermined @server"));
}

TEST(Revocation, AListThatIsNotWrittenAsTheStandardSaysIsOfNoUse) {
    const CrlSays says{.extensions = [](der::Writer& writer) {
        x509::write_extension(writer, der::oid::issuing_distribution_point, true, [](der::Writer& w) { w.sequence([] {}); });
    }};
    EXPECT_THAT(Lists().add("root").add("inter", says).findings(),
                ElementsAre("revocation.crl-malformed @server", "revocation.undetermined @server"));
}

TEST(Revocation, AListWithoutANumberIsTold) {
    Lists lists;
    lists.add("root").add("inter");
    EXPECT_EQ(lists.finding(FindingId::revocation_crl_number).found, "no number");
}

TEST(Revocation, AListThatDoesNotSayWhenTheNextOneComesIsTold) {
    Lists lists;
    lists.add("root").add("inter", {.next_update = ""});
    EXPECT_THAT(lists.findings(), ElementsAre("revocation.crl-no-next-update @server")) << "and used";
}

TEST(Revocation, AListOfATimeBeforeAllListsIsOfNoUse) {
    EXPECT_THAT(Lists().add("root").add("inter", {.this_update = "1850-02-01"}).findings(),
                ElementsAre("revocation.crl-malformed @server", "revocation.undetermined @server"));
}

TEST(Revocation, AListOfANumberThatIsNoneIsOfNoUse) {
    for (const ByteString& number : {ByteString{0x02, 0x01, 0xFF}, ByteString{0x05, 0x00}}) {
        const CrlSays says{.extensions = [&](der::Writer& writer) {
            x509::write_extension(writer, der::oid::crl_number, false, [&](der::Writer& w) { w.raw(number); });
        }};
        EXPECT_THAT(Lists().add("root").add("inter", says).findings(),
                    ElementsAre("revocation.crl-malformed @server", "revocation.undetermined @server"));
    }
    for (const std::size_t octets : {20U, 21U}) {
        const CrlSays says{.extensions = [&](der::Writer& writer) {
            x509::write_extension(writer, der::oid::crl_number, false,
                                  [&](der::Writer& w) { w.element(der::Tag::integer, ByteString(octets, 1)); });
        }};
        EXPECT_EQ(Lists().add("root").add("inter", says).findings().empty(), octets == 20) << octets;
    }
}

TEST(Revocation, ADeltaAddsToTheCompleteListAndTakesFromIt) {
    const auto complete = [](der::Writer& writer) { write_number(writer, der::oid::crl_number, 5); };
    const auto delta = [](der::Writer& writer) {
        write_number(writer, der::oid::crl_number, 6);
        write_number(writer, der::oid::delta_crl_indicator, 5);
    };
    Lists added;
    added.add("root").add("inter", {.extensions = complete}).add("inter", {.entries = {{added.serial("server")}}, .extensions = delta});
    EXPECT_THAT(added.findings(), ElementsAre("revocation.revoked @server"));
    Lists removed;
    removed.add("root")
        .add("inter", {.entries = {{removed.serial("server"), 6}}, .extensions = complete})
        .add("inter", {.entries = {{removed.serial("server"), 8}}, .extensions = delta});
    EXPECT_THAT(removed.findings(), IsEmpty()) << "the hold is over";
    Lists alone;
    alone.add("root").add("inter", {.extensions = delta});
    EXPECT_THAT(alone.findings(), ElementsAre("revocation.undetermined @server")) << "a delta without what it changes says nothing";
}

TEST(Revocation, AListForSomeReasonsLeavesTheOthersOpen) {
    const CrlSays says{.extensions = [](der::Writer& writer) {
        x509::write_extension(writer, der::oid::issuing_distribution_point, true,
                              [](der::Writer& w) { w.sequence([&] { w.named_bits(1U << 1, der::context(3)); }); });
    }};
    Lists lists;
    EXPECT_THAT(lists.add("root").add("inter", says).findings(), ElementsAre("revocation.undetermined @server"));
    EXPECT_EQ(lists.finding(FindingId::revocation_undetermined).found, "lists for some reasons only");
}

TEST(Revocation, AListAboutAuthoritiesIsNotAboutAServer) {
    const CrlSays says{.extensions = [](der::Writer& writer) {
        x509::write_extension(writer, der::oid::issuing_distribution_point, true,
                              [](der::Writer& w) { w.sequence([&] { w.element(der::context(2), kTrue); }); });
    }};
    EXPECT_THAT(Lists().add("root", says).add("inter", says).findings(), ElementsAre("revocation.undetermined @server"));
}

TEST(Revocation, AServerThatSaysItIsNoAuthorityIsAUser) {
    Lists lists("ca = false");
    const CrlSays says{.entries = {{lists.serial("server")}}, .extensions = [](der::Writer& writer) {
                           x509::write_extension(writer, der::oid::issuing_distribution_point, true,
                                                 [](der::Writer& w) { w.sequence([&] { w.element(der::context(1), kTrue); }); });
                       }};
    EXPECT_THAT(lists.add("root", says).add("inter", says).findings(),
                testing::UnorderedElementsAre("revocation.undetermined @inter", "revocation.revoked @server"));
}

// --- a list that was fetched for one certificate

constexpr auto kList = static_cast<std::uint8_t>(StatusSource::crl);

TEST(FetchedList, SpeaksOfTheCertificateForWhichItWasFetchedAndOfNoOther) {
    Lists clear;
    EXPECT_THAT(clear.add("inter").fetched_for("server").findings(), IsEmpty()) << "nobody misses one for the intermediate";
    EXPECT_EQ(clear.sources().asked, kList);
    EXPECT_EQ(clear.sources().answered, kList);
    Lists revoked;
    revoked.add("inter", {.entries = {{revoked.serial("server"), 1}}}).fetched_for("server");
    EXPECT_THAT(revoked.findings(), ElementsAre("revocation.revoked @server"));
    EXPECT_EQ(revoked.sources().answered, kList);
}

TEST(FetchedList, ThatSaysNothingIsNoAnswer) {
    Lists gone;
    EXPECT_THAT(gone.fetched_for("server").findings(), ElementsAre("revocation.crl-unreachable @server"));
    EXPECT_EQ(gone.finding(FindingId::revocation_crl_unreachable).expected, "http://crl.test/");
    EXPECT_EQ(gone.sources().answered, 0);
    Lists other;
    EXPECT_THAT(other.add("root").fetched_for("server").findings(), ElementsAre("revocation.crl-not-about @server"));
    EXPECT_EQ(other.sources().answered, 0);
    Lists old;
    old.add("inter", {.this_update = "2026-02-01", .next_update = "2026-03-01"}).fetched_for("server");
    EXPECT_THAT(old.findings(), ElementsAre("revocation.crl-not-about @server", "revocation.crl-stale @server"));
    EXPECT_EQ(old.sources().asked, kList);
    EXPECT_EQ(old.sources().answered, 0);
}

}  // namespace
}  // namespace truename::verify
