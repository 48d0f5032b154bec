#include "servers/postfix_tables.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/scratch.h"

namespace truename::servers {
namespace {

using testing::ElementsAre;

constexpr std::string_view kKey = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
constexpr std::string_view kCertificate = "-----BEGIN CERTIFICATE-----\nBBBB\n-----END CERTIFICATE-----\n";

std::string write(const Scratch& scratch, const std::string& name, const std::string& text) {
    std::string path = scratch.path() + "/" + name;
    std::ofstream(path) << text;
    return path;
}

TEST(PostfixListeners, AreThoseThatSpeakSmtpOnTheNetwork) {
    const auto services = read_postfix_listeners(
        "smtp       inet  n       -       y       -       -       smtpd\n"
        "[::1]:2525 inet  n       -       y       -       -       smtpd -o smtpd_tls_wrappermode=yes\n"
        "smtps      inet  n       -       y       -       -       smtpd\n"
        "smtp       unix  -       -       y       -       -       smtp\n"
        "pickup     unix  n       -       y       60      1       pickup\n"
        "nonsense\n",
        "[::1]:2525/inet/smtpd_tls_wrappermode = yes\n"
        "smtps/inet/syslog_name = postfix/smtps\n");
    ASSERT_EQ(services.size(), 3U);
    EXPECT_EQ(services[0].port, 25);
    EXPECT_EQ(services[0].host, "");
    EXPECT_EQ(services[1].host, "::1");
    EXPECT_EQ(services[1].port, 2525);
    EXPECT_EQ(services[1].overrides.at("smtpd_tls_wrappermode"), "yes");
    EXPECT_EQ(services[2].port, 465);
    EXPECT_EQ(services[2].overrides.size(), 1U);
}

TEST(PostfixSniLines, AreNamesWithTheirFiles) {
    const auto lines = read_sni_lines(
        "# names\n"
        " , ,\n"
        "Mail.Example.com /k.pem, /c.pem\n"
        ".example.net /both.pem\n"
        "   /more.pem\n"
        "\n");
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].name, "mail.example.com");
    EXPECT_THAT(lines[0].files, ElementsAre("/k.pem", "/c.pem"));
    EXPECT_THAT(lines[1].files, ElementsAre("/both.pem", "/more.pem"));
}

TEST(PostfixSniLines, OneIsPutInThePlaceOfThoseForItsName) {
    const std::string text =
        "# names\nMail.Example.com /k.pem,\n# between\n   /c.pem\n.example.net /both.pem\nmail.example.com /late.pem\n";
    EXPECT_EQ(with_sni_line(text, {"mail.example.com", {"/new.key", "/new.pem"}}),
              "# names\nmail.example.com /new.key, /new.pem\n# between\n.example.net /both.pem\n");
    EXPECT_EQ(with_sni_line(text, {"a.example", {"/a.pem"}}), text + "a.example /a.pem\n");
    EXPECT_EQ(with_sni_line("", {"a.example", {"/a.pem"}}), "a.example /a.pem\n");
    EXPECT_EQ(with_sni_line("b.example /b.pem", {"a.example", {"/a.pem"}}), "b.example /b.pem\na.example /a.pem\n");
    EXPECT_EQ(with_sni_line("", {"a.example", {"/with blank.pem"}}), std::nullopt);
}

TEST(PairsOfChainFiles, AKeyBelongsToTheCertificatesBehindIt) {
    const Scratch scratch;
    const std::string key = write(scratch, "key", std::string(kKey));
    const std::string chain = write(scratch, "chain", std::string(kCertificate) + std::string(kCertificate));
    const std::string two =
        write(scratch, "two", std::string(kKey) + std::string(kCertificate) + std::string(kKey) + std::string(kCertificate));

    const auto apart = pairs_of_chain_files({key, chain});
    ASSERT_TRUE(apart);
    ASSERT_EQ(apart->size(), 1U);
    EXPECT_EQ(apart->front().key_file, key);
    EXPECT_EQ(apart->front().certificate_file, chain);

    const auto together = pairs_of_chain_files({two});
    ASSERT_TRUE(together);
    ASSERT_EQ(together->size(), 2U);
    EXPECT_EQ((*together)[1].key_file, two);
    EXPECT_EQ((*together)[1].key_number, 1U);
    EXPECT_EQ((*together)[1].certificate_number, 1U);
}

TEST(PairsOfChainFiles, FilesThatHoldNothingYetAreTakenAsKeyAndChain) {
    const Scratch scratch;
    const auto pairs = pairs_of_chain_files({scratch.path() + "/key", scratch.path() + "/chain"});
    ASSERT_TRUE(pairs);
    EXPECT_EQ(pairs->front().key_file, scratch.path() + "/key");
    EXPECT_EQ(pairs->front().certificate_file, scratch.path() + "/chain");
}

TEST(PairsOfChainFiles, ThreeOfWhichNobodyCanTellAreRefused) {
    const Scratch scratch;
    const std::string chain = write(scratch, "chain", std::string(kCertificate));
    EXPECT_FALSE(pairs_of_chain_files({chain, chain, scratch.path() + "/missing"}));
}

}  // namespace
}  // namespace truename::servers
