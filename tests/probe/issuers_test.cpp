#include "probe/issuers.h"

#include <gmock/gmock.h>
#include <sys/socket.h>

#include <string>

#include "tests/probe/asking.h"
#include "tests/probe/server.h"

namespace truename::probe {
namespace {

using test::ask;
using test::CertificateSpec;
using test::Pair;
using test::Peer;
using test::quick;
using test::Server;
using test::ServerTls;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string hear_request(Peer& peer) {
    const std::string request = peer.hear();
    while (!peer.hear().empty()) {
    }
    return request.substr(4, request.find(' ', 4) - 4);
}

std::string ok(Bytes body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(as_text(body));
}

/// Asks a server that shows one certificate whose issuer is to be had at `url`.
std::vector<Fetched> fetch(const std::string& url, Options options = quick(), std::string_view target = "imaps://127.0.0.1") {
    const Pair leaf = test::make_pair({.subject = "CN=leaf", .issuer = "CN=middle", .issuer_url = url});
    const ServerTls tls({.pair = &leaf});
    const Server server([&](Peer& peer) {
        if (!peer.start_tls(tls)) return;
        peer.say("* OK\r\n");
        peer.wait_for_end();
    });
    options.fetch = Fetch::issuers;
    const Evidence evidence = ask(std::string(target) + ":" + std::to_string(server.port()), options);
    EXPECT_EQ(evidence.endpoints.at(0).state, EndpointState::judged);
    EXPECT_TRUE(evidence.fetched_issuers);
    return evidence.fetched;
}

std::string local_url(const Server& server, const std::string& path) {
    return "http://127.0.0.1:" + std::to_string(server.port()) + path;
}

TEST(Issuers, AreFollowedUpToTheRoot) {
    const Pair root = test::make_pair({.subject = "CN=root"});
    std::string root_url;
    std::unique_ptr<Pair> middle;
    const Server web([&](Peer& peer) {
        const std::string path = hear_request(peer);
        peer.say(path == "/root" ? ok(root.der()) : path == "/middle" ? ok(middle->der()) : "HTTP/1.1 404 Not Found\r\n\r\n");
    });
    middle = std::make_unique<Pair>(test::make_pair({.subject = "CN=middle", .issuer = "CN=root", .issuer_url = local_url(web, "/root")}));
    const auto fetched = fetch(local_url(web, "/middle"));
    ASSERT_EQ(fetched.size(), 2U);
    EXPECT_EQ(fetched[0].bytes, middle->der());
    EXPECT_EQ(fetched[0].kind, FetchedKind::issuer);
    EXPECT_EQ(fetched[0].address, "127.0.0.1");
    EXPECT_FALSE(fetched[0].failure);
    EXPECT_EQ(fetched[1].bytes, root.der());
}

TEST(Issuers, AreNotFetchedWhenTheyAreAtHand) {
    const Server web([](Peer& peer) { peer.wait_for_end(); });
    Options options = quick();
    Bytes asked_about;
    options.issuer_known = [&](Bytes certificate) {
        asked_about = certificate;
        return true;
    };
    EXPECT_THAT(fetch(local_url(web, "/"), options), IsEmpty());
    EXPECT_FALSE(asked_about.empty());
    EXPECT_EQ(web.count(), 0);
}

TEST(Issuers, NeverPointInside) {
    // 127.0.0.1 is where the target is, so loopback is allowed and nothing else inside.
    for (const char* const url : {"http://10.0.0.1/", "http://192.168.1.1/x", "http://169.254.169.254/latest", "http://[fe80::1]/",
                                  "http://0.0.0.0/", "http://[::ffff:10.0.0.1]/", "http://224.0.0.1/"}) {
        const auto fetched = fetch(url);
        ASSERT_EQ(fetched.size(), 1U) << url;
        ASSERT_TRUE(fetched[0].failure) << url;
        EXPECT_THAT(fetched[0].failure->reason, HasSubstr("inside")) << url;
        EXPECT_THAT(fetched[0].bytes, IsEmpty());
    }
}

TEST(Issuers, NeverPointInsideThroughARedirectOrAName) {
    const Server web([](Peer& peer) {
        hear_request(peer);
        peer.say("HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\n\r\n");
    });
    EXPECT_THAT(fetch(local_url(web, "/"))[0].failure->reason, HasSubstr("inside"));
    Options options = quick();
    options.resolve = {{"ca.example.test", "10.0.0.1"}};
    EXPECT_THAT(fetch("http://ca.example.test/", options)[0].failure->reason, HasSubstr("inside"));
}

TEST(Issuers, ALoopOfRedirectsEnds) {
    const Server web([](Peer& peer) {
        const std::string path = hear_request(peer);
        peer.say("HTTP/1.1 301 Moved\r\nLocation: " + std::string(path == "/a" ? "/b" : "/a") + "\r\nContent-Length: 0\r\n\r\n");
    });
    EXPECT_THAT(fetch(local_url(web, "/a"))[0].failure->reason, HasSubstr("circle"));
    EXPECT_EQ(web.count(), 2);
}

TEST(Issuers, ThreeRedirectsAreFollowedAndAFourthIsNot) {
    const Pair root = test::make_pair({.subject = "CN=middle"});
    for (const char last : {'3', '4'}) {
        const Server web([&](Peer& peer) {
            const std::string path = hear_request(peer);
            if (path[1] == last) return peer.say(ok(root.der()));
            peer.say("HTTP/1.1 307 Moved\r\nLocation: /" + std::string(1, static_cast<char>(path[1] + 1)) + "\r\n\r\n");
        });
        const auto fetched = fetch(local_url(web, "/0"));
        EXPECT_EQ(fetched[0].failure.has_value(), last == '4');
    }
}

TEST(Issuers, AGigabyteIsNotRead) {
    std::atomic<std::size_t> sent = 0;
    const Server web([&](Peer& peer) {
        hear_request(peer);
        peer.say("HTTP/1.1 200 OK\r\n\r\n");
        const std::string block(65536, 'x');
        while (sent < (std::size_t{1} << 30) && ::send(peer.fd(), block.data(), block.size(), MSG_NOSIGNAL) > 0) sent += block.size();
    });
    const auto fetched = fetch(local_url(web, "/"));
    EXPECT_THAT(fetched[0].failure->reason, HasSubstr("larger than 65536 bytes"));
    EXPECT_LT(sent, std::size_t{64} << 20);
}

TEST(Issuers, ASilentServerCostsNoMoreThanItsDeadline) {
    const Server web([](Peer& peer) { peer.wait_for_end(); });
    Options options = quick();
    options.limits.fetch = std::chrono::milliseconds(200);
    const auto fetched = fetch(local_url(web, "/"), options);
    EXPECT_EQ(fetched[0].failure->kind, FailureKind::timeout);
}

TEST(Issuers, AnAddressIsFetchedOnceHoweverOftenItIsNamed) {
    std::string url;
    std::unique_ptr<Pair> endless;
    const Server web([&](Peer& peer) {
        hear_request(peer);
        peer.say(ok(endless->der()));
    });
    url = local_url(web, "/");
    endless = std::make_unique<Pair>(test::make_pair({.subject = "CN=middle", .issuer = "CN=another", .issuer_url = url}));
    EXPECT_EQ(fetch(url).size(), 1U);
    EXPECT_EQ(web.count(), 1);
}

TEST(Issuers, AreNotFollowedWithoutEnd) {
    std::uint16_t port = 0;
    const Server web([&](Peer& peer) {
        const std::string path = hear_request(peer);
        const std::string next = "http://127.0.0.1:" + std::to_string(port) + path + "x";
        peer.say(ok(test::make_pair({.subject = "CN=a" + path.substr(1), .issuer = "CN=b" + path.substr(1), .issuer_url = next}).der()));
    });
    port = web.port();
    EXPECT_EQ(fetch(local_url(web, "/x")).size(), 3U);
}

TEST(Issuers, OtherSchemesAreLeftAlone) {
    EXPECT_THAT(fetch("ldap://127.0.0.1/cn=x"), IsEmpty());
    EXPECT_THAT(fetch("https://127.0.0.1/x"), IsEmpty());
}

TEST(MissingIssuer, EndsForCrossSignedCircles) {
    const Pair a = test::make_pair({.subject = "CN=a", .issuer = "CN=b"}), b = test::make_pair({.subject = "CN=b", .issuer = "CN=a"});
    EXPECT_FALSE(missing_issuer({a.der(), b.der()}));
    EXPECT_FALSE(missing_issuer({}));
    EXPECT_FALSE(missing_issuer({{'x'}}));
    const std::vector<ByteString> one = {a.der()};
    EXPECT_EQ(to_owned(*missing_issuer(one)), a.der());
    const Pair root = test::make_pair({.subject = "CN=b"});
    EXPECT_FALSE(missing_issuer({a.der(), root.der()}));
}

}  // namespace
}  // namespace truename::probe
