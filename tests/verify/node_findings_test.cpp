#include "verify/node_findings.h"

#include <gmock/gmock.h>

#include "tests/verify/support.h"

namespace truename::verify {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

/// The findings of a server's certificate with these lines, under a good root, at that time.
std::vector<std::string> of_leaf(std::string_view more, std::string_view at = "2026-03-01", std::string_view from = "2026-01-01",
                                 std::string_view until = "2026-12-31") {
    Scene scene(authority({.name = "root", .key = "p256-2"}) +
                certificate({.name = "server", .issuer = "root", .more = more, .from = from, .until = until}));
    scene.sends({"server"}).trusts({"root"});
    scene.input.at = *parse_time(at);
    return scene.findings();
}

/// The findings of an intermediate with these lines, between a good root and a good server.
std::vector<std::string> of_issuer(std::string_view more, std::string_view from = "2020-01-01", std::string_view until = "2040-01-01") {
    Scene scene(authority({.name = "root", .key = "p256-2"}) +
                certificate({.name = "inter", .issuer = "root", .more = more, .key = "p256-3", .from = from, .until = until}) +
                certificate({.name = "server", .issuer = "inter"}));
    scene.sends({"server", "inter"}).trusts({"root"});
    scene.input.at = *parse_time("2026-03-01");
    return scene.findings();
}

constexpr std::string_view kCa = "ca = true\nkey_usage = [\"keyCertSign\"]";

TEST(NodeFindings, IncludesTheSecondsOfBothEnds) {
    const auto at = [](std::string_view time) { return of_leaf("", time, "2026-01-01T00:00:00Z", "2026-12-31T23:59:59Z"); };
    EXPECT_THAT(at("2026-01-01T00:00:00Z"), IsEmpty());
    EXPECT_THAT(at("2025-12-31T23:59:59Z"), ElementsAre("validity.not-yet @server"));
    EXPECT_THAT(at("2026-12-31T23:59:59Z"), ElementsAre("validity.last-second @server", "validity.near-expiry @server"));
    EXPECT_THAT(at("2027-01-01T00:00:00Z"), ElementsAre("validity.expired @server"));
}

TEST(NodeFindings, SaysWhenACertificateExpired) {
    Scene scene(certificate({.name = "server", .until = "2026-11-20T10:00:00Z"}));
    scene.sends({"server"});
    EXPECT_EQ(scene.finding(FindingId::validity_expired).found, "2026-11-20T10:00:00Z");
    EXPECT_EQ(scene.finding(FindingId::validity_expired).field, Field::not_after);
}

TEST(NodeFindings, TellsExpiryBeforeItComes) {
    // A quarter of 90 days and a second are 22.5 days; of a year it would be 91 days, and 30 are the most.
    EXPECT_THAT(of_leaf("", "2026-03-08T00:00:00Z", "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"), IsEmpty());
    EXPECT_THAT(of_leaf("", "2026-03-10T00:00:00Z", "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"),
                ElementsAre("validity.near-expiry @server"));
    EXPECT_THAT(of_leaf("", "2026-12-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z"), IsEmpty());
    EXPECT_THAT(of_leaf("", "2026-12-01T00:00:01Z", "2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z"),
                ElementsAre("validity.near-expiry @server"));
}

TEST(NodeFindings, CountsTheDaysOfALifetime) {
    EXPECT_THAT(of_leaf("", "2026-03-01", "2026-01-01T00:00:00Z", "2027-02-02T23:59:59Z"), IsEmpty()) << "398 days to the second";
    EXPECT_THAT(of_leaf("", "2026-03-01", "2026-01-01T00:00:00Z", "2027-02-03T00:00:00Z"), ElementsAre("validity.over-398-days @server"));
    EXPECT_THAT(of_leaf("", "2026-03-01", "2026-01-01T00:00:00Z", "2028-04-04T23:59:59Z"), ElementsAre("validity.over-398-days @server"));
    EXPECT_THAT(of_leaf("", "2026-03-01", "2026-01-01T00:00:00Z", "2028-04-05T00:00:00Z"),
                ElementsAre("validity.over-398-days @server", "validity.over-825-days @server"));
}

TEST(NodeFindings, TellsThatAValidityIsReversed) {
    EXPECT_THAT(of_leaf("", "2026-03-01", "2026-12-31", "2026-01-01"),
                ElementsAre("validity.expired @server", "validity.not-yet @server", "validity.reversed @server"));
}

TEST(NodeFindings, LooksAtThePurposesOfAServer) {
    EXPECT_THAT(of_leaf("extended_key_usage = [\"serverAuth\", \"clientAuth\"]"), IsEmpty());
    EXPECT_THAT(of_leaf("extended_key_usage = [\"clientAuth\"]"), ElementsAre("usage.not-server @server"));
    EXPECT_THAT(of_leaf("extended_key_usage = [\"anyExtendedKeyUsage\"]"), ElementsAre("usage.any @server"));
    EXPECT_THAT(of_leaf("extended_key_usage = [\"serverAuth\", \"OCSPSigning\"]"), ElementsAre("usage.ocsp-signing @server"));
}

TEST(NodeFindings, TellsThatThereAreNoPurposes) {
    Scene scene(certificate({.name = "server"}));
    scene.sends({"server"});
    EXPECT_EQ(scene.finding(FindingId::usage_none).field, Field::extended_key_usage);
}

TEST(NodeFindings, LooksAtTheKeyUsageOfAServer) {
    EXPECT_THAT(of_leaf("key_usage = [\"digitalSignature\"]"), IsEmpty());
    EXPECT_THAT(of_leaf("key_usage = [\"keyEncipherment\"]"), ElementsAre("usage.no-digital-signature @server"));
    EXPECT_THAT(of_leaf("key_usage = [\"keyAgreement\"]"), ElementsAre("usage.no-digital-signature @server"));
    EXPECT_THAT(of_leaf("key_usage = [\"keyCertSign\"]"), ElementsAre("usage.key-usage @server"));
}

TEST(NodeFindings, TellsThatAServerIsAnAuthority) {
    EXPECT_THAT(of_leaf("ca = true"), ElementsAre("path.ca-as-leaf @server"));
    EXPECT_THAT(of_leaf("ca = false"), IsEmpty());
}

TEST(NodeFindings, TellsConstraintsInALeaf) {
    EXPECT_THAT(of_leaf("name_constraints = { permitted = [\"DNS:example.com\"] }"), ElementsAre("constraint.in-leaf @server"));
}

TEST(NodeFindings, WantsTheStapleThatACertificateAsksFor) {
    EXPECT_THAT(of_leaf("must_staple = true"), ElementsAre("revocation.staple-missing @server"));
    Scene stapled(certificate({.name = "server", .more = "must_staple = true"}));
    stapled.sends({"server"}).trusts({"server"});
    stapled.input.stapled = true;
    stapled.input.at = *parse_time("2026-03-01");
    EXPECT_THAT(stapled.findings(), IsEmpty());
}

TEST(NodeFindings, TellsWhatPrivateAuthoritiesLeaveOut) {
    Scene scene(certificate({.name = "server"}) + certificate({.name = "full", .more = "crl = [\"http://crl.example/a.crl\"]"}));
    scene.sends({"server"});
    EXPECT_EQ(scene.finding(FindingId::policy_ct_missing).field, Field::signed_certificate_timestamps);
    EXPECT_EQ(scene.finding(FindingId::revocation_no_address).field, Field::crl_distribution_points);

    scene.sends({"full"});
    Scene full(certificate({.name = "full", .more = "crl = [\"http://crl.example/a.crl\"]"}));
    full.sends({"full"});
    const auto findings = full.verification().node_findings(0, Role::leaf);
    EXPECT_FALSE(std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return f.id == FindingId::revocation_no_address; }));
}

