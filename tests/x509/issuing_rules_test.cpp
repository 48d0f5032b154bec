#include "x509/issuing_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "recipe/recipe.h"
#include "tests/seeds.h"

// What an authority must keep to when it issues, and what nobody asks when a path is validated.
namespace truename::x509 {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// The ids of a server's certificate of that common name with these lines.
std::vector<std::string> ids_of(const std::string& more, const std::string& common_name = "mail.example.com") {
    std::string toml = R"([[certificate]]
name = "root"
subject = "CN=Root"
ca = true
validity = ["2020-01-01", "2040-01-01"]
key = "p256-1"
[[certificate]]
name = "one"
issuer = "root"
validity = ["2026-01-01", "2026-12-31"]
key = "p256-2"
)";
    toml += "subject = \"CN=" + common_name + "\"\n";
    const auto recipe = recipe::load(toml + more, "test");
    EXPECT_TRUE(recipe) << to_sentence(recipe.error());
    const auto built = recipe::build(*recipe, TRUENAME_SOURCE_DIR "/tests/keys");
    EXPECT_TRUE(built) << to_sentence(built.error());
    std::vector<Finding> findings;
    write_seed("x509_certificate", as_text(built->certificate("one")));
    report_issuing_rules(*parse_certificate(built->certificate("one")), findings);
    std::vector<std::string> ids;
    for (const Finding& finding : findings) ids.emplace_back(info(finding.id).name);
    return ids;
}

TEST(IssuingRules, AreKeptByWhatAPublicAuthorityIssues) {
    EXPECT_THAT(ids_of("names = [\"DNS:mail.example.com\", \"DNS:example.com\"]\nextended_key_usage = [\"serverAuth\"]"), IsEmpty());
}

TEST(IssuingRules, WantAKeyIdentifierUnlessACertificateIsItsOwnIssuer) {
    EXPECT_THAT(ids_of("key_identifiers = false"), ElementsAre("extension.no-authority-key"));
    EXPECT_THAT(ids_of("ca = true\nkey_identifiers = false"), ElementsAre("extension.no-authority-key", "extension.no-subject-key"));
}

TEST(IssuingRules, SayWhatIsCritical) {
    EXPECT_THAT(ids_of("ca = true\nnot_critical = [\"basicConstraints\"]"), ElementsAre("extension.criticality"));
    EXPECT_THAT(ids_of("critical = [\"authorityKeyIdentifier\"]"), ElementsAre("extension.criticality"));
    EXPECT_THAT(ids_of("critical = [\"extKeyUsage\"]\nextended_key_usage = [\"serverAuth\"]"), ElementsAre("usage.extended-critical"));
}

TEST(IssuingRules, WantTheCommonNameAmongTheNamesAsItStandsThere) {
    EXPECT_THAT(ids_of("names = [\"DNS:Mail.Example.COM\"]"), ElementsAre("name.cn-not-listed")) << "another case";
    EXPECT_THAT(ids_of("names = [\"DNS:imap.example.com\"]"), ElementsAre("name.cn-not-listed")) << "another host";
    EXPECT_THAT(ids_of("names = [\"DNS:*.mail.example.com\"]"), IsEmpty()) << "the names lie below it";
    EXPECT_THAT(ids_of("names = [\"IP:192.0.2.1\"]"), IsEmpty()) << "addresses are no other hosts";
    EXPECT_THAT(ids_of("names = [\"IP:192.0.2.1\"]", "0xC0000201"), ElementsAre("name.cn-not-listed")) << "the address in another form";
    EXPECT_THAT(ids_of("names = [\"IP:192.0.2.1\"]", "192.0.2.1"), IsEmpty());
}

TEST(IssuingRules, DoNotKnowUnderscores) {
    EXPECT_THAT(ids_of("names = [\"DNS:mail.example.com\", \"DNS:_dmarc.example.com\"]"), ElementsAre("name.underscore"));
}

TEST(IssuingRules, WantServerAuthAlone) {
    EXPECT_THAT(ids_of("extended_key_usage = [\"serverAuth\", \"2.5.29.37.0\"]"), ElementsAre("usage.any-besides"));
    for (const std::string other : {"codeSigning", "emailProtection", "timeStamping"})
        EXPECT_THAT(ids_of("extended_key_usage = [\"serverAuth\", \"" + other + "\"]"), ElementsAre("usage.forbidden-besides"));
    EXPECT_THAT(ids_of("extended_key_usage = [\"serverAuth\", \"clientAuth\"]"), IsEmpty());
    EXPECT_THAT(ids_of("extended_key_usage = [\"emailProtection\", \"codeSigning\"]"), IsEmpty()) << "it is none of a server";
}

}  // namespace
}  // namespace truename::x509
