#include "recipe/recipe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "base/text.h"
#include "crypto/digest.h"
#include "recipe/test_case.h"
#include "x509/certificate.h"
#include "x509/signature.h"

namespace truename::recipe {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::filesystem::path kKeys = TRUENAME_SOURCE_DIR "/tests/keys";

constexpr std::string_view kRoot = R"(
[[certificate]]
name     = "root"
subject  = "CN=Example Root"
ca       = true
validity = ["2026-01-01", "2036-01-01"]
key      = "rsa2048-1"
)";

constexpr std::string_view kServer = R"(
[[certificate]]
name     = "server"
subject  = "CN=mail.example.com"
issuer   = "root"
names    = ["DNS:mail.example.com", "IP:192.0.2.1"]
validity = ["2026-01-01", "2028-01-01"]
key      = "p256-1"
)";

std::string with(std::string_view more) {
    return std::string(kRoot) + std::string(kServer) + std::string(more);
}

Built must_build(const std::string& text) {
    const auto recipe = load(text, "test.toml");
    EXPECT_TRUE(recipe) << to_sentence(recipe.error());
    auto built = build(*recipe, kKeys);
    EXPECT_TRUE(built) << to_sentence(built.error());
    return *std::move(built);
}

std::string failure_of(const std::string& text) {
    const auto recipe = load(text, "test.toml");
    if (!recipe) return to_sentence(recipe.error());
    const auto built = build(*recipe, kKeys);
    return built ? "" : to_sentence(built.error());
}

std::string fingerprint(Bytes der) {
    return to_hex(crypto::sha256(der));
}

TEST(Recipe, GivesTheSameBytesOnEveryMachine) {
    const Built built = must_build(with(""));
    EXPECT_EQ(fingerprint(built.certificate("root")), "3718f7a2b94043f2c471c1443ac503a81cfb18abb4cda6754d196b51ca301b8b");
    EXPECT_EQ(fingerprint(built.certificate("server")), "bf81b517d117e8aa3742baee1ef98769571db5c6147f3a86b5bcf3581a302bf5");
}

TEST(Recipe, NamesKeepTheirOrder) {
    const Built built = must_build(with(""));
    const auto certificate = x509::parse_certificate(built.certificate("server"));
    ASSERT_TRUE(certificate);
    std::vector<std::string> names;
    for (const auto& name : *certificate->known.subject_alt_name) names.push_back(x509::to_string(name));
    EXPECT_THAT(names, ElementsAre("DNS:mail.example.com", "IP:192.0.2.1"));
}

