#include "acme/account_key.h"

#include <gmock/gmock.h>

#include "base/text.h"

namespace truename::acme {
namespace {

// A key that was made for this test with openssl; what it has to give was computed by Python's hashlib and hmac.
constexpr std::string_view kPem = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgU9vTQVwmbpNlrVwe
FK+Hqn1cWixZ55PkEjdVm1Y+le6hRANCAAT0MLztyqIfJUzvDdZq6Avq4HRtNm8Q
K1+005Qcp+4AmMh78YleKbWldCMf0hMp1vPoJM6Q/XYssidp6E9YN0sk
-----END PRIVATE KEY-----
)";

std::string member(const std::string& json, std::string_view name) {
    const std::string begin = "\"" + std::string(name) + "\":\"";
    const std::size_t at = json.find(begin) + begin.size();
    return json.substr(at, json.find('"', at) - at);
}

TEST(AccountKey, HasTheThumbprintOfItsPublicHalf) {
    const auto key = AccountKey::from_pem(kPem);
    ASSERT_TRUE(key);
    EXPECT_EQ(
        key->jwk(),
        R"({"crv":"P-256","kty":"EC","x":"9DC87cqiHyVM7w3WaugL6uB0bTZvECtftNOUHKfuAJg","y":"yHvxiV4ptaV0Ix_SEynW8-gkzpD9diyyJ2noT1g3SyQ"})");
    EXPECT_EQ(key->thumbprint(), "dHohbHS877S38-XfHKKiFSLlycyGIYdFyN0h0xGIk74");
    EXPECT_EQ(key->key_authorization("token"), "token.dHohbHS877S38-XfHKKiFSLlycyGIYdFyN0h0xGIk74");
}

TEST(AccountKey, SaysWhoAsksForWhat) {
    const auto key = AccountKey::from_pem(kPem);
    ASSERT_TRUE(key);
    const auto jws = key->sign({}, "https://a/new", "n1", R"({"a":1})");
    ASSERT_TRUE(jws);
    EXPECT_EQ(as_text(*from_base64url(member(*jws, "protected"))),
              R"({"alg":"ES256","jwk":)" + key->jwk() + R"(,"nonce":"n1","url":"https://a/new"})");
    EXPECT_EQ(as_text(*from_base64url(member(*jws, "payload"))), R"({"a":1})");
    EXPECT_EQ(from_base64url(member(*jws, "signature"))->size(), 64U);
    const auto later = key->sign({"https://a/account/1"}, "https://a/order", "n2", "");
    ASSERT_TRUE(later);
    EXPECT_EQ(as_text(*from_base64url(member(*later, "protected"))),
              R"({"alg":"ES256","kid":"https://a/account/1","nonce":"n2","url":"https://a/order"})");
    EXPECT_EQ(member(*later, "payload"), "");
}

TEST(AccountKey, IsBoundByTheKeyOfTheAuthority) {
    const auto key = AccountKey::from_pem(kPem);
    ASSERT_TRUE(key);
    const std::string binding = key->bind("kid-1", as_bytes("secret"), "https://a/new");
    EXPECT_EQ(as_text(*from_base64url(member(binding, "protected"))), R"({"alg":"HS256","kid":"kid-1","url":"https://a/new"})");
    EXPECT_EQ(as_text(*from_base64url(member(binding, "payload"))), key->jwk());
    EXPECT_EQ(member(binding, "signature"), "ERP3xC-hX3tZOrNLTkXh7BRs-fbmwPgZwK45c-fEAR8");
}

TEST(AccountKey, OfAnotherKindIsRefused) {
    const auto rsa = crypto::PrivateKey::generate_rsa(2048), p384 = crypto::PrivateKey::generate_ec(crypto::Curve::p384);
    EXPECT_FALSE(AccountKey::from_pem(rsa->to_pem()));
    EXPECT_FALSE(AccountKey::from_pem(p384->to_pem()));
    EXPECT_FALSE(AccountKey::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));
}

}  // namespace
}  // namespace truename::acme
