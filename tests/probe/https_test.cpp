#include "probe/https.h"

#include <gtest/gtest.h>

#include "recipe/recipe.h"

namespace truename::probe {
namespace {

/// A self-signed certificate for these names that begins on that day.
ByteString certificate(const std::string& names, const std::string& from) {
    const auto recipe = recipe::load(
        "[[certificate]]\nname='c'\nsubject='CN=c'\nkey='rsa2048-1'\nnames=[" + names + "]\nvalidity=['" + from + "','2028-01-01']\n",
        "test");
    EXPECT_TRUE(recipe);
    const auto built = recipe::build(*recipe, TRUENAME_SOURCE_DIR "/tests/keys");
    EXPECT_TRUE(built);
    return built->certificates.at("c").der;
}

Endpoint endpoint(Protocol protocol, std::uint16_t port, ByteString leaf) {
    Endpoint endpoint;
    endpoint.protocol = protocol;
    endpoint.port = port;
    endpoint.state = EndpointState::judged;
    endpoint.tls.handshake = net::Handshake::completed;
    endpoint.tls.chain = {std::move(leaf)};
    return endpoint;
}

/// How many findings there are when the mail server shows `mail` and port `port` shows `web`.
std::size_t findings(ByteString mail, ByteString web, std::uint16_t port = 443, bool is_address = false) {
    Evidence evidence;
    evidence.target.name = "mail.example.com";
    evidence.target.is_address = is_address;
    evidence.endpoints = {endpoint(Protocol::imaps, 993, std::move(mail)), endpoint(Protocol::tls, port, std::move(web))};
    compare_with_https(evidence);
    EXPECT_TRUE(evidence.endpoints[1].findings.empty());
    for (const Finding& finding : evidence.endpoints[0].findings) EXPECT_EQ(finding.id, FindingId::server_newer_on_https);
    return evidence.endpoints[0].findings.size();
}

constexpr const char* kName = "'DNS:mail.example.com'";

TEST(Https, ANewerCertificateForTheNameTellsOfARenewalThatDidNotArrive) {
    EXPECT_EQ(findings(certificate(kName, "2026-01-01"), certificate(kName, "2026-11-01")), 1U);
    EXPECT_EQ(findings(certificate(kName, "2026-01-01"), certificate("'DNS:*.example.com'", "2026-11-01")), 1U);
}

TEST(Https, TheSameOrAnOlderOneTellsNothing) {
    EXPECT_EQ(findings(certificate(kName, "2026-01-01"), certificate(kName, "2026-01-01")), 0U);
    EXPECT_EQ(findings(certificate(kName, "2026-11-01"), certificate(kName, "2026-01-01")), 0U);
}

TEST(Https, CertificatesForOtherNamesTellNothing) {
    EXPECT_EQ(findings(certificate(kName, "2026-01-01"), certificate("'DNS:www.example.com'", "2026-11-01")), 0U);
    EXPECT_EQ(findings(certificate("'DNS:imap.example.com'", "2026-01-01"), certificate(kName, "2026-11-01")), 0U);
    EXPECT_EQ(findings(certificate(kName, "2026-01-01"), certificate(kName, "2026-11-01"), 443, true), 0U);
}

TEST(Https, OtherPortsAreNoHttps) {
    EXPECT_EQ(findings(certificate(kName, "2026-01-01"), certificate(kName, "2026-11-01"), 8443), 0U);
}

}  // namespace
}  // namespace truename::probe
