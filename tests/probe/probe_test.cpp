#include "probe/probe.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

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
using testing::Not;

const test::Pair& pair() {
    static const test::Pair kPair = test::make_pair();
    return kPair;
}

/// What each protocol's server says up to TLS, and inside.
void serve(Peer& peer, Protocol protocol, const ServerTls& tls) {
    switch (protocol) {
        case Protocol::imap:
            peer.say("* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready\r\n");
            peer.hear();
            peer.say("a2 OK go\r\n");
            break;
        case Protocol::pop3:
            peer.say("+OK ready\r\n");
            peer.hear();
            peer.say("+OK\r\nSTLS\r\n.\r\n");
            peer.hear();
            peer.say("+OK go\r\n");
            break;
        case Protocol::submission:
        case Protocol::smtp:
            peer.say("220-mx\r\n220 ready\r\n");
            peer.hear();
            peer.say("250-mx\r\n250 STARTTLS\r\n");
            peer.hear();
            peer.say("220 go\r\n");
            break;
        case Protocol::sieve:
            peer.say("\"IMPLEMENTATION\" \"x\"\r\n\"STARTTLS\"\r\nOK\r\n");
            peer.hear();
            peer.say("OK\r\n");
            break;
        default:
            break;
    }
    if (!peer.start_tls(tls)) return;
    if (protocol == Protocol::imaps) peer.say("* OK inside\r\n");
    if (protocol == Protocol::pop3s) peer.say("+OK inside\r\n");
    if (protocol == Protocol::submissions) peer.say("220 inside\r\n");
    peer.wait_for_end();
}

TEST(Probe, SpeaksEightProtocolsOfOneHostWithOneConnectionEach) {
    const ServerTls tls({.pair = &pair()});
    std::vector<std::unique_ptr<Server>> servers;
    Options options = quick();
    for (const ProtocolInfo& row : all_protocols()) {
        if (row.protocol == Protocol::tls) continue;
        servers.push_back(std::make_unique<Server>([&tls, protocol = row.protocol](Peer& peer) { serve(peer, protocol, tls); }));
        options.ports.push_back({row.protocol, servers.back()->port()});
    }
    options.resolve = {{"mail.example.test", "127.0.0.1"}};
    const Evidence evidence = ask("mail.example.test", options);
    ASSERT_EQ(evidence.endpoints.size(), 8U);
    EXPECT_EQ(evidence.connections, 8U);
    for (std::size_t i = 0; i < 8; ++i) {
        const Endpoint& endpoint = evidence.endpoints[i];
        EXPECT_EQ(endpoint.state, EndpointState::judged) << endpoint.id;
        EXPECT_EQ(endpoint.tls.chain, std::vector<ByteString>{pair().der()}) << endpoint.id;
        EXPECT_EQ(endpoint.tls.version, net::TlsVersion::tls_1_3);
        EXPECT_EQ(endpoint.tls.signature, "ecdsa-sha256");
        EXPECT_EQ(endpoint.hello.server_name, "mail.example.test");
        EXPECT_THAT(finding_names(endpoint), IsEmpty()) << endpoint.id;
        EXPECT_FALSE(endpoint.error);
        EXPECT_EQ(endpoint.reach.ecdsa(net::TlsVersion::tls_1_3), Answer::yes);
        EXPECT_EQ(endpoint.reach.rsa(net::TlsVersion::tls_1_3), Answer::not_asked);
        EXPECT_EQ(servers[i]->count(), 1);
    }
    EXPECT_EQ(evidence.endpoints[0].id, "imaps:" + std::to_string(servers[0]->port()) + "@127.0.0.1");
    EXPECT_EQ(evidence.endpoints[0].greeting, "* OK inside");
    EXPECT_THAT(evidence.endpoints[6].greeting, HasSubstr("220-mx"));
    EXPECT_EQ(evidence.dns[0].origin, "option");
}

TEST(Probe, AsksEachAddressOfTheNameOnce) {
    const ServerTls tls({.pair = &pair()});
    const Server server([&](Peer& peer) { serve(peer, Protocol::imaps, tls); });
    Options options = quick();
    options.ports = {{Protocol::imaps, server.port()}};
    options.resolve = {{"mail.example.test", "127.0.0.1"},
                       {"mail.example.test", "127.0.0.2"},
                       {"mail.example.test", "127.0.0.1"},
                       {"other.example.test", "127.0.0.3"}};
    const Evidence evidence = ask("mail.example.test", options);
    ASSERT_EQ(evidence.endpoints.size(), 2U);
    EXPECT_EQ(evidence.endpoints[0].address, "127.0.0.1");
    EXPECT_EQ(evidence.endpoints[0].state, EndpointState::judged);
    EXPECT_EQ(evidence.endpoints[1].address, "127.0.0.2");
    EXPECT_EQ(evidence.endpoints[1].state, EndpointState::refused);
}

