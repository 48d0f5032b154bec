#include <gmock/gmock.h>
#include <poll.h>
#include <sys/socket.h>

#include <string>

#include "tests/probe/asking.h"
#include "tests/probe/server.h"

namespace truename::probe {
namespace {

using test::ask;
using test::finding_names;
using test::Peer;
using test::quick;
using test::Server;
using test::ServerTls;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// What one connection to a server with this script shows.
Endpoint ask_script(std::string_view protocol, const Server::Script& script, const Options& options = quick()) {
    const Server server(script);
    const Evidence evidence = ask(std::string(protocol) + "://127.0.0.1:" + std::to_string(server.port()), options);
    return evidence.endpoints.size() == 1 ? evidence.endpoints[0] : Endpoint{};
}

/// An IMAP server up to its answer to STARTTLS.
void offer_imap(Peer& peer) {
    peer.say("* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready\r\n");
    peer.hear();
}

TEST(BrokenServer, AClosedPortIsRefused) {
    std::uint16_t port = 0;
    {
        const Server server([](Peer&) {});
        port = server.port();
    }
    const Evidence evidence = ask("imaps://127.0.0.1:" + std::to_string(port), quick());
    const Endpoint& endpoint = evidence.endpoints[0];
    EXPECT_EQ(endpoint.state, EndpointState::refused);
    EXPECT_EQ(endpoint.error->kind, FailureKind::refused);
    EXPECT_EQ(endpoint.error->object, "127.0.0.1 port " + std::to_string(port));
    EXPECT_EQ(evidence.connections, 0U);
}

TEST(BrokenServer, SilenceIsATimeoutAndNeverSaysThatThereIsNoStarttls) {
    for (const char* const protocol : {"imap", "pop3", "smtp", "sieve", "imaps"}) {
        const Endpoint endpoint = ask_script(protocol, [](Peer& peer) { peer.wait_for_end(); });
        EXPECT_EQ(endpoint.state, EndpointState::timeout) << protocol;
        EXPECT_EQ(endpoint.error->kind, FailureKind::timeout) << protocol;
        EXPECT_THAT(finding_names(endpoint), IsEmpty()) << protocol;
    }
}

/// Says one byte after another, some times as long as any deadline of quick(), until the client has gone.
void dribble(Peer& peer, char byte) {
    for (int i = 0; i < 200; ++i) {
        peer.say(std::string(1, byte));
        pollfd client{.fd = peer.fd(), .events = POLLRDHUP, .revents = 0};
        if (::poll(&client, 1, 50) != 0) return;
    }
}

// A client whose deadline moves with every byte would hear these servers out, and then come to another state than a timeout.

TEST(BrokenServer, AByteNowAndThenDoesNotStretchTheGreeting) {
    const Endpoint endpoint = ask_script("smtp", [](Peer& peer) {
        peer.say("220-wait\r\n220-");
        dribble(peer, 'x');
        peer.say("\r\n421 busy\r\n");
    });
    EXPECT_EQ(endpoint.state, EndpointState::limited);
    EXPECT_THAT(finding_names(endpoint), IsEmpty());
    EXPECT_THAT(endpoint.error->reason, HasSubstr("did not end within"));
}

TEST(BrokenServer, AGreetingThatComesByteAfterByteIsLimited) {
    const Endpoint endpoint = ask_script("imap", [](Peer& peer) { dribble(peer, '*'); });
    EXPECT_EQ(endpoint.state, EndpointState::limited);
    EXPECT_EQ(endpoint.error->kind, FailureKind::limited);
    EXPECT_THAT(endpoint.error->reason, HasSubstr("did not end within"));
}

TEST(BrokenServer, AByteNowAndThenDoesNotStretchTheHandshake) {
    const Endpoint endpoint = ask_script("imaps", [](Peer& peer) {
        peer.hear_bytes();
        peer.say(std::string("\x16\x03\x03\x40\x00", 5));
        dribble(peer, '\0');
    });
    EXPECT_EQ(endpoint.state, EndpointState::timeout);
    EXPECT_EQ(endpoint.error->kind, FailureKind::timeout);
    EXPECT_EQ(endpoint.error->doing, "the TLS handshake");
}

TEST(BrokenServer, AGreetingThatBeginsAndDoesNotEndIsLimited) {
    const Endpoint endpoint = ask_script("smtp", [](Peer& peer) {
        peer.say("220-wait\r\n");
        peer.wait_for_end();
    });
    EXPECT_EQ(endpoint.state, EndpointState::limited);
    EXPECT_EQ(endpoint.error->kind, FailureKind::limited);
    EXPECT_EQ(endpoint.greeting, "220-wait");
}

TEST(BrokenServer, TenMegabytesOfGreetingAreNotRead) {
    std::size_t sent = 0;
    const Endpoint endpoint = ask_script("imap", [&](Peer& peer) {
        const std::string block(65536, 'g');
        for (; sent < (std::size_t{10} << 20); sent += block.size()) {
            if (::send(peer.fd(), block.data(), block.size(), MSG_NOSIGNAL) < 0) return;
        }
    });
    EXPECT_EQ(endpoint.state, EndpointState::no_tls);
    EXPECT_THAT(finding_names(endpoint), ElementsAre("mail.greeting"));
    EXPECT_LE(endpoint.greeting.size(), 1024U);
    EXPECT_THAT(endpoint.error->reason, HasSubstr("does not end"));
}

TEST(BrokenServer, AnotherProtocolIsNamed) {
    const Endpoint endpoint = ask_script("imap", [](Peer& peer) { peer.say("HTTP/1.1 400 Bad Request\r\n\r\n"); });
    EXPECT_EQ(endpoint.state, EndpointState::no_tls);
    EXPECT_THAT(finding_names(endpoint), ElementsAre("mail.greeting"));
    EXPECT_EQ(endpoint.findings[0].found, "HTTP/1.1 400 Bad Request");
}

TEST(BrokenServer, TurnedAwayIsLimited) {
    const std::pair<const char*, const char*> kCases[] = {{"smtp", "421 4.7.0 too many connections\r\n"},
                                                          {"imap", "* BYE too many\r\n"},
                                                          {"pop3", "-ERR [IN-USE] later\r\n"},
                                                          {"sieve", "BYE \"later\"\r\n"}};
    for (const auto& [protocol, line] : kCases) {
        const Endpoint endpoint = ask_script(protocol, [line = line](Peer& peer) { peer.say(line); });
        EXPECT_EQ(endpoint.state, EndpointState::limited) << protocol;
        EXPECT_EQ(endpoint.error->kind, FailureKind::limited) << protocol;
        EXPECT_THAT(finding_names(endpoint), ElementsAre("mail.limited")) << protocol;
    }
}

TEST(BrokenServer, HangingUpBeforeTheGreetingIsDropped) {
    const Endpoint endpoint = ask_script("imap", [](Peer&) {});
    EXPECT_EQ(endpoint.state, EndpointState::dropped);
    EXPECT_EQ(endpoint.error->kind, FailureKind::dropped);
    EXPECT_EQ(endpoint.error->doing, "waiting for the greeting");
}

TEST(BrokenServer, HangingUpAfterStarttlsSaysSo) {
    const Endpoint endpoint = ask_script("imap", offer_imap);
    EXPECT_EQ(endpoint.state, EndpointState::dropped);
    EXPECT_THAT(finding_names(endpoint), ElementsAre("mail.starttls-failed"));
}

TEST(BrokenServer, NoStarttlsIsMissing) {
    const Endpoint endpoint = ask_script("smtp", [](Peer& peer) {
        peer.say("220 x\r\n");
        peer.hear();
        peer.say("250-x\r\n250 SIZE\r\n");
        peer.wait_for_end();
    });
    EXPECT_EQ(endpoint.state, EndpointState::no_tls);
    EXPECT_THAT(finding_names(endpoint), ElementsAre("mail.starttls-missing"));
    EXPECT_EQ(endpoint.capabilities, "SIZE");
}

// The wire signatures of servers that cannot load their key or certificate, as they were seen on real ones.

TEST(BrokenServer, DovecotWithoutItsKeyIsRecognisedInOnePacketOrTwo) {
    for (const bool apart : {false, true}) {
        const Endpoint endpoint = ask_script("imap", [apart](Peer& peer) {
            offer_imap(peer);
            peer.say(apart ? "a2 OK Begin TLS negotiation now.\r\n"
                           : "a2 OK Begin TLS negotiation now.\r\n* BYE [UNAVAILABLE] TLS initialization failed.\r\n");
            if (apart) peer.hear_bytes();
            if (apart) peer.say("* BYE [UNAVAILABLE] TLS initialization failed.\r\n");
            peer.wait_for_end();
        });
        EXPECT_EQ(endpoint.state, EndpointState::no_tls) << apart;
        EXPECT_THAT(finding_names(endpoint), ElementsAre("mail.starttls-failed", "server.certificate-load")) << apart;
        EXPECT_THAT(endpoint.error->reason, HasSubstr("TLS initialization failed")) << apart;
        EXPECT_TRUE(endpoint.tls.chain.empty());
    }
}

TEST(BrokenServer, Pop3OfDovecotWithoutItsKey) {
    const Endpoint endpoint = ask_script("pop3", [](Peer& peer) {
        peer.say("+OK\r\n");
        peer.hear();
        peer.say("+OK\r\nSTLS\r\n.\r\n");
        peer.hear();
        peer.say("+OK Begin TLS negotiation now.\r\n-ERR [SYS/TEMP] TLS initialization failed.\r\n");
        peer.wait_for_end();
    });
    EXPECT_THAT(finding_names(endpoint), Contains("server.certificate-load"));
}

TEST(BrokenServer, SieveOfDovecotAndCyrusWithoutTheirKeys) {
    const auto ask_answer = [](const char* answer) {
        return finding_names(ask_script("sieve", [answer](Peer& peer) {
            peer.say("\"STARTTLS\"\r\nOK\r\n");
            peer.hear();
            peer.say(answer);
            peer.wait_for_end();
        }));
    };
    EXPECT_THAT(ask_answer("OK \"Begin TLS negotiation now.\"\r\nBYE \"TLS initialization failed.\"\r\n"),
                ElementsAre("mail.starttls-failed", "server.certificate-load"));
    EXPECT_THAT(ask_answer("NO \"Error initializing TLS\"\r\n"), ElementsAre("mail.starttls-refused", "server.certificate-load"));
}

TEST(BrokenServer, AStarttlsPortThatClosesAtTheHelloCannotLoadItsPair) {
    const Endpoint endpoint = ask_script("imap", [](Peer& peer) {
        offer_imap(peer);
        peer.say("a2 OK go\r\n");
        peer.hear_bytes();
    });
    EXPECT_EQ(endpoint.state, EndpointState::tls_failed);
    EXPECT_THAT(finding_names(endpoint), ElementsAre("tls.closed", "server.certificate-load"));
}

TEST(BrokenServer, PostfixEximAndCyrusWithoutTheirKeys) {
    for (const char* const answer : {"454 4.7.0 TLS not available due to local problem\r\n", "454 TLS currently unavailable\r\n"}) {
        const Endpoint endpoint = ask_script("submission", [answer](Peer& peer) {
            peer.say("220 x\r\n");
            peer.hear();
            peer.say("250-x\r\n250 STARTTLS\r\n");
            peer.hear();
            peer.say(answer);
            peer.wait_for_end();
        });
        EXPECT_EQ(endpoint.state, EndpointState::no_tls);
        EXPECT_THAT(finding_names(endpoint), ElementsAre("mail.starttls-refused", "server.certificate-load")) << answer;
    }
    const Endpoint imap = ask_script("imap", [](Peer& peer) {
        offer_imap(peer);
        peer.say("a2 NO Error initializing TLS\r\n");
        peer.wait_for_end();
    });
    EXPECT_THAT(finding_names(imap), ElementsAre("mail.starttls-refused", "server.certificate-load"));
}

TEST(BrokenServer, AStarttlsRefusedForAnotherReasonIsNoBrokenKey) {
    const Endpoint endpoint = ask_script("imap", [](Peer& peer) {
        offer_imap(peer);
        peer.say("a2 NO not today\r\n");
        peer.wait_for_end();
    });
    EXPECT_THAT(finding_names(endpoint), ElementsAre("mail.starttls-refused"));
}

TEST(BrokenServer, AnImplicitPortThatClosesAtTheHelloCannotLoadItsPair) {
    const Endpoint endpoint = ask_script("imaps", [](Peer& peer) { peer.hear_bytes(); });
    EXPECT_EQ(endpoint.state, EndpointState::tls_failed);
    EXPECT_EQ(endpoint.tls.trouble, net::TlsTrouble::closed);
    EXPECT_THAT(finding_names(endpoint), ElementsAre("tls.closed", "server.certificate-load"));
}

TEST(BrokenServer, PlainTextOnATlsPortIsShown) {
    const Endpoint endpoint = ask_script("imaps", [](Peer& peer) {
        peer.say("* OK IMAP ready\r\n");
        peer.wait_for_end();
    });
    EXPECT_EQ(endpoint.state, EndpointState::no_tls);
    EXPECT_THAT(finding_names(endpoint), ElementsAre("tls.plaintext"));
    EXPECT_EQ(endpoint.findings[0].found, "* OK IMAP ready");
}

TEST(BrokenServer, ALongLineIsShownShortened) {
    const Endpoint endpoint = ask_script("imaps", [](Peer& peer) {
        peer.say(std::string(5000, 'g'));
        peer.wait_for_end();
    });
    EXPECT_THAT(finding_names(endpoint), ElementsAre("mail.greeting")) << "whatever it is, it is no server of mail";
    EXPECT_EQ(endpoint.findings[0].found, std::string(120, 'g') + " ...");
    EXPECT_LT(endpoint.error->reason.size(), 300U);
}

TEST(BrokenServer, ABusyAnswerInPlainTextOnATlsPortIsLimited) {
    const Endpoint endpoint = ask_script("submissions", [](Peer& peer) {
        peer.say("421 too many connections\r\n");
        peer.wait_for_end();
    });
    EXPECT_EQ(endpoint.state, EndpointState::limited);
}

TEST(BrokenServer, TlsOnAPlainTextPortIsRecognised) {
    const test::Pair pair = test::make_pair();
    const ServerTls tls({.pair = &pair});
    const Server server([&](Peer& peer) {
        if (peer.start_tls(tls)) peer.wait_for_end();
    });
    const Evidence evidence = ask("imap://127.0.0.1:" + std::to_string(server.port()), quick());
    const Endpoint& endpoint = evidence.endpoints[0];
    EXPECT_EQ(endpoint.state, EndpointState::tls_failed);
    EXPECT_THAT(finding_names(endpoint), ElementsAre("tls.on-starttls-port"));
    EXPECT_EQ(endpoint.tls.chain.size(), 1U);
    EXPECT_THAT(endpoint.error->next, HasSubstr("imaps"));
    EXPECT_EQ(evidence.connections, 1U);
}

TEST(BrokenServer, InjectedPlainTextIsAFindingAndNeverReachesTls) {
    const test::Pair pair = test::make_pair();
    const ServerTls tls({.pair = &pair});
    const Endpoint endpoint = ask_script("imap", [&](Peer& peer) {
        offer_imap(peer);
        peer.say("a2 OK go\r\na3 OK injected\r\n");
        if (peer.start_tls(tls)) peer.wait_for_end();
    });
    EXPECT_EQ(endpoint.state, EndpointState::judged);
    EXPECT_THAT(finding_names(endpoint), ElementsAre("mail.plaintext-after-starttls"));
    EXPECT_EQ(endpoint.findings[0].found, "a3 OK injected");
}

TEST(BrokenServer, ACertificateOfAnotherKeyIsNotAHandshakeThatWorked) {
    const test::Pair pair = test::make_pair(), other = test::make_pair();
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const ServerTls tls({.pair = &pair, .wrong_key = &other, .max = version});
        const Endpoint endpoint = ask_script("imaps", [&](Peer& peer) { peer.start_tls(tls); });
        EXPECT_EQ(endpoint.state, EndpointState::tls_failed) << version;
        EXPECT_EQ(endpoint.tls.handshake, net::Handshake::failed) << version;
        EXPECT_EQ(endpoint.tls.chain.size(), 1U) << version;
        EXPECT_THAT(finding_names(endpoint), ElementsAre("tls.bad-server-signature")) << version << " " << endpoint.tls.error;
    }
}

TEST(BrokenServer, AnAlertIsNamedByItsNumber) {
    const Endpoint endpoint = ask_script("imaps", [](Peer& peer) {
        peer.hear_bytes();
        peer.say(std::string("\x15\x03\x03\x00\x02\x02\x50", 7));
    });
    EXPECT_EQ(endpoint.state, EndpointState::tls_failed);
    EXPECT_EQ(endpoint.tls.alert, 80);
    EXPECT_THAT(finding_names(endpoint), ElementsAre("tls.alert"));
    EXPECT_EQ(endpoint.findings[0].found, "80 internal_error");
}

TEST(BrokenServer, NoCommonVersionAndNoCommonCipherAreToldApart) {
    const auto alert = [](char number) {
        return ask_script("imaps", [number](Peer& peer) {
            peer.hear_bytes();
            peer.say(std::string("\x15\x03\x03\x00\x02\x02", 6) + number);
        });
    };
    EXPECT_THAT(finding_names(alert(70)), ElementsAre("tls.alert", "tls.version-unsupported"));
    EXPECT_THAT(finding_names(alert(40)), ElementsAre("tls.alert", "tls.no-common-cipher"));
    EXPECT_THAT(finding_names(alert(112)), ElementsAre("tls.alert", "tls.name-only"));
    EXPECT_EQ(alert(70).reach.rsa(net::TlsVersion::tls_1_2), Answer::no);
    EXPECT_EQ(alert(112).reach.rsa(net::TlsVersion::tls_1_2), Answer::not_asked);
}

/// A TLS 1.2 server's first flight with a Certificate message of our own, in records of the wire.
std::string flight_with_certificates(const std::string& list) {
    const auto number = [](std::size_t value, int width) {
        std::string text;
        while (width-- > 0) text += static_cast<char>(value >> (8 * width) & 0xff);
        return text;
    };
    const std::string hello = std::string("\x03\x03", 2) + std::string(32, 'r') + std::string("\x00\xc0\x2f\x00", 4);
    const std::string certificates = number(list.size(), 3) + list;
    std::string messages = "\x02" + number(hello.size(), 3) + hello;
    messages += "\x0b" + number(certificates.size(), 3) + certificates;
    messages += std::string("\x0e\x00\x00\x00", 4);
    std::string records;
    for (std::size_t at = 0; at < messages.size(); at += 16000) {
        const std::string part = messages.substr(at, 16000);
        records += std::string("\x16\x03\x03", 3) + number(part.size(), 2) + part;
    }
    return records;
}

Endpoint ask_certificates(const std::string& list) {
    return ask_script("imaps", [&](Peer& peer) {
        peer.hear_bytes();
        peer.say(flight_with_certificates(list));
        peer.wait_for_end();
    });
}

TEST(BrokenServer, AGarbageCertificateIsKeptAsItCame) {
    const Endpoint endpoint = ask_certificates(std::string("\x00\x00\x07", 3) + "garbage");
    EXPECT_EQ(endpoint.state, EndpointState::tls_failed);
    ASSERT_EQ(endpoint.tls.chain.size(), 1U);
    EXPECT_EQ(as_text(endpoint.tls.chain[0]), "garbage");
    EXPECT_EQ(endpoint.tls.trouble, net::TlsTrouble::bad_certificate);
    EXPECT_THAT(endpoint.error->reason, HasSubstr("as a certificate is none"));
    EXPECT_THAT(finding_names(endpoint), ElementsAre("tls.handshake"));
}

TEST(BrokenServer, AnEmptyChainIsAnEmptyChain) {
    const Endpoint endpoint = ask_certificates("");
    EXPECT_EQ(endpoint.state, EndpointState::tls_failed);
    EXPECT_TRUE(endpoint.tls.chain.empty());
    EXPECT_EQ(endpoint.tls.version, net::TlsVersion::tls_1_2);
}

TEST(BrokenServer, AChainOverTheLimitEndsTheHandshake) {
    const Endpoint endpoint = ask_certificates(std::string(300000, 'x'));
    EXPECT_EQ(endpoint.state, EndpointState::tls_failed);
    EXPECT_EQ(endpoint.tls.trouble, net::TlsTrouble::too_large);
    EXPECT_THAT(finding_names(endpoint), ElementsAre("tls.handshake"));
    EXPECT_THAT(endpoint.error->reason, HasSubstr("larger than what this program reads"));
}

TEST(BrokenServer, ClosingInTheMiddleOfTheHandshakeIsSaid) {
    const Endpoint endpoint = ask_script("imaps", [](Peer& peer) {
        peer.hear_bytes();
        peer.say(flight_with_certificates("").substr(0, 40));
    });
    EXPECT_EQ(endpoint.state, EndpointState::tls_failed);
    EXPECT_EQ(endpoint.tls.trouble, net::TlsTrouble::closed);
    EXPECT_THAT(finding_names(endpoint), Contains("tls.closed"));
}

TEST(BrokenServer, EximsOwnCertificateIsNamed) {
    const test::Pair pair = test::make_pair({.subject = "C=UK,O=Exim Developers,CN=mx"});
    const ServerTls tls({.pair = &pair});
    const Endpoint endpoint = ask_script("imaps", [&](Peer& peer) {
        if (!peer.start_tls(tls)) return;
        peer.say("* OK\r\n");
        peer.wait_for_end();
    });
    EXPECT_EQ(endpoint.state, EndpointState::judged);
    EXPECT_THAT(finding_names(endpoint), ElementsAre("server.generated-certificate"));
}

TEST(BrokenServer, DebiansSnakeOilIsNamedAndAnyOtherSelfSignedOneIsNot) {
    const auto ask_pair = [](const test::Pair& pair) {
        const ServerTls tls({.pair = &pair});
        return finding_names(ask_script("imaps", [&](Peer& peer) {
            if (peer.start_tls(tls)) peer.wait_for_end();
        }));
    };
    EXPECT_THAT(ask_pair(test::make_pair({.subject = "CN=box", .dns_name = "box", .days = 3650})), ElementsAre("server.snake-oil"));
    EXPECT_THAT(ask_pair(test::make_pair({.subject = "CN=box", .dns_name = "box", .days = 365})), IsEmpty());
    EXPECT_THAT(ask_pair(test::make_pair({.subject = "CN=box,O=Example", .dns_name = "box", .days = 3650})), IsEmpty());
}

}  // namespace
}  // namespace truename::probe