TEST(Recipe, PatchesBytesBeforeSigningThem) {
    const Built honest = must_build(with(""));
    const Built patched = must_build(with(R"(
[[certificate.patch]]
why     = "another letter in the first name"
find    = "82 10 6d 61 69 6c"   # [2], 16 bytes, "mail"
replace = """
  82 10          # [2], still 16 bytes
  6e 61 69 6c    # "nail"
"""
)"));
    EXPECT_EQ(honest.certificate("server").size(), patched.certificate("server").size());
    const auto certificate = x509::parse_certificate(patched.certificate("server"));
    const auto root = x509::parse_certificate(patched.certificate("root"));
    ASSERT_TRUE(certificate && root);
    EXPECT_EQ(x509::to_string(*certificate->known.subject_alt_name->begin()), "DNS:nail.example.com");
    x509::SignatureChecker checker;
    EXPECT_EQ(checker.check(*certificate, root->subject_public_key_info), crypto::SignatureCheck::valid);
}

TEST(Recipe, PatchesTheFinishedCertificate) {
    const Built patched = must_build(with(R"(
[[certificate.patch]]
in      = "certificate"
find    = "30"
replace = "31"
)"));
    EXPECT_EQ(patched.certificate("server")[0], 0x31);
}

TEST(Recipe, PutsTheChosenOccurrenceInPlace) {
    const Built built = must_build(with(R"(
[[certificate.patch]]
find       = "0c 10"     # two UTF8String: issuer has another length, so this is only the subject's
replace    = "13 10"
occurrence = 1
)"));
    EXPECT_THAT(to_hex(built.certificate("server")), HasSubstr("1310" + to_hex(as_bytes("mail.example.com"))));
    EXPECT_THAT(failure_of(with("[[certificate.patch]]\nfind = '0c 10'\nreplace = '13 10'\noccurrence = 2\n")), HasSubstr("not found"));
}

TEST(Recipe, SaysLineAndReasonOfWhatIsWrong) {
    EXPECT_THAT(failure_of(with("colour = 'red'\n")), testing::AllOf(HasSubstr("test.toml line 16"), HasSubstr("'colour' is not known")));
    EXPECT_THAT(failure_of(with("extended_key_usages = []\n")), HasSubstr("Did you mean 'extended_key_usage'?"));
    EXPECT_THAT(failure_of(with("ca = 'yes'\n")), HasSubstr("'ca' must be true or false"));
    EXPECT_THAT(failure_of(with("[[certificate.extension]]\nid = '1.2.3'\nvalue = '0'\n")), HasSubstr("'value' is not hexadecimal"));
    EXPECT_THAT(failure_of(std::string(kServer)), HasSubstr("its issuer 'root' is not in the recipe"));
    EXPECT_THAT(failure_of(std::string(kRoot) + std::string(kRoot)), HasSubstr("is given twice"));
    EXPECT_THAT(failure_of(with("key_usage = ['signing']\n")), HasSubstr("no key usage is called 'signing'"));
    EXPECT_THAT(failure_of(with("signature = 'sha3'\n")), HasSubstr("no signature is called 'sha3'"));
    EXPECT_THAT(failure_of("[[certificate]\n"), HasSubstr("this is not TOML"));
    EXPECT_THAT(failure_of("[[certificate]]\nname = 'a'\nsubject = ''\nkey = '../keys/p256-1'\nvalidity = ['2026-01-01', '2027-01-01']\n"),
                HasSubstr("is no name of a file in the folder of keys"));
    EXPECT_THAT(failure_of("[[certificate]]\nname = 'a'\nsubject = ''\nkey = 'p256-1'\nvalidity = ['2026-02-30', '2027-01-01']\n"),
                HasSubstr("'2026-02-30' is no time"));
}

TEST(Recipe, RefusesATextOverItsLimit) {
    EXPECT_THAT(failure_of(std::string(kMaxRecipeBytes + 1, '#')), HasSubstr("larger than"));
    EXPECT_EQ(failure_of(std::string(kMaxRecipeBytes, '#')), "");
}

TEST(TestCase, ReadsWhatIsSentAndExpected) {
    const auto test = load_case(R"(
id = "name/x"
title = "A title"
)" + with(R"(
[input]
chain = ["server"]
anchors = ["root"]
host = "mail.example.com"
at = "2026-11-24"
[expect]
findings = ["name.mismatch @server"]
verdicts = { b = "warns", a = "silent" }
)"),
                                "x.toml");
    ASSERT_TRUE(test) << to_sentence(test.error());
    EXPECT_THAT(test->chain, ElementsAre("server"));
    EXPECT_THAT(test->anchors, ElementsAre("root"));
    EXPECT_EQ(test->host, "mail.example.com");
    EXPECT_EQ(format_time(test->at), "2026-11-24T00:00:00Z");
    EXPECT_THAT(test->findings, ElementsAre("name.mismatch @server"));
    EXPECT_THAT(test->verdicts, testing::UnorderedElementsAre(std::pair("a", "silent"), std::pair("b", "warns")));
}

TEST(TestCase, RefusesACertificateThatTheRecipeHasNot) {
    const auto test = load_case("id = 'x'\ntitle = 'y'\n" + with("[input]\nchain = ['other']\nhost = 'a'\nat = '2026-01-01'\n"), "x.toml");
    ASSERT_FALSE(test);
    EXPECT_THAT(test.error().reason, HasSubstr("names 'other', which no [[certificate]] has"));
}

TEST(TestCase, AllOfThisProjectCanBeReadAndBuilt) {
    const auto cases = load_cases(TRUENAME_SOURCE_DIR "/tests/cases");
    ASSERT_TRUE(cases) << to_sentence(cases.error());
    EXPECT_GE(cases->size(), 2U);
    for (const TestCase& test : *cases) {
        const auto built = build(test.recipe, kKeys);
        EXPECT_TRUE(built) << test.id << ": " << to_sentence(built.error());
    }
}

}  // namespace
}  // namespace truename::recipe
