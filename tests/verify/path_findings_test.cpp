#include "verify/path_findings.h"

#include <gmock/gmock.h>

#include "tests/verify/support.h"

namespace truename::verify {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> findings(std::string_view recipe, const std::vector<std::string>& sent) {
    Scene scene(recipe);
    scene.sends(sent).trusts({"root"});
    scene.input.at = *parse_time("2026-03-01");
    return scene.findings();
}

std::string chain(std::string_view root, std::string_view upper, std::string_view lower) {
    return authority({.name = "root", .more = root, .key = "p256-2"}) +
           authority({.name = "upper", .issuer = "root", .more = upper, .key = "p256-3"}) +
           authority({.name = "lower", .issuer = "upper", .more = lower, .key = "p256-4"}) +
           certificate({.name = "server", .issuer = "lower"});
}
const std::vector<std::string> kSent = {"server", "lower", "upper"};

// RFC 5280 6.1.4(l)
TEST(PathFindings, CountsTheAuthoritiesBelowALimit) {
    EXPECT_THAT(findings(chain("", "path_length = 1", "path_length = 0"), kSent), IsEmpty());
    EXPECT_THAT(findings(chain("", "path_length = 0", ""), kSent), ElementsAre("path.length-exceeded @upper"));
    EXPECT_THAT(findings(chain("path_length = 2", "", ""), kSent), IsEmpty());
    EXPECT_THAT(findings(chain("path_length = 1", "", ""), kSent), ElementsAre("path.length-exceeded @root"));
}

TEST(PathFindings, SaysByHowMuchALimitIsExceeded) {
    Scene scene(chain("path_length = 0", "", ""));
    scene.sends(kSent).trusts({"root"});
    const Finding& finding = scene.finding(FindingId::path_length_exceeded);
    EXPECT_EQ(finding.expected, "at most 0");
    EXPECT_EQ(finding.found, "2");
}

// RFC 5280 6.1.4(l)
TEST(PathFindings, DoesNotCountSelfIssuedAuthorities) {
    const std::string rollover = authority({.name = "root", .subject = "CN=same", .more = "path_length = 0", .key = "p256-2"}) +
                                 authority({.name = "new", .issuer = "root", .subject = "CN=same", .key = "p256-3"}) +
                                 certificate({.name = "server", .issuer = "new"});
    EXPECT_THAT(findings(rollover, {"server", "new"}), testing::Not(Contains(HasSubstr("length-exceeded"))));
}

// RFC 5280 6.1.3(a)(1)
TEST(PathFindings, TellsAWrongSignatureAtTheCertificateThatHasIt) {
    const std::string recipe =
        authority({.name = "root", .key = "p256-2"}) + certificate({.name = "server", .issuer = "root", .more = "signed_by = \"p256-4\""});
    EXPECT_THAT(findings(recipe, {"server"}), ElementsAre("signature.invalid @server"));
}

TEST(PathFindings, TellsAWrongSelfSignature) {
    Scene scene(certificate({.name = "self", .more = "signed_by = \"p256-4\""}));
    scene.sends({"self"});
    scene.input.at = *parse_time("2026-03-01");
    EXPECT_THAT(scene.findings(), ElementsAre("path.self-signed @self", "signature.invalid @self"));
}

TEST(PathFindings, TellsEndsWithTheNameOfWhoIsMissing) {
    Scene scene(chain("", "", ""));
    scene.sends({"server", "lower"});
    scene.input.at = *parse_time("2026-03-01");
    EXPECT_THAT(scene.findings(), ElementsAre("path.unknown-issuer @lower"));
    EXPECT_EQ(scene.finding(FindingId::path_unknown_issuer).found, "CN=upper");
}

TEST(PathFindings, TellsKeyIdentifiersAndSerialsThatDiffer) {
    const std::string other_serial = R"(key_identifiers = false
        [[certificate.extension]]
        id = "2.5.29.35"
        value = "30 04 82 02 12 34"   # authorityCertSerialNumber
    )";
    EXPECT_THAT(
        findings(authority({.name = "root", .key = "p256-2"}) + certificate({.name = "server", .issuer = "root", .more = other_serial}),
                 {"server"}),
        ElementsAre("extension.names-issuer @server", "path.issuer-serial @server"));
    EXPECT_THAT(findings(authority({.name = "root", .key = "p256-2"}) +
                             certificate({.name = "server", .issuer = "root", .more = "issuer_key = \"p256-4\""}),
                         {"server"}),
                ElementsAre("path.key-identifier @server"));
}

TEST(PathFindings, TellsThatAnIssuerEndsFirst) {
    const std::string recipe =
        authority({.name = "root", .key = "p256-2", .until = "2026-10-01"}) + certificate({.name = "server", .issuer = "root"});
    EXPECT_THAT(findings(recipe, {"server"}), ElementsAre("validity.nesting @server"));
}

TEST(PathFindings, ComeInTheOrderOfThePath) {
    Scene scene(
        authority({.name = "root", .key = "p256-2"}) +
        authority({.name = "inter", .issuer = "root", .key = "p256-3", .until = "2026-02-01"}) +
        certificate({.name = "server", .issuer = "inter", .more = "names = [\"DNS:a.example\"]\nextended_key_usage = [\"clientAuth\"]"}));
    scene.sends({"server", "inter"}).trusts({"root"});
    scene.input.name = "b.example";
    std::vector<std::string> ids;
    for (const Placed& placed : scene.verification().findings(scene.find())) {
        const auto id = placed.finding->id;
        if (id == FindingId::usage_not_server || id == FindingId::validity_issuer_expired || id == FindingId::name_mismatch)
            ids.emplace_back(info(id).name);
    }
    EXPECT_THAT(ids, ElementsAre("usage.not-server", "validity.issuer-expired", "name.mismatch"));
}

TEST(PathFindings, AreTheSameObjectsHoweverOftenAsked) {
    Scene scene(chain("", "", ""));
    scene.sends(kSent).trusts({"root"});
    const auto first = scene.verification().findings(scene.find());
    const auto second = scene.verification().findings(scene.find());
    EXPECT_EQ(first.data(), second.data());
    EXPECT_EQ(scene.verification().path_count(), 1U);
}

}  // namespace
}  // namespace truename::verify