TEST(Probe, AnAddressAsTargetIsNotPutIntoTheHello) {
    const ServerTls tls({.pair = &pair()});
    const Server server([&](Peer& peer) { serve(peer, Protocol::imaps, tls); });
    const Evidence evidence = ask("imaps://127.0.0.1:" + std::to_string(server.port()), quick());
    EXPECT_EQ(evidence.endpoints[0].hello.server_name, "");
    EXPECT_EQ(evidence.endpoints[0].state, EndpointState::judged);
}

TEST(Probe, ConnectGoesToTheAddressAndKeepsTheName) {
    const ServerTls tls({.pair = &pair()});
    const Server server([&](Peer& peer) { serve(peer, Protocol::imaps, tls); });
    Options options = quick();
    options.connect = "127.0.0.1";
    const Evidence evidence = ask("imaps://no.such.name.test:" + std::to_string(server.port()), options);
    EXPECT_EQ(evidence.endpoints[0].state, EndpointState::judged);
    EXPECT_EQ(evidence.endpoints[0].hello.server_name, "no.such.name.test");
}

TEST(Probe, ANameThatDoesNotResolveIsSaid) {
    const Evidence evidence = ask("no-such-name.invalid", quick());
    EXPECT_THAT(evidence.endpoints, IsEmpty());
    ASSERT_TRUE(evidence.error);
    EXPECT_EQ(evidence.error->object, "no-such-name.invalid");
    EXPECT_EQ(evidence.dns[0].failure, evidence.error);
}

TEST(Probe, RecognisesAServerOfTls10InTheSameConnection) {
    const ServerTls tls({.pair = &pair(), .min = TLS1_VERSION, .max = TLS1_VERSION});
    const Server server([&](Peer& peer) { serve(peer, Protocol::imaps, tls); });
    const Evidence evidence = ask("imaps://127.0.0.1:" + std::to_string(server.port()), quick());
    const Endpoint& endpoint = evidence.endpoints[0];
    EXPECT_EQ(endpoint.state, EndpointState::judged);
    EXPECT_EQ(endpoint.tls.version, net::TlsVersion::tls_1_0);
    EXPECT_THAT(finding_names(endpoint), ElementsAre("tls.version-old", "tls.version-1-0"));
    EXPECT_EQ(endpoint.reach.ecdsa(net::TlsVersion::tls_1_0), Answer::yes);
    EXPECT_EQ(endpoint.reach.ecdsa(net::TlsVersion::tls_1_2), Answer::no);
    EXPECT_EQ(evidence.connections, 1U);
}

TEST(Probe, AClientCertificateThatIsOnlyAskedForIsAFact) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const ServerTls tls({.pair = &pair(), .max = version, .ask_client = true});
        const Server server([&](Peer& peer) { serve(peer, Protocol::imap, tls); });
        const Evidence evidence = ask("imap://127.0.0.1:" + std::to_string(server.port()), quick());
        EXPECT_EQ(evidence.endpoints[0].state, EndpointState::judged);
        EXPECT_TRUE(evidence.endpoints[0].tls.asks_client_certificate);
        EXPECT_THAT(finding_names(evidence.endpoints[0]), ElementsAre("tls.asks-client-certificate"));
    }
}

TEST(Probe, AClientCertificateThatIsRequiredIsADefectInBothVersions) {
    for (const Protocol protocol : {Protocol::imap, Protocol::imaps}) {
        for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
            const ServerTls tls({.pair = &pair(), .max = version, .require_client = true});
            const Server server([&](Peer& peer) { serve(peer, protocol, tls); });
            const Evidence evidence = ask(std::string(info(protocol).name) + "://127.0.0.1:" + std::to_string(server.port()), quick());
            const Endpoint& endpoint = evidence.endpoints[0];
            EXPECT_EQ(endpoint.state, EndpointState::tls_failed) << version;
            EXPECT_EQ(endpoint.tls.chain.size(), 1U);
            EXPECT_THAT(finding_names(endpoint), Contains("tls.needs-client-certificate")) << version;
            EXPECT_THAT(finding_names(endpoint), Contains("tls.asks-client-certificate")) << version;
            EXPECT_EQ(endpoint.reach, Reach{}) << version;
        }
    }
}

TEST(Probe, LoginBeforeTlsIsAFact) {
    const ServerTls tls({.pair = &pair()});
    const Server server([&](Peer& peer) {
        peer.say("* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] ready\r\n");
        peer.hear();
        peer.say("a2 OK go\r\n");
        if (peer.start_tls(tls)) peer.wait_for_end();
    });
    const Endpoint endpoint = ask("imap://127.0.0.1:" + std::to_string(server.port()), quick()).endpoints[0];
    EXPECT_TRUE(endpoint.login_before_tls);
    EXPECT_THAT(finding_names(endpoint), ElementsAre("mail.login-before-tls"));
}

