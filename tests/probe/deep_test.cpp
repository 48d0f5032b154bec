#include "probe/deep.h"

#include <gmock/gmock.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "tests/probe/asking.h"
#include "tests/probe/server.h"
#include "tests/seeds.h"

namespace truename::probe {
namespace {

using net::TlsVersion;
using test::ask;
using test::finding_names;
using test::Peer;
using test::quick;
using test::Server;
using test::ServerTls;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

const test::Pair& ec() {
    static const test::Pair kPair = test::make_pair();
    return kPair;
}
const test::Pair& ec_of_another_day() {
    static const test::Pair kPair = test::make_pair();
    return kPair;
}
const test::Pair& rsa() {
    static const test::Pair kPair = test::make_pair({.rsa = true});
    return kPair;
}

Endpoint ask_deep(const Server& server, std::vector<std::string> other_names = {}, const std::string& protocol = "imaps") {
    Options options = quick();
    options.deep = true;
    options.other_names = std::move(other_names);
    options.resolve = {{"mail.example.test", "127.0.0.1"}};
    const Evidence evidence = ask(protocol + "://mail.example.test:" + std::to_string(server.port()), options);
    EXPECT_TRUE(evidence.deep);
    EXPECT_EQ(evidence.connections, static_cast<unsigned>(server.count()));
    return evidence.endpoints.at(0);
}

Server::Script speak(const ServerTls& tls) {
    return [&tls](Peer& peer) {
        if (!peer.start_tls(tls)) return;
        peer.say("* OK\r\n");
        peer.wait_for_end();
    };
}

TEST(Deep, AnOrdinaryServerHasNothingToTell) {
    const ServerTls tls({.pair = &rsa()});
    const Server server(speak(tls));
    const Endpoint endpoint = ask_deep(server);
    EXPECT_THAT(finding_names(endpoint), IsEmpty());
    EXPECT_EQ(endpoint.reach.rsa(TlsVersion::tls_1_3), Answer::yes);
    EXPECT_EQ(endpoint.reach.rsa(TlsVersion::tls_1_2), Answer::yes);
    EXPECT_EQ(endpoint.reach.rsa(TlsVersion::tls_1_0), Answer::no);
    EXPECT_EQ(endpoint.reach.rsa(TlsVersion::tls_1_1), Answer::not_asked);
    EXPECT_EQ(endpoint.reach.ecdsa(TlsVersion::tls_1_3), Answer::no);
}

TEST(Deep, AKeyThatIsNeitherRsaNorEcdsaIsOfItsOwnKind) {
    const test::Pair pair = test::make_pair({.ed25519 = true});
    const ServerTls tls({.pair = &pair});
    const Server server(speak(tls));
    const Endpoint endpoint = ask_deep(server);
    EXPECT_EQ(endpoint.tls.signature, "ed25519");
    EXPECT_EQ(endpoint.reach.other(TlsVersion::tls_1_3), Answer::yes);
    EXPECT_EQ(endpoint.reach.rsa(TlsVersion::tls_1_3), Answer::no) << "clients without Ed25519 get nothing";
    EXPECT_EQ(endpoint.reach.ecdsa(TlsVersion::tls_1_3), Answer::no);
}

TEST(EvidenceFile, FromBeforeThereWereOtherKeysSaysNoMoreThatTheyAreRsa) {
    const test::Pair pair = test::make_pair({.ed25519 = true});
    Endpoint endpoint;
    endpoint.hello = {.server_name = "mail.example.test", .min = TlsVersion::tls_1_2, .max = TlsVersion::tls_1_3};
    endpoint.tls.handshake = net::Handshake::completed;
    endpoint.tls.version = TlsVersion::tls_1_3;
    endpoint.tls.signature = "ed25519";
    endpoint.tls.chain = {pair.der()};
    endpoint.reach.answers[Reach::row(TlsVersion::tls_1_3)] = {Answer::yes, Answer::not_asked, Answer::not_asked};
    Evidence evidence;
    evidence.endpoints = {endpoint};
    std::string old = write_evidence(evidence);
    for (const std::string& word : {std::string(",\"other\":\"not-asked\""), std::string(",\"other\":\"yes\"")}) {
        for (std::size_t at = old.find(word); at != std::string::npos; at = old.find(word)) old.erase(at, word.size());
    }
    write_seed("probe_evidence", old);
    const auto read = read_evidence(old);
    ASSERT_TRUE(read) << to_sentence(read.error());
    EXPECT_EQ(read->endpoints.at(0).reach.rsa(TlsVersion::tls_1_3), Answer::not_asked);
    EXPECT_EQ(read->endpoints.at(0).reach.other(TlsVersion::tls_1_3), Answer::yes);
}

TEST(Deep, ThePlainRunAsksNoneOfIt) {
    const ServerTls tls({.pair = &rsa()});
    const Server server(speak(tls));
    Options options = quick();
    options.connect = "127.0.0.1";
    const Evidence evidence = ask("imaps://mail.example.test:" + std::to_string(server.port()), options);
    EXPECT_EQ(server.count(), 1);
    EXPECT_THAT(evidence.endpoints[0].deep, IsEmpty());
}

TEST(Deep, TwoProcessesWithTwoCertificates) {
    const ServerTls old_tls({.pair = &ec()}), new_tls({.pair = &ec_of_another_day()});
    std::atomic<int> number = 0;
    const Server server([&](Peer& peer) { speak(number++ % 2 == 0 ? old_tls : new_tls)(peer); });
    EXPECT_THAT(finding_names(ask_deep(server)), Contains("tls.two-certificates"));
}

TEST(Deep, TwoProcessesAreReachedThoughTheFirstTakesAllThatItCan) {
    // As Postfix does it: a process that waits takes the next connection, and a new one begins only while the others are busy.
    const ServerTls old_tls({.pair = &ec()}), new_tls({.pair = &ec_of_another_day()});
    std::atomic<bool> old_is_busy = false;
    const Server server([&](Peer& peer) {
        const bool is_old = !old_is_busy.exchange(true);
        speak(is_old ? old_tls : new_tls)(peer);
        if (is_old) old_is_busy = false;
    });
    const Endpoint endpoint = ask_deep(server);
    EXPECT_EQ(endpoint.tls.chain.at(0), ec().der());
    EXPECT_THAT(finding_names(endpoint), Contains("tls.two-certificates"));
}

TEST(NamesBesides, AreAskedByConnectionsThatAreOpenTogether) {
    const ServerTls tls({.pair = &rsa(), .by_name = {{"b.example.test", &ec()}}});
    std::atomic<int> open = 0, most = 0;
    const Server server([&](Peer& peer) {
        most = std::max<int>(most, ++open);
        speak(tls)(peer);
        --open;
    });
    Options options = quick();
    options.connect = "127.0.0.1";
    options.names_besides = [](const Target& target) {
        return std::vector<std::string>{target.name, "b.example.test", "b.example.test", ""};
    };
    const Endpoint endpoint = ask("imaps://a.example.test:" + std::to_string(server.port()), options).endpoints.at(0);
    EXPECT_EQ(most, 5);
    std::multimap<std::string, bool> has_ec_by_name;
    for (const DeepAnswer& answer : endpoint.deep) has_ec_by_name.emplace(answer.hello.server_name, answer.tls.chain.at(0) == ec().der());
    EXPECT_EQ(has_ec_by_name, (std::multimap<std::string, bool>{
                                  {"", false}, {"a.example.test", false}, {"b.example.test", true}, {"b.example.test", true}}));
}

TEST(NamesBesides, AreNoneWhenNobodyGivesThem) {
    Endpoint endpoint;
    endpoint.state = EndpointState::judged;
    EXPECT_TRUE(plan_questions({}, endpoint, {}).empty());
}

TEST(Deep, ConnectionsThatAreHeldOpenGiveWayWhereFewAreAllowed) {
    const ServerTls tls({.pair = &rsa()});
    std::atomic<int> open = 0, most = 0;
    const Server server([&](Peer& peer) {
        most = std::max<int>(most, ++open);
        speak(tls)(peer);
        --open;
    });
    Options options = quick();
    options.deep = true;
    options.in_flight = 1;
    options.connect = "127.0.0.1";
    options.ports = {{Protocol::imaps, server.port()}, {Protocol::tls, server.port()}};
    const Evidence evidence = ask("mail.example.test", options);
    ASSERT_EQ(evidence.endpoints.size(), 2U);
    for (const Endpoint& endpoint : evidence.endpoints) {
        EXPECT_EQ(endpoint.state, EndpointState::judged);
        EXPECT_EQ(endpoint.deep.size(), 6U);
        for (const DeepAnswer& answer : endpoint.deep) {
            const bool fails = answer.question == Question::ecdsa_only || answer.question == Question::tls_1_0_only;
            EXPECT_EQ(answer.tls.handshake == net::Handshake::completed, !fails) << name_of(answer.question);
        }
    }
}

TEST(Deep, EveryConnectionTakesLeaveOfTheServer) {
    const ServerTls tls({.pair = &rsa()});
    std::atomic<int> secure = 0, left = 0;
    {
        const Server server([&](Peer& peer) {
            if (!peer.start_tls(tls)) return;
            ++secure;
            peer.say("* OK\r\n");
            left += peer.hear() == "a9 LOGOUT";
        });
        ask_deep(server);
    }
    EXPECT_EQ(secure, 5);
    EXPECT_EQ(left, 5);
}

std::vector<std::string_view> questions_of(const Endpoint& endpoint) {
    std::vector<std::string_view> names;
    for (const DeepAnswer& answer : endpoint.deep) names.push_back(name_of(answer.question));
    return names;
}

TEST(Deep, AsksNothingThatAnEarlierAnswerHasTold) {
    const ServerTls rsa_1_3({.pair = &rsa()});
    EXPECT_THAT(questions_of(ask_deep(Server(speak(rsa_1_3)))),
                ElementsAre("again", "again", "no-sni", "ecdsa-only", "tls-1-2", "tls-1-0-only"));
    // It has no RSA key, so clients that stop at TLS 1.0 cannot reach it; whether it speaks TLS 1.0 at all is still open.
    const ServerTls ec_1_3({.pair = &ec()});
    const Endpoint endpoint = ask_deep(Server(speak(ec_1_3)));
    EXPECT_THAT(questions_of(endpoint), ElementsAre("again", "again", "no-sni", "rsa-only", "tls-1-2", "tls-1-0-only"));
    EXPECT_EQ(endpoint.deep.back().hello.keys, net::KeyOffer::ecdsa);
    // A first answer in TLS 1.2 tells that 1.3 is not spoken, and one in TLS 1.0 all.
    const ServerTls rsa_1_2({.pair = &rsa(), .max = TLS1_2_VERSION});
    EXPECT_THAT(questions_of(ask_deep(Server(speak(rsa_1_2)))), ElementsAre("again", "again", "no-sni", "ecdsa-only", "tls-1-0-only"));
    const ServerTls rsa_1_0({.pair = &rsa(), .min = TLS1_VERSION, .max = TLS1_VERSION});
    EXPECT_THAT(questions_of(ask_deep(Server(speak(rsa_1_0)))), ElementsAre("again", "again", "no-sni", "ecdsa-only"));
}

TEST(Deep, AServerOfTls13AloneSaysNoToAllOlderVersionsAtOnce) {
    const ServerTls tls({.pair = &rsa(), .min = TLS1_3_VERSION});
    const Endpoint endpoint = ask_deep(Server(speak(tls)));
    EXPECT_THAT(questions_of(endpoint), ElementsAre("again", "again", "no-sni", "ecdsa-only", "tls-1-2"));
    for (const TlsVersion version : {TlsVersion::tls_1_0, TlsVersion::tls_1_1, TlsVersion::tls_1_2}) {
        EXPECT_EQ(endpoint.reach.rsa(version), Answer::no);
        EXPECT_EQ(endpoint.reach.ecdsa(version), Answer::no);
    }
    EXPECT_EQ(endpoint.reach.rsa(TlsVersion::tls_1_3), Answer::yes);
}

TEST(Deep, RsaBesideEcdsa) {
    const ServerTls tls({.pair = &ec(), .second_pair = &rsa()});
    const Server server(speak(tls));
    const Endpoint endpoint = ask_deep(server);
    EXPECT_THAT(finding_names(endpoint), ElementsAre("tls.two-key-types"));
    EXPECT_EQ(endpoint.reach.ecdsa(TlsVersion::tls_1_3), Answer::yes);
    EXPECT_EQ(endpoint.reach.rsa(TlsVersion::tls_1_3), Answer::yes);
    const auto question =
        std::find_if(endpoint.deep.begin(), endpoint.deep.end(), [](const DeepAnswer& a) { return a.question == Question::rsa_only; });
    ASSERT_NE(question, endpoint.deep.end());
    EXPECT_EQ(question->tls.chain.at(0), rsa().der());
}

TEST(Deep, AnotherCertificateWithoutTheName) {
    const ServerTls tls({.pair = &ec(), .by_name = {{"mail.example.test", &ec_of_another_day()}}});
    const Server server(speak(tls));
    const Endpoint endpoint = ask_deep(server);
    EXPECT_THAT(finding_names(endpoint), ElementsAre("tls.sni-certificate"));
    EXPECT_EQ(endpoint.tls.chain.at(0), ec_of_another_day().der());
}

TEST(Deep, AServerThatHasNoCertificateAtAllIsCalledSo) {
    const ServerTls tls({});
    const Server server(speak(tls));
    EXPECT_THAT(finding_names(ask("imaps://127.0.0.1:" + std::to_string(server.port()), quick()).endpoints.at(0)),
                ElementsAre("tls.alert", "tls.no-common-cipher"));
    const Server deep_server(speak(tls));
    const Endpoint endpoint = ask_deep(deep_server);
    EXPECT_EQ(endpoint.state, EndpointState::tls_failed);
    EXPECT_THAT(finding_names(endpoint), ElementsAre("tls.alert", "server.certificate-load"));
    EXPECT_EQ(endpoint.reach.rsa(TlsVersion::tls_1_2), Answer::no);
}

TEST(Deep, AServerThatWantsOtherCiphersHasACertificate) {
    const Server server([](Peer& peer) {
        peer.hear_bytes();
        peer.say(std::string("\x15\x03\x03\x00\x02\x02\x28", 7));
    });
    EXPECT_THAT(finding_names(ask_deep(server)), ElementsAre("tls.alert", "tls.no-common-cipher"));
}

TEST(Deep, OneNameThatFailsIsABrokenEntryOfThatName) {
    const ServerTls tls({.pair = &ec(), .by_name = {{"mail.example.test", nullptr}}});
    const Server server(speak(tls));
    const Endpoint endpoint = ask_deep(server);
    EXPECT_EQ(endpoint.state, EndpointState::tls_failed);
    EXPECT_THAT(finding_names(endpoint), ElementsAre("tls.alert", "tls.name-only", "server.sni-entry-broken"));
    EXPECT_EQ(endpoint.findings[2].found, "mail.example.test");
}

TEST(Deep, OneNameThatIsHungUpOnIsNoBrokenPairOfTheServer) {
    const ServerTls tls({.pair = &ec()});
    const Server server([&](Peer& peer) {
        std::string bytes(4096, '\0');
        const auto got = ::recv(peer.fd(), bytes.data(), bytes.size(), MSG_PEEK);
        if (bytes.substr(0, static_cast<std::size_t>(got)).find("mail.example.test") != std::string::npos) return;
        speak(tls)(peer);
    });
    const Endpoint endpoint = ask_deep(server);
    EXPECT_THAT(finding_names(endpoint), ElementsAre("tls.closed", "tls.name-only", "server.sni-entry-broken"));
}

TEST(Deep, AServerThatFailsForEverybodyHasABrokenPair) {
    const Server server([](Peer& peer) { peer.hear_bytes(); });
    EXPECT_THAT(finding_names(ask_deep(server)), ElementsAre("tls.closed", "server.certificate-load"));
}

TEST(Deep, Tls10BesideTls13) {
    const ServerTls tls({.pair = &ec(), .second_pair = &rsa(), .min = TLS1_VERSION});
    const Server server(speak(tls));
    const Endpoint endpoint = ask_deep(server);
    EXPECT_THAT(finding_names(endpoint), ElementsAre("tls.two-key-types", "tls.version-1-0"));
    EXPECT_EQ(endpoint.reach.rsa(TlsVersion::tls_1_0), Answer::yes);
    EXPECT_EQ(endpoint.reach.ecdsa(TlsVersion::tls_1_0), Answer::not_asked);
}

TEST(Deep, Tls10OfAServerWithoutAnRsaKeyIsSeenToo) {
    const ServerTls tls({.pair = &ec(), .min = TLS1_VERSION});
    const Endpoint endpoint = ask_deep(Server(speak(tls)));
    EXPECT_THAT(finding_names(endpoint), ElementsAre("tls.version-1-0"));
    EXPECT_EQ(endpoint.reach.rsa(TlsVersion::tls_1_0), Answer::no);
    EXPECT_EQ(endpoint.reach.ecdsa(TlsVersion::tls_1_0), Answer::yes);
}

/// One line that each protocol's server answers, up to STARTTLS and beyond, in the words of a server that knows nothing else.
struct Words {
    const char* protocol;
    const char* greeting;
    std::map<std::string, std::string> answers;
    const char* injected;  ///< the answer to the command from before TLS
};

const std::vector<Words>& all_words() {
    static const std::vector<Words> kWords = {
        {"imap",
         "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED]\r\n",
         {{"a2 STARTTLS", "a2 OK go\r\n"}, {"a8 NOOP", "a8 OK done\r\n"}, {"a9 LOGOUT", "* BYE\r\na9 OK\r\n"}},
         "a8 OK done"},
        {"pop3", "+OK\r\n", {{"CAPA", "+OK list\r\nSTLS\r\n.\r\n"}, {"STLS", "+OK go\r\n"}, {"QUIT", "+OK bye\r\n"}}, "+OK list"},
        {"smtp",
         "220 mx\r\n",
         {{"EHLO [127.0.0.1]", "250-mx\r\n250 STARTTLS\r\n"},
          {"STARTTLS", "220 go\r\n"},
          {"NOOP", "250 done\r\n"},
          {"QUIT", "221 bye\r\n"}},
         "250 done"},
        {"sieve",
         "\"STARTTLS\"\r\nOK\r\n",
         {{"STARTTLS", "OK\r\n"}, {"NOOP \"sent-before-tls\"", "OK (TAG \"sent-before-tls\")\r\n"}, {"LOGOUT", "OK\r\n"}},
         "OK (TAG \"sent-before-tls\")"},
    };
    return kWords;
}

/// Speaks as `words` say until the client leaves; what came behind STARTTLS is taken for TLS's when `open_to_injection`.
Server::Script speak_words(const Words& words, const ServerTls& tls, bool open_to_injection) {
    return [&words, &tls, open_to_injection](Peer& peer) {
        peer.say(words.greeting);
        for (std::string line = peer.hear(); !line.empty(); line = peer.hear()) {
            const auto answer = words.answers.find(line);
            if (answer == words.answers.end()) return;
            peer.say(answer->second);
            if (line == "QUIT" || line.find("LOGOUT") != std::string::npos) return;
            if (line.find("STARTTLS") == std::string::npos && line != "STLS") continue;
            if (!open_to_injection) peer.forget();
            if (!peer.start_tls(tls)) return;
        }
    };
}

TEST(Deep, ACommandFromBeforeTlsThatIsAnsweredInsideItIsFound) {
    const ServerTls tls({.pair = &rsa()});
    for (const Words& words : all_words()) {
        for (const bool is_open : {false, true}) {
            const Server server(speak_words(words, tls, is_open));
            const Endpoint endpoint = ask_deep(server, {}, words.protocol);
            EXPECT_EQ(endpoint.state, EndpointState::judged) << words.protocol;
            ASSERT_THAT(questions_of(endpoint), Contains("injection")) << words.protocol;
            EXPECT_EQ(endpoint.deep.back().tls.handshake, net::Handshake::completed) << words.protocol;
            if (!is_open) {
                EXPECT_THAT(finding_names(endpoint), IsEmpty()) << words.protocol;
                continue;
            }
            ASSERT_THAT(finding_names(endpoint), ElementsAre("mail.starttls-injection")) << words.protocol;
            EXPECT_EQ(endpoint.findings[0].found, words.injected) << words.protocol;
        }
    }
}

TEST(Deep, AServerThatHangsUpOnTheSmuggledCommandIsSound) {
    const ServerTls tls({.pair = &rsa()});
    const Server server([&](Peer& peer) {
        peer.say("220 mx\r\n");
        peer.hear();
        peer.say("250-mx\r\n250 STARTTLS\r\n");
        if (peer.hear_bytes() != "STARTTLS\r\n") return peer.say("554 synchronization error\r\n");
        peer.say("220 go\r\n");
        if (peer.start_tls(tls)) peer.wait_for_end();
    });
    const Endpoint endpoint = ask_deep(server, {}, "smtp");
    EXPECT_THAT(finding_names(endpoint), IsEmpty());
    EXPECT_EQ(endpoint.reach.rsa(TlsVersion::tls_1_3), Answer::yes);
    EXPECT_EQ(endpoint.reach.rsa(TlsVersion::tls_1_2), Answer::yes);
}

TEST(Deep, APortThatHasNoStarttlsHasNothingBehindIt) {
    // It greets and takes leave inside TLS: two answers, and neither is to a command from before.
    const ServerTls tls({.pair = &rsa()});
    const Server server([&](Peer& peer) {
        if (!peer.start_tls(tls)) return;
        peer.say("+OK\r\n");
        peer.hear();
        peer.say("+OK bye\r\n");
    });
    const Endpoint endpoint = ask_deep(server, {}, "pop3");
    EXPECT_THAT(finding_names(endpoint), ElementsAre("tls.on-starttls-port"));
    EXPECT_THAT(questions_of(endpoint), Not(Contains("injection")));
}

TEST(Deep, ThePlainRunSendsNothingBehindStarttls) {
    const ServerTls tls({.pair = &rsa()});
    const Words& smtp = all_words()[2];
    std::string behind;
    {
        const Server server([&](Peer& peer) {
            peer.say(smtp.greeting);
            peer.hear();
            peer.say("250-mx\r\n250 STARTTLS\r\n");
            behind = peer.hear_bytes();
            peer.say("220 go\r\n");
            if (peer.start_tls(tls)) peer.wait_for_end();
        });
        ask("smtp://127.0.0.1:" + std::to_string(server.port()), quick());
    }
    EXPECT_EQ(behind, "STARTTLS\r\n");
}

TEST(Deep, OtherNamesAreAskedOnlyWhenGiven) {
    const ServerTls tls({.pair = &ec(), .by_name = {{"other.example.test", &ec_of_another_day()}}});
    const Server server(speak(tls));
    const Endpoint endpoint = ask_deep(server, {"other.example.test"});
    const auto question =
        std::find_if(endpoint.deep.begin(), endpoint.deep.end(), [](const DeepAnswer& a) { return a.question == Question::other_name; });
    ASSERT_NE(question, endpoint.deep.end());
    EXPECT_EQ(question->hello.server_name, "other.example.test");
    EXPECT_EQ(question->tls.chain.at(0), ec_of_another_day().der());
    EXPECT_THAT(finding_names(endpoint), Not(Contains("tls.two-certificates")));
}

}  // namespace
}  // namespace truename::probe
