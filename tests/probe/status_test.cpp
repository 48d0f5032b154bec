#include <gmock/gmock.h>
#include <openssl/ocsp.h>
#include <sys/socket.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "base/text.h"
#include "crypto/digest.h"
#include "probe/status_cache.h"
#include "probe/status_walk.h"
#include "tests/probe/asking.h"
#include "tests/probe/server.h"
#include "x509/ocsp_response.h"

namespace truename::probe {
namespace {

using test::Pair;
using test::Peer;
using test::quick;
using test::Server;
using test::ServerTls;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Stands still, or where the test puts it.
class StillClock final : public Clock {
  public:
    [[nodiscard]] Time now() const override { return at; }
    [[nodiscard]] std::chrono::steady_clock::time_point ticks() const override { return std::chrono::steady_clock::now(); }
    Time at = SystemClock().now();
};

/// What a client sent to a responder.
struct Asked {
    std::string line, media_type, body;
};

Asked hear_question(Peer& peer) {
    Asked asked{peer.hear(), {}, {}};
    std::size_t size = 0;
    for (std::string header = peer.hear(); !header.empty(); header = peer.hear()) {
        if (header.starts_with("Content-Type: ")) asked.media_type = header.substr(14);
        if (header.starts_with("Content-Length: ")) size = std::stoul(header.substr(16));
    }
    asked.body = peer.hear_exactly(size);
    return asked;
}

std::string response(std::string_view body, const std::string& media_type = "application/ocsp-response") {
    return "HTTP/1.1 200 OK\r\nContent-Type: " + media_type + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string(body);
}

template <auto Free>
struct Freeing {
    template <class T>
    void operator()(T* thing) const {
        Free(thing);
    }
};

/// What OpenSSL as the issuer's responder answers: good for `lasts` seconds, or without saying for how long.
std::string answer(const std::string& question, const Pair& issuer, std::optional<long> lasts) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(question.data());
    const std::unique_ptr<OCSP_REQUEST, Freeing<OCSP_REQUEST_free>> request(
        d2i_OCSP_REQUEST(nullptr, &bytes, static_cast<long>(question.size())));
    if (!request || OCSP_request_onereq_count(request.get()) != 1) return {};
    const std::unique_ptr<OCSP_BASICRESP, Freeing<OCSP_BASICRESP_free>> basic(OCSP_BASICRESP_new());
    const std::unique_ptr<ASN1_TIME, Freeing<ASN1_TIME_free>> now(X509_gmtime_adj(nullptr, -60)),
        until(lasts ? X509_gmtime_adj(nullptr, *lasts) : nullptr);
    OCSP_CERTID* const id = OCSP_onereq_get0_id(OCSP_request_onereq_get0(request.get(), 0));
    OCSP_basic_add1_status(basic.get(), id, V_OCSP_CERTSTATUS_GOOD, 0, nullptr, now.get(), until.get());
    OCSP_copy_nonce(basic.get(), request.get());
    OCSP_basic_sign(basic.get(), issuer.certificate.get(), issuer.key.get(), EVP_sha256(), nullptr, 0);
    const std::unique_ptr<OCSP_RESPONSE, Freeing<OCSP_RESPONSE_free>> whole(
        OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
    unsigned char* der = nullptr;
    const int size = i2d_OCSP_RESPONSE(whole.get(), &der);
    std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return text;
}

/// A mail server whose certificate names the responder that `script` is; its issuer is at hand as a root of this machine.
class Scene {
  public:
    explicit Scene(Server::Script script)
        : issuer(test::make_pair({.subject = "CN=issuer"})),
          responder(std::move(script)),
          leaf(test::make_pair({.subject = "CN=leaf", .issuer = "CN=issuer", .ocsp_url = url(), .signer = &issuer})),
          tls_({.pair = &leaf}),
          mail_([this](Peer& peer) {
              if (!peer.start_tls(tls_)) return;
              peer.say("* OK\r\n");
              peer.wait_for_end();
          }) {
        issuer_der_ = issuer.der();
        options.fetch = Fetch::revocation;
        options.issuers_at_hand = [this](Bytes) { return std::vector<Bytes>{issuer_der_}; };
    }

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(responder.port()) + "/ocsp"; }
    [[nodiscard]] Target target() const { return *parse_target("imaps://127.0.0.1:" + std::to_string(mail_.port()), "list"); }
    std::vector<Fetched> fetch() { return probe_one(target(), options, clock)->fetched; }