TEST(Probe, ADelayedGreetingIsWaitedFor) {
    const ServerTls tls({.pair = &pair()});
    const Server server([&](Peer& peer) {
        peer.say("220-wait\r\n");
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        serve(peer, Protocol::smtp, tls);
    });
    const Endpoint endpoint = ask("smtp://127.0.0.1:" + std::to_string(server.port()), quick()).endpoints[0];
    EXPECT_EQ(endpoint.state, EndpointState::judged);
}

TEST(Probe, AListIsAnsweredAsTargetsEndAndDeadOnesHoldNobodyUp) {
    const ServerTls tls({.pair = &pair()});
    const Server good([&](Peer& peer) { serve(peer, Protocol::imaps, tls); });
    const Server dead([](Peer& peer) { peer.wait_for_end(); });
    Options options = quick();
    options.in_flight = 8;
    int next = 0;
    const auto source = [&]() -> std::optional<Target> {
        if (next == 40) return std::nullopt;
        const Server& server = next++ % 10 == 0 ? dead : good;
        return *parse_target("imaps://127.0.0.1:" + std::to_string(server.port()), "list");
    };
    std::vector<EndpointState> states;
    const auto sink = [&](Evidence&& evidence) { states.push_back(evidence.endpoints.at(0).state); };
    ASSERT_TRUE(probe(source, options, sink, SystemClock()));
    ASSERT_EQ(states.size(), 40U);
    EXPECT_EQ(std::count(states.begin(), states.end(), EndpointState::judged), 36);
    EXPECT_EQ(std::count(states.begin(), states.end(), EndpointState::timeout), 4);
    // 36 good ones passed the four that wait for their deadline.
    EXPECT_TRUE(std::all_of(states.begin(), states.begin() + 30, [](EndpointState state) { return state == EndpointState::judged; }));
}

TEST(Probe, NeverOpensMoreConnectionsThanAllowed) {
    std::atomic<int> open = 0, most = 0;
    const ServerTls tls({.pair = &pair()});
    const Server server([&](Peer& peer) {
        const int now = ++open;
        int before = most;
        while (now > before && !most.compare_exchange_weak(before, now)) {
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        --open;
        serve(peer, Protocol::imaps, tls);
    });
    Options options = quick();
    options.in_flight = 3;
    options.ports = std::vector<Port>(4, Port{Protocol::imaps, server.port()});
    int next = 0, seen = 0;
    const auto source = [&]() -> std::optional<Target> {
        return next++ < 10 ? std::optional(*parse_target("127.0.0.1", "list")) : std::nullopt;
    };
    ASSERT_TRUE(probe(
        source, options, [&](Evidence&& evidence) { seen += evidence.endpoints.size() == 4; }, SystemClock()));
    EXPECT_EQ(seen, 10);
    EXPECT_LE(most, 3);
    EXPECT_EQ(server.count(), 40);
}

TEST(Probe, StopsWhenItIsTold) {
    const Server silent([](Peer& peer) { peer.wait_for_end(); });
    Options options = quick();
    options.limits = Limits{};
    std::stop_source stop;
    std::thread later([&] {
        while (silent.count() == 0) std::this_thread::yield();
        stop.request_stop();
    });
    const auto evidence =
        probe_one(*parse_target("imap://127.0.0.1:" + std::to_string(silent.port()), "argument"), options, SystemClock(), stop.get_token());
    later.join();
    ASSERT_FALSE(evidence);
    EXPECT_EQ(evidence.error().reason, "interrupted");
}

TEST(Probe, WhatIsNotAskedWhenTheTimeOfTheTargetIsUsedUpIsSaidToBeSo) {
    const Server silent([](Peer& peer) { peer.wait_for_end(); });
    Options options = quick();
    options.in_flight = 1;
    options.limits.target = std::chrono::milliseconds(400);
    options.ports = std::vector<Port>(5, Port{Protocol::imaps, silent.port()});
    const Evidence evidence = ask("127.0.0.1", options);
    ASSERT_EQ(evidence.endpoints.size(), 5U);
    for (const Endpoint& endpoint : evidence.endpoints) {
        EXPECT_EQ(endpoint.state, EndpointState::timeout);
        ASSERT_TRUE(endpoint.error);
        EXPECT_THAT(endpoint.error->reason, HasSubstr("used up"));
    }
    // The first had its connection, which counts although it came to nothing; nobody else had a turn.
    EXPECT_EQ(evidence.connections, 1U);
}

}  // namespace
}  // namespace truename::probe
