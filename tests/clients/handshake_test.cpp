#include "clients/handshake.h"

#include <gmock/gmock.h>

#include "tests/clients/support.h"

namespace truename::clients {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// --- the key of the server

TEST(Keys, OneThatIsRefusedIsAllThatTheClientTells) {
    const auto library =
        read(demo_with("clients/bases/lib.toml", "keys = [\"rsa\", \"ecdsa\"]", "keys_refused = [\"ed448\", \"ed25519\"]"));
    Scene scene(recipe_with("key = \"ed25519-1\"\nnames = [\"DNS:other.example.com\"]"));
    scene.sends({"server"});
    const Verdict verdict = scene.judge(*library, "demo");
    EXPECT_EQ(verdict.outcome, Outcome::refuses);
    EXPECT_EQ(verdict.reaches, Reaches::not_asked) << "no server was asked";
    EXPECT_THAT(findings(verdict), ElementsAre("key.edwards")) << "nobody gets as far as the name";
    EXPECT_THAT(verdict.why, HasSubstr("Ed25519"));
    EXPECT_FALSE(verdict.dialog);
    EXPECT_FALSE(verdict.yes);
}

TEST(Keys, OfWhatNobodyKnowsTheClientIsNotJudged) {
    const auto library = read(demo_files());
    for (const char* key : {"ed25519-1", "ed448-1", "secp256k1-1", "rsa-pss-1", "dsa1024-1"}) {
        Scene scene(recipe_with("key = \"" + std::string(key) + "\""));
        scene.sends({"server"}).adds_roots({"root"});
        const Verdict verdict = scene.judge(*library, "demo");
        EXPECT_EQ(verdict.outcome, Outcome::not_judged) << key;
        EXPECT_THAT(verdict.why, HasSubstr("whether its TLS can use such a key is not known")) << key;
        EXPECT_EQ(verdict.reaches, Reaches::not_asked) << key;
    }
}

TEST(Keys, OneThatItCanUseIsNothingToMind) {
    const auto library = read(demo_with("clients/bases/lib.toml", "\"ecdsa\"]", "\"ecdsa\", \"ed25519\"]"));
    Scene scene(recipe_with("key = \"ed25519-1\""));
    scene.sends({"server"}).adds_roots({"root"});
    EXPECT_EQ(scene.judge(*library, "demo").outcome, Outcome::silent);
}

// --- reaches

using Answer = ServerTls::Answer;

ServerTls server(std::initializer_list<std::pair<TlsVersion, Answer>> answers) {
    ServerTls tls;
    for (const auto& [version, answer] : answers) tls.answers[static_cast<std::size_t>(version)] = {answer, answer, answer};
    return tls;
}

TlsRule speaks(TlsVersion min, TlsVersion max) {
    TlsRule rule;
    rule.min = {min, true, Confidence::source, "S"};
    rule.max = {max, true, Confidence::source, "S"};
    rule.keys = {3, true, Confidence::source, "S"};
    return rule;
}

TEST(Reaches, OneConnectionShowsOnlyTheVersionsThatItSpoke) {
    const ServerTls modern = server({{TlsVersion::tls1_3, Answer::yes}});
    EXPECT_EQ(reaches(speaks(TlsVersion::tls1_2, TlsVersion::tls1_3), modern), Reaches::yes);
    EXPECT_EQ(reaches(speaks(TlsVersion::ssl3, TlsVersion::tls1_0), modern), Reaches::not_asked);
}

TEST(Reaches, IsNoWhenEveryVersionOfTheClientWasAskedForInVain) {
    const ServerTls strict =
        server({{TlsVersion::tls1_0, Answer::no}, {TlsVersion::tls1_1, Answer::no}, {TlsVersion::tls1_2, Answer::yes}});
    EXPECT_EQ(reaches(speaks(TlsVersion::tls1_0, TlsVersion::tls1_0), strict), Reaches::no);
    EXPECT_EQ(reaches(speaks(TlsVersion::tls1_0, TlsVersion::tls1_2), strict), Reaches::yes);
}

TEST(Barrier, IsTheVersionOfTheOlderSideElseTheKeyOrTheName) {
    const auto barrier_of = [](const TlsRule& rule, const ServerTls& one) { return barrier(rule, std::span(&one, 1)); };
    const auto no = Answer::no, yes = Answer::yes;
    ServerTls modern = server({{TlsVersion::ssl3, no}, {TlsVersion::tls1_0, no}, {TlsVersion::tls1_1, no}, {TlsVersion::tls1_2, yes}});
    const ServerTls old = server({{TlsVersion::tls1_0, yes}, {TlsVersion::tls1_2, no}, {TlsVersion::tls1_3, no}});
    EXPECT_EQ(barrier_of(speaks(TlsVersion::tls1_0, TlsVersion::tls1_0), modern), Barrier::old_client);
    EXPECT_EQ(barrier_of(speaks(TlsVersion::tls1_2, TlsVersion::tls1_3), old), Barrier::old_server);
    EXPECT_EQ(barrier_of(speaks(TlsVersion::tls1_0, TlsVersion::tls1_2), modern), Barrier::none) << "it comes in";
    TlsRule rsa = speaks(TlsVersion::tls1_2, TlsVersion::tls1_2);
    rsa.keys.value = static_cast<std::uint8_t>(ServerKey::rsa);
    rsa.keys_refused = {static_cast<std::uint8_t>(ServerKey::ecdsa), true, Confidence::source, "S"};
    ServerTls ecdsa;
    ecdsa.answers[static_cast<std::size_t>(TlsVersion::tls1_2)] = {no, yes, no};
    EXPECT_EQ(barrier_of(rsa, ecdsa), Barrier::key);
    TlsRule nameless = speaks(TlsVersion::tls1_2, TlsVersion::tls1_2);
    nameless.sni = {false, true, Confidence::source, "S"};
    modern.without_name = no;
    EXPECT_EQ(barrier_of(nameless, modern), Barrier::name);
}

TEST(Reaches, AKeyThatTheClientCannotUseDoesNotCount) {
    TlsRule rule = speaks(TlsVersion::tls1_2, TlsVersion::tls1_2);
    rule.keys.value = static_cast<std::uint8_t>(ServerKey::rsa);
    rule.keys_refused = {static_cast<std::uint8_t>(ServerKey::ecdsa), true, Confidence::source, "S"};
    ServerTls ecdsa;
    ecdsa.answers[static_cast<std::size_t>(TlsVersion::tls1_2)] = {Answer::no, Answer::yes};
    EXPECT_EQ(reaches(rule, ecdsa), Reaches::no);
    rule.keys_refused = {};
    EXPECT_EQ(reaches(rule, ecdsa), Reaches::not_judged);
}

TEST(Reaches, AKeyOfAnotherKindCountsForThoseWhoCanUseIt) {
    ServerTls edwards;
    edwards.other = ServerKey::ed25519;
    edwards.answers[static_cast<std::size_t>(TlsVersion::tls1_3)] = {Answer::no, Answer::no, Answer::yes};
    TlsRule rule = speaks(TlsVersion::tls1_3, TlsVersion::tls1_3);
    EXPECT_EQ(reaches(rule, edwards), Reaches::not_judged);
    rule.keys_refused = {static_cast<std::uint8_t>(ServerKey::ed25519), true, Confidence::source, "S"};
    EXPECT_EQ(reaches(rule, edwards), Reaches::no);
    rule.keys_refused = {};
    rule.keys.value |= static_cast<std::uint8_t>(ServerKey::ed25519);
    EXPECT_EQ(reaches(rule, edwards), Reaches::yes);
}

TEST(Reaches, AServerThatFailsWithoutANameIsNotReachedByWhoSendsNone) {
    TlsRule rule = speaks(TlsVersion::tls1_0, TlsVersion::tls1_2);
    ServerTls strict = server({{TlsVersion::tls1_2, Answer::yes}});
    strict.without_name = Answer::no;
    EXPECT_EQ(reaches(rule, strict), Reaches::yes);
    rule.sni = {false, true, Confidence::source, "S"};
    EXPECT_EQ(reaches(rule, strict), Reaches::no);
    strict.without_name = Answer::not_asked;
    EXPECT_EQ(reaches(rule, strict), Reaches::yes);
}

TEST(Reaches, CiphersThatNobodyOffersAnyMoreAreNotJudgedByOnesOfToday) {
    TlsRule rule = speaks(TlsVersion::tls1_0, TlsVersion::tls1_0);
    rule.needs_old_ciphers = {true, true, Confidence::source, "S"};
    EXPECT_EQ(reaches(rule, server({{TlsVersion::tls1_0, Answer::yes}})), Reaches::not_judged);
    EXPECT_EQ(reaches(rule, server({{TlsVersion::tls1_0, Answer::no}})), Reaches::no);
    EXPECT_EQ(reaches(rule, server({{TlsVersion::tls1_3, Answer::yes}})), Reaches::not_asked);
}

TEST(Reaches, UnknownVersionsAreNotJudged) {
    EXPECT_EQ(reaches({}, server({{TlsVersion::tls1_3, Answer::yes}})), Reaches::not_judged);
}

TEST(Reaches, TheWorstEndpointCounts) {
    Scene scene(recipe_with());
    scene.sends({"server"}).adds_roots({"root"});
    const auto library = read(demo_files());
    EXPECT_EQ(scene.judge(*library, "demo").reaches, Reaches::not_asked);
    const ServerTls both[] = {server({{TlsVersion::tls1_3, Answer::yes}}),
                              server({{TlsVersion::tls1_2, Answer::no}, {TlsVersion::tls1_3, Answer::no}})};
    scene.context.tls = both;
    EXPECT_EQ(scene.judge(*library, "demo").reaches, Reaches::no);
}

}  // namespace
}  // namespace truename::clients