    StillClock clock;
    const Pair issuer;
    const Server responder;
    const Pair leaf;
    Options options = quick();

  private:
    ByteString issuer_der_;
    const ServerTls tls_;
    const Server mail_;
};

/// What keeps a responder's answer from being one.
std::string reason(Server::Script script) {
    Scene scene(std::move(script));
    scene.options.limits.fetch = std::chrono::milliseconds(300);
    const auto fetched = scene.fetch();
    EXPECT_THAT(fetched, SizeIs(1));
    if (fetched.size() != 1 || !fetched[0].failure) return "no failure";
    EXPECT_THAT(fetched[0].bytes, IsEmpty());
    EXPECT_EQ(fetched[0].failure->object, scene.url());
    return fetched[0].failure->reason;
}

TEST(Responder, IsAskedAboutTheServersCertificateWithANonce) {
    Asked asked;
    const Scene* current = nullptr;
    Scene scene([&](Peer& peer) {
        asked = hear_question(peer);
        peer.say(response(answer(asked.body, current->issuer, 3600)));
    });
    current = &scene;
    const auto fetched = scene.fetch();
    ASSERT_THAT(fetched, SizeIs(1));
    EXPECT_FALSE(fetched[0].failure) << fetched[0].failure->reason;
    EXPECT_EQ(asked.line, "POST /ocsp HTTP/1.1");
    EXPECT_EQ(asked.media_type, "application/ocsp-request");
    EXPECT_EQ(fetched[0].kind, FetchedKind::ocsp);
    EXPECT_EQ(fetched[0].url, scene.url());
    EXPECT_EQ(fetched[0].address, "127.0.0.1");
    EXPECT_EQ(fetched[0].at, scene.clock.at);
    EXPECT_EQ(fetched[0].about, to_hex(crypto::sha256(scene.leaf.der())));
    const auto read = x509::parse_ocsp_response(fetched[0].bytes);
    ASSERT_TRUE(read);
    ASSERT_TRUE(read->nonce);
    EXPECT_EQ(to_owned(*read->nonce), fetched[0].nonce);
    EXPECT_THAT(fetched[0].nonce, SizeIs(32));
}

TEST(Responder, IsNotAskedWhenNobodyWantsToKnowOrTheIssuerIsNotAtHand) {
    Scene scene([](Peer& peer) { hear_question(peer); });
    scene.options.fetch = Fetch::issuers;
    EXPECT_THAT(scene.fetch(), IsEmpty());
    scene.options.fetch = Fetch::revocation;
    scene.options.issuers_at_hand = {};
    EXPECT_THAT(scene.fetch(), IsEmpty());
    const Pair other = test::make_pair({.subject = "CN=issuer"});
    const ByteString der = other.der();
    scene.options.issuers_at_hand = [&](Bytes) { return std::vector<Bytes>{der}; };
    EXPECT_THAT(scene.fetch(), IsEmpty()) << "one of the same name with another key";
    EXPECT_EQ(scene.responder.count(), 0);
}

TEST(Responder, HostileAnswersAreNone) {
    EXPECT_THAT(reason([](Peer& peer) {
                    hear_question(peer);
                    peer.say("HTTP/1.1 200 OK\r\n\r\n" + std::string(100000, 'x'));
                }),
                HasSubstr("larger than 65536 bytes"));
    EXPECT_THAT(reason([](Peer& peer) {
                    hear_question(peer);
                    peer.say(response("<html>", "text/html; charset=utf-8"));
                }),
                HasSubstr("text/html, not application/ocsp-response"));
    EXPECT_THAT(reason([](Peer& peer) {
                    hear_question(peer);
                    for (int i = 0; i < 40; ++i) {
                        peer.say(i == 0 ? "HTTP/1.1 200 OK\r\n\r\n" : "x");
                        std::this_thread::sleep_for(std::chrono::milliseconds(20));
                    }
                }),
                HasSubstr("within the deadline"));
    EXPECT_THAT(reason([](Peer& peer) {
                    hear_question(peer);
                    peer.say("HTTP/1.1 500 Oops\r\n\r\n");
                }),
                HasSubstr("status 500"));
    EXPECT_THAT(reason([](Peer& peer) { hear_question(peer); }), HasSubstr("without an answer"));
}

TEST(Responder, RedirectsAreFollowedWithTheQuestionAndNeverInside) {
    const Scene* current = nullptr;
    Scene scene([&](Peer& peer) {
        const Asked asked = hear_question(peer);
        if (asked.line == "POST /ocsp HTTP/1.1") return peer.say("HTTP/1.1 307 Moved\r\nLocation: /there\r\n\r\n");
        peer.say(response(answer(asked.body, current->issuer, 3600)));
    });
    current = &scene;
    EXPECT_FALSE(scene.fetch().at(0).failure);
    EXPECT_THAT(reason([](Peer& peer) {
                    hear_question(peer);
                    peer.say("HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\n\r\n");
                }),
                HasSubstr("inside"));
    EXPECT_THAT(reason([](Peer& peer) {
                    hear_question(peer);
                    peer.say("HTTP/1.1 302 Found\r\nLocation: /ocsp\r\n\r\n");
                }),
                HasSubstr("circle"));
    EXPECT_THAT(reason([](Peer& peer) {
                    hear_question(peer);
                    peer.say("HTTP/1.1 303 See Other\r\nLocation: /page\r\n\r\n");
                }),
                HasSubstr("page to read"));
}

/// How often a responder is asked for three targets of a list with the same certificate, `pause` apart.
int questions(std::optional<long> lasts, std::chrono::seconds pause) {
    const Scene* current = nullptr;
    Scene scene([&](Peer& peer) { peer.say(response(answer(hear_question(peer).body, current->issuer, lasts))); });
    current = &scene;
    scene.options.in_flight = 1;  // one after the other
    int next = 0;
    const auto source = [&]() -> std::optional<Target> { return next++ < 3 ? std::optional(scene.target()) : std::nullopt; };
    std::vector<Fetched> fetched;
    const auto sink = [&](Evidence&& evidence) {
        EXPECT_THAT(evidence.fetched, SizeIs(1));
        fetched.push_back(evidence.fetched.at(0));
        scene.clock.at += pause;
    };
    EXPECT_TRUE(probe(source, scene.options, sink, scene.clock));
    EXPECT_THAT(fetched, SizeIs(3));
    EXPECT_FALSE(fetched.at(2).bytes.empty());
    EXPECT_EQ(fetched.at(0).nonce == fetched.at(1).nonce, scene.responder.count() == 1);
    return scene.responder.count();
}

TEST(Responder, IsAskedOnceForAListUntilItsAnswerEnds) {
    EXPECT_EQ(questions(3600, std::chrono::minutes(20)), 1);
    EXPECT_EQ(questions(3600, std::chrono::minutes(61)), 3);
    EXPECT_EQ(questions(std::nullopt, std::chrono::seconds(20)), 1);
    EXPECT_EQ(questions(std::nullopt, std::chrono::seconds(61)), 3);
}

TEST(RevocationList, IsFetchedOfACertificateThatNamesNoResponder) {
    const Server responder([](Peer& peer) { hear_question(peer); });
    Asked asked;
    const Server web([&](Peer& peer) {
        asked = hear_question(peer);
        peer.say(response("list", "text/plain"));
    });
    const std::string url = "http://127.0.0.1:" + std::to_string(web.port()) + "/list.crl";
    const Pair issuer = test::make_pair({.subject = "CN=issuer"});
    const ByteString issuer_der = issuer.der();
    for (const bool has_responder : {false, true}) {
        const std::string ocsp = has_responder ? "http://127.0.0.1:" + std::to_string(responder.port()) + "/" : "";
        const Pair leaf =
            test::make_pair({.subject = "CN=leaf", .issuer = "CN=issuer", .ocsp_url = ocsp, .crl_url = url, .signer = &issuer});
        const ServerTls tls({.pair = &leaf});
        const Server mail([&](Peer& peer) {
            if (peer.start_tls(tls)) peer.wait_for_end();
        });
        Options options = quick();
        options.fetch = Fetch::revocation;
        options.issuers_at_hand = [&](Bytes) { return std::vector<Bytes>{issuer_der}; };
        const auto fetched = test::ask("imaps://127.0.0.1:" + std::to_string(mail.port()), options).fetched;
        ASSERT_THAT(fetched, SizeIs(1));
        EXPECT_EQ(fetched[0].kind, has_responder ? FetchedKind::ocsp : FetchedKind::crl);
        EXPECT_EQ(fetched[0].about, to_hex(crypto::sha256(leaf.der())));
        EXPECT_EQ(as_text(fetched[0].bytes), has_responder ? "" : "list");
    }
    EXPECT_EQ(asked.line, "GET /list.crl HTTP/1.1");
    EXPECT_EQ(web.count(), 1);
}

/// How much is asked about servers' certificates that all name an address of their own, where nobody listens.
std::size_t asked_about(int certificates, FetchedKind kind) {
    const Pair issuer = test::make_pair({.subject = "CN=issuer"});
    const ByteString issuer_der = issuer.der();
    Evidence evidence;
    for (int i = 0; i < certificates; ++i) {
        const std::string url = "http://127.0.0.1:1/" + std::to_string(i);
        const bool is_ocsp = kind == FetchedKind::ocsp;
        const Pair leaf = test::make_pair({.subject = "CN=leaf",
                                           .issuer = "CN=issuer",
                                           .ocsp_url = is_ocsp ? url : "",
                                           .crl_url = is_ocsp ? "" : url,
                                           .signer = &issuer});
        evidence.endpoints.emplace_back().tls.chain = {leaf.der()};
        evidence.endpoints.back().address = "127.0.0.1";
    }
    Options options = quick();
    options.fetch = Fetch::revocation;
    options.issuers_at_hand = [&](Bytes) { return std::vector<Bytes>{issuer_der}; };
    const auto loop = std::move(*net::EventLoop::make());
    net::SystemResolver resolver(*loop, 1);
    StatusCache cache;
    const StillClock clock;
    StatusWalk walk(*loop, resolver, options, cache, clock, [] {});
    walk.start(evidence);
    while (!walk.is_done()) loop->run_once(std::chrono::milliseconds(100));
    const auto fetched = walk.take_fetched();
    for (const Fetched& one : fetched) EXPECT_EQ(one.kind, kind);
    return fetched.size();
}

TEST(StatusWalk, AsksEightQuestionsAndFetchesThreeListsOfATargetAndNoMore) {
    EXPECT_EQ(asked_about(8, FetchedKind::ocsp), 8U);
    EXPECT_EQ(asked_about(9, FetchedKind::ocsp), 8U);
    EXPECT_EQ(asked_about(3, FetchedKind::crl), 3U);
    EXPECT_EQ(asked_about(4, FetchedKind::crl), 3U);
}

TEST(StatusCache, KeepsNothingLongerThanItSaysAndNeverTooMuch) {
    const Time now = *parse_time("2026-11-28T12:00:00Z");
    Fetched fetched;
    fetched.at = now;
    fetched.failure = Failure{FailureKind::timeout, "", "", "", ""};
    StatusCache cache(2);
    cache.put("a", fetched);
    EXPECT_NE(cache.find("a", now + std::chrono::seconds(59)), nullptr);
    EXPECT_EQ(cache.find("a", now + std::chrono::seconds(60)), nullptr) << "a failure is tried again soon";
    for (const char* const question : {"b", "c", "d"}) cache.put(question, fetched);
    EXPECT_LE(cache.size(), 2U);
    EXPECT_NE(cache.find("d", now), nullptr);
}

TEST(StatusCache, KeepsNoMoreBytesThanItMay) {
    Fetched fetched;
    fetched.kind = FetchedKind::crl;
    fetched.at = *parse_time("2026-11-28T12:00:00Z");
    fetched.bytes.resize(600);
    StatusCache cache(100, 1000);
    for (const char* const question : {"a", "b", "b", "c"}) {
        cache.put(question, fetched);
        EXPECT_EQ(cache.size(), 1U);
        EXPECT_NE(cache.find(question, *fetched.at), nullptr);
    }
}

}  // namespace
}  // namespace truename::probe