TEST(NodeFindings, WantsAnIssuerToBeAnAuthority) {
    EXPECT_THAT(of_issuer(kCa), IsEmpty());
    EXPECT_THAT(of_issuer("ca = true"), IsEmpty()) << "without a key usage everything is allowed";
    EXPECT_THAT(of_issuer("ca = false"), ElementsAre("path.denies-ca @inter", "path.not-a-ca @inter"));
    EXPECT_THAT(of_issuer(""), ElementsAre("path.not-a-ca @inter"));
    EXPECT_THAT(of_issuer("ca = true\nkey_usage = [\"digitalSignature\"]"), ElementsAre("usage.issuer-key-usage @inter"));
}

TEST(NodeFindings, TellsAVersion1IssuerApart) {
    EXPECT_THAT(of_issuer("version = 1"), ElementsAre("cert.version @inter", "path.version-1-issuer @inter"));
    EXPECT_THAT(of_issuer("version = 2\nkey_usage = [\"keyCertSign\"]"),
                testing::IsSupersetOf({"path.version-1-issuer @inter", "path.not-a-ca @inter", "extension.before-version-3 @inter"}));
}

TEST(NodeFindings, LooksAtThePurposesOfAnIssuer) {
    const std::string ca = std::string(kCa) + "\n";
    EXPECT_THAT(of_issuer(ca + "extended_key_usage = [\"serverAuth\"]"), IsEmpty());
    EXPECT_THAT(of_issuer(ca + "extended_key_usage = [\"emailProtection\"]"),
                ElementsAre("usage.issuer-for-mail-or-code @inter", "usage.issuer-not-server @inter"));
    EXPECT_THAT(of_issuer(ca + "extended_key_usage = [\"anyExtendedKeyUsage\"]"),
                ElementsAre("usage.any @inter", "usage.issuer-for-mail-or-code @inter"));
}

TEST(NodeFindings, TellsTheDatesOfAnIssuerApart) {
    EXPECT_THAT(of_issuer(kCa, "2020-01-01", "2026-02-01"), ElementsAre("validity.issuer-expired @inter", "validity.nesting @server"));
    EXPECT_THAT(of_issuer(kCa, "2026-06-01", "2040-01-01"), ElementsAre("validity.issuer-not-yet @inter"));
}

TEST(NodeFindings, SaysTheSameOfAnAnchorInItsOwnRole) {
    Scene scene(certificate({.name = "root", .more = "version = 1", .key = "p256-2", .until = "2026-02-01"}) +
                certificate({.name = "server", .issuer = "root"}));
    scene.sends({"server"}).trusts({"root"});
    const auto placed = scene.verification().findings(scene.find());
    const auto expired =
        std::find_if(placed.begin(), placed.end(), [](const Placed& p) { return p.finding->id == FindingId::validity_issuer_expired; });
    ASSERT_NE(expired, placed.end());
    EXPECT_EQ(expired->role, Role::anchor);
    EXPECT_EQ(expired->position, 1U);
    EXPECT_EQ(expired->subject, Subject::certificate);
}

TEST(NodeFindings, CarriesWhatIsTrueOfTheCertificateAlone) {
    EXPECT_THAT(of_leaf("[[certificate.extension]]\nid = \"1.2.3.4\"\ncritical = true\nvalue = \"05 00\""),
                ElementsAre("extension.unknown-critical @server"));
}

}  // namespace
}  // namespace truename::verify
