#include "probe/evidence.h"

#include <gmock/gmock.h>

#include <string>

#include "base/text.h"
#include "tests/seeds.h"

namespace truename::probe {
namespace {

using testing::HasSubstr;

/// Evidence in which nothing has its default, and texts are what hostile servers send.
Evidence full() {
    Evidence evidence;
    evidence.target = {.text = "imap://m\xc3\xbcller.example",
                       .name = "xn--mller-kva.example",
                       .is_address = false,
                       .port = 143,
                       .protocol = Protocol::imap,
                       .source = "argument"};
    evidence.at = *parse_time("2026-11-25T01:02:03Z");
    evidence.elapsed = std::chrono::milliseconds(1234);
    evidence.connections = 7;
    evidence.deep = evidence.fetched_issuers = true;
    evidence.dns = {{.name = "x", .addresses = {"192.0.2.1", "2001:db8::1"}, .origin = "dns", .failure = {}},
                    {.name = "y", .addresses = {}, .origin = "dns", .failure = Failure{FailureKind::local, "a", "b", "c", "d"}}};
    Endpoint endpoint;
    endpoint.id = "imap:143@192.0.2.1";
    endpoint.protocol = Protocol::imap;
    endpoint.port = 143;
    endpoint.tls_mode = TlsMode::starttls;
    endpoint.address = "192.0.2.1";
    endpoint.hello = {"x", net::TlsVersion::tls_1_1, net::TlsVersion::tls_1_2, net::KeyOffer::rsa};
    endpoint.state = EndpointState::tls_failed;
    endpoint.tls.handshake = net::Handshake::failed;
    endpoint.tls.trouble = net::TlsTrouble::bad_server_signature;
    endpoint.tls.version = net::TlsVersion::tls_1_2;
    endpoint.tls.cipher = "C";
    endpoint.tls.group = "x25519";
    endpoint.tls.signature = "rsa-sha256";
    endpoint.tls.chain = {{0, 1, 255}, {}};
    endpoint.tls.staple = {7};
    endpoint.tls.asks_client_certificate = true;
    endpoint.tls.alert = 116;
    endpoint.tls.plaintext = std::string("\xff\x00\"\\\r\n", 6);
    endpoint.tls.error = "e";
    endpoint.greeting = "* OK \xc3\x28 latin \xe9";
    endpoint.capabilities = "STARTTLS \x01";
    endpoint.login_before_tls = true;
    endpoint.reach.answers[1] = {Answer::yes, Answer::no};
    endpoint.deep = {{.question = Question::tls_1_0_only,
                      .hello = endpoint.hello,
                      .tls = endpoint.tls,
                      .injected = {},
                      .error = Failure{FailureKind::limited, "1", "2", "3", "4"}},
                     {.question = Question::injection, .hello = endpoint.hello, .tls = {}, .injected = "250 \xff ok", .error = {}}};
    endpoint.findings = {{.id = FindingId::mail_limited, .field = Field::subject, .offset = 9, .expected = "\xff", .found = "f"}};
    endpoint.error = Failure{FailureKind::timeout, "w", "x", "y\xff", "z"};
    endpoint.elapsed = std::chrono::milliseconds(5);
    evidence.endpoints = {endpoint, Endpoint{}};
    evidence.fetched = {{.url = "http://x/",
                         .kind = FetchedKind::issuer,
                         .bytes = {1, 2, 3},
                         .address = "192.0.2.7",
                         .failure = {},
                         .elapsed = std::chrono::milliseconds(9)},
                        {.url = "http://x/ocsp",
                         .kind = FetchedKind::ocsp,
                         .bytes = {4},
                         .address = "192.0.2.8",
                         .failure = {},
                         .elapsed = std::chrono::milliseconds(1),
                         .about = std::string(64, 'a'),
                         .nonce = {5, 6},
                         .at = *parse_time("2026-11-25T01:02:04Z")},
                        {.url = "u",
                         .kind = FetchedKind::crl,
                         .bytes = {},
                         .address = "",
                         .failure = Failure{FailureKind::protocol, "", "", "", ""},
                         .elapsed = {}}};
    evidence.error = Failure{FailureKind::usage, "p", "q", "r", "s"};
    return evidence;
}

TEST(EvidenceFile, GivesTheSameEvidenceAgain) {
    const std::string text = write_evidence(full());
    write_seed("probe_evidence", text);
    write_seed("probe_evidence", write_evidence(Evidence{}));
    const auto read = read_evidence(text);
    ASSERT_TRUE(read) << to_sentence(read.error());
    EXPECT_TRUE(*read == full());
    EXPECT_EQ(write_evidence(*read), text);
    EXPECT_TRUE(*read_evidence(write_evidence(Evidence{})) == Evidence{});
}

TEST(EvidenceFile, KeepsBytesThatAreNoTextWhereOnlyTextIsExpected) {
    Evidence evidence = full();
    evidence.dns[0].origin = evidence.endpoints[0].id = evidence.endpoints[0].address = "\xff";
    const std::string text = write_evidence(evidence);
    write_seed("probe_evidence", text);
    const auto read = read_evidence(text);
    ASSERT_TRUE(read) << to_sentence(read.error());
    EXPECT_TRUE(*read == evidence);
}

TEST(EvidenceFile, IsOneLineSoThatManyCanStandInOneFile) {
    const std::string text = write_evidence(full());
    EXPECT_EQ(text.find('\n'), text.size() - 1);
    EXPECT_TRUE(is_utf8(text));
}

TEST(EvidenceFile, EveryCutIsSaid) {
    const std::string text = write_evidence(full());
    for (std::size_t size = 0; size + 2 < text.size(); size += 7) {
        const auto read = read_evidence(text.substr(0, size));
        ASSERT_FALSE(read) << size;
        EXPECT_EQ(read.error().kind, FailureKind::input);
    }
    EXPECT_THAT(read_evidence(text.substr(0, text.size() / 2)).error().reason, HasSubstr("cut short"));
    EXPECT_THAT(read_evidence(text.substr(0, text.size() / 2)).error().next, HasSubstr("--save"));
}

std::string changed(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(EvidenceFile, ANewerVersionAsksForANewerProgram) {
    const auto read = read_evidence(changed(write_evidence(full()), "\"schema_version\":1", "\"schema_version\":2"));
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().reason, HasSubstr("version 2"));
    EXPECT_THAT(read.error().next, HasSubstr("newer"));
}

TEST(EvidenceFile, OtherFilesAreRecognised) {
    EXPECT_THAT(read_evidence("").error().reason, HasSubstr("empty"));
    EXPECT_THAT(read_evidence("-----BEGIN CERTIFICATE-----").error().reason, HasSubstr("not JSON"));
    EXPECT_THAT(read_evidence("{\"schema_version\":1,\"verdicts\":[]}").error().reason, HasSubstr("not evidence"));
    EXPECT_THAT(read_evidence("[1]").error().reason, HasSubstr("not evidence"));
    EXPECT_FALSE(read_evidence(std::string(100000, '[')));
}

TEST(EvidenceFile, AWrongMemberIsNamedWithItsPlace) {
    const std::string text = write_evidence(full());
    const auto reason = [&](const std::string& from, const std::string& to) {
        write_seed("probe_evidence", changed(text, from, to));
        return read_evidence(changed(text, from, to)).error().reason;
    };
    EXPECT_THAT(reason("\"port\":143,\"tls_mode\"", "\"port\":70000,\"tls_mode\""), HasSubstr("endpoints[0].port"));
    EXPECT_THAT(reason("\"state\":\"tls-failed\"", "\"state\":\"fine\""), HasSubstr("endpoints[0].state"));
    EXPECT_THAT(reason("\"id\":\"mail.limited\"", "\"id\":\"mail.nothing\""), HasSubstr("endpoints[0].findings[0].id"));
    EXPECT_THAT(reason("\"AAH/\"", "\"AAH/!\""), HasSubstr("base64"));
    EXPECT_THAT(reason("\"connections\":7", "\"connections\":-7"), HasSubstr("connections"));
    EXPECT_THAT(reason("\"at\":\"2026-11-25T01:02:03Z\"", "\"at\":\"soon\""), HasSubstr("'at'"));
    EXPECT_THAT(reason("\"at\":\"2026-11-25T01:02:04Z\"", "\"at\":\"soon\""), HasSubstr("fetched[1].at"));
    EXPECT_THAT(reason("\"nonce\":\"BQY=\"", "\"nonce\":\"?\""), HasSubstr("fetched[1].nonce"));
    EXPECT_THAT(reason("\"deep\":true,", ""), HasSubstr("deep"));
}

TEST(EvidenceFile, UnknownMembersAreSkipped) {
    const auto read = read_evidence(changed(write_evidence(full()), "{\"format\"", "{\"later\":[1,{}],\"format\""));
    ASSERT_TRUE(read);
    EXPECT_TRUE(*read == full());
}

}  // namespace
}  // namespace truename::probe
