#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/text.h"
#include "crypto/private_key.h"
#include "crypto/public_key.h"
#include "crypto/secret.h"

namespace truename::crypto {
namespace {

constexpr std::string_view kMessage = "Do you want to continue using this server?";

/// The raw key at the end of a SubjectPublicKeyInfo: what its last `size` bytes are for EC and Edwards keys.
Bytes tail(const ByteString& info, std::size_t size) {
    return Bytes(info).last(size);
}

Result<PublicKey> public_half(const PrivateKey& key, Curve curve) {
    const ByteString info = key.public_key_info();
    return PublicKey::ec(curve, tail(info, 1 + 2 * ((bits_of(curve) + 7) / 8)));
}

TEST(EcKey, ChecksWhatItsPrivateHalfSigned) {
    for (const Curve curve : {Curve::p224, Curve::p256, Curve::p384, Curve::p521, Curve::secp256k1, Curve::brainpool_p256r1}) {
        const auto key = PrivateKey::generate_ec(curve);
        ASSERT_TRUE(key);
        const SignatureScheme scheme = key->usual_scheme();
        const auto signature = key->sign(scheme, as_bytes(kMessage));
        ASSERT_TRUE(signature);
        const auto checker = public_half(*key, curve);
        ASSERT_TRUE(checker) << bits_of(curve);
        EXPECT_EQ(checker->verify(scheme, as_bytes(kMessage), *signature), SignatureCheck::valid);
        EXPECT_EQ(checker->verify(scheme, as_bytes("Yes"), *signature), SignatureCheck::invalid);
    }
}

TEST(EcKey, RefusesAPointThatIsNotOnTheCurve) {
    const auto key = PrivateKey::generate_ec(Curve::p256);
    ASSERT_TRUE(key);
    ByteString point = to_owned(tail(key->public_key_info(), 65));
    ASSERT_TRUE(PublicKey::ec(Curve::p256, point));
    point.back() ^= 1;
    EXPECT_FALSE(PublicKey::ec(Curve::p256, point));
    EXPECT_FALSE(PublicKey::ec(Curve::p256, {}));
    EXPECT_FALSE(PublicKey::ec(Curve::p384, tail(key->public_key_info(), 65)));
}

TEST(EcKey, ReadsACompressedPoint) {
    const auto key = PrivateKey::generate_ec(Curve::p256);
    ASSERT_TRUE(key);
    const ByteString info = key->public_key_info();
    ByteString compressed = to_owned(tail(info, 65).first(33));
    compressed[0] = info.back() % 2 == 0 ? 2 : 3;
    const auto checker = PublicKey::ec(Curve::p256, compressed);
    ASSERT_TRUE(checker);
    const auto signature = key->sign(key->usual_scheme(), as_bytes(kMessage));
    EXPECT_EQ(checker->verify(key->usual_scheme(), as_bytes(kMessage), *signature), SignatureCheck::valid);
}

TEST(EdwardsKey, ChecksWhatItsPrivateHalfSigned) {
    const auto key25519 = PrivateKey::generate_ed25519(), key448 = PrivateKey::generate_ed448();
    ASSERT_TRUE(key25519 && key448);
    const auto public25519 = PublicKey::ed25519(tail(key25519->public_key_info(), 32));
    const auto public448 = PublicKey::ed448(tail(key448->public_key_info(), 57));
    ASSERT_TRUE(public25519 && public448);
    auto signature = key25519->sign(key25519->usual_scheme(), as_bytes(kMessage));
    ASSERT_TRUE(signature);
    EXPECT_EQ(public25519->verify(key25519->usual_scheme(), as_bytes(kMessage), *signature), SignatureCheck::valid);
    signature->front() ^= 1;
    EXPECT_EQ(public25519->verify(key25519->usual_scheme(), as_bytes(kMessage), *signature), SignatureCheck::invalid);
    signature = key448->sign(key448->usual_scheme(), as_bytes(kMessage));
    EXPECT_EQ(public448->verify(key448->usual_scheme(), as_bytes(kMessage), *signature), SignatureCheck::valid);
    EXPECT_FALSE(PublicKey::ed25519(as_bytes("short")));
}

TEST(PublicKey, ASchemeForAnotherKindOfKeyIsInvalidNotUnsupported) {
    const auto key = PrivateKey::generate_ed25519();
    ASSERT_TRUE(key);
    const auto checker = PublicKey::ed25519(tail(key->public_key_info(), 32));
    EXPECT_EQ(checker->verify({.kind = SignatureKind::rsa_pkcs1}, as_bytes(kMessage), as_bytes("signature")), SignatureCheck::invalid);
}

TEST(PublicKey, RefusesRsaNumbersThatAreNoKeyOrTooLarge) {
    const ByteString modulus(256, 0xFF), even(256, 0xFE), exponent = {1, 0, 1};
    EXPECT_TRUE(PublicKey::rsa(modulus, exponent));
    EXPECT_EQ(PublicKey::rsa(even, exponent).error().kind, ErrorKind::bad_value);
    EXPECT_EQ(PublicKey::rsa(modulus, {}).error().kind, ErrorKind::bad_value);
    EXPECT_EQ(PublicKey::rsa(ByteString(2049, 0xFF), exponent).error().kind, ErrorKind::too_large);
    EXPECT_EQ(PublicKey::rsa(modulus, ByteString(9, 0xFF)).error().kind, ErrorKind::too_large);
}

TEST(PublicKey, CanBeUsedByTwoThreadsAtOnce) {
    const auto key = PrivateKey::generate_ec(Curve::p256);
    ASSERT_TRUE(key);
    const auto checker = public_half(*key, Curve::p256);
    const auto signature = key->sign(key->usual_scheme(), as_bytes(kMessage));
    ASSERT_TRUE(checker && signature);
    std::atomic<int> valid = 0;
    const auto work = [&, copy = *checker] {
        for (int i = 0; i < 50; ++i) valid += copy.verify(key->usual_scheme(), as_bytes(kMessage), *signature) == SignatureCheck::valid;
    };
    std::thread first(work), second(work);
    first.join();
    second.join();
    EXPECT_EQ(valid, 100);
}

TEST(PrivateKey, ComesBackFromItsPem) {
    for (const auto& key : {PrivateKey::generate_ec(Curve::p384), PrivateKey::generate_rsa(1024), PrivateKey::generate_ed25519()}) {
        ASSERT_TRUE(key);
        const auto again = PrivateKey::from_pem(key->to_pem());
        ASSERT_TRUE(again);
        EXPECT_EQ(again->public_key_info(), key->public_key_info());
        EXPECT_EQ(again->usual_scheme(), key->usual_scheme());
    }
}

TEST(PrivateKey, ComesBackFromItsEncryptedPemWithItsPassphraseOnly) {
    const auto key = PrivateKey::generate_ec(Curve::p256);
    ASSERT_TRUE(key);
    const auto pem = key->to_encrypted_pem("correct horse");
    ASSERT_TRUE(pem);
    EXPECT_TRUE(pem->starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    const auto again = PrivateKey::from_pem(*pem, "correct horse");
    ASSERT_TRUE(again);
    EXPECT_EQ(again->public_key_info(), key->public_key_info());
    EXPECT_FALSE(PrivateKey::from_pem(*pem, "correct hors"));
    EXPECT_FALSE(key->to_encrypted_pem(""));
}

TEST(Secret, IsClearedWhereItWasWhenItMoves) {
    for (const std::string text : {"short", "long enough to lie on the heap and not in the object itself"}) {
        Secret first{std::string(text)};
        const Secret second = std::move(first);
        EXPECT_EQ(second.view(), text);
        EXPECT_TRUE(first.empty());
    }
}

// A key made for this test, encrypted with the passphrase `correct`.
constexpr std::string_view kEncrypted = R"(-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjdz0sx9Ddo+wICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEDeLhwkbFiOF5OYBzXQnlNcEgZAv
UdpclRURrteOGh8LDHtA6k1QzXeLncRgaJT8fQ50RhSycMmlQOJKHM1fscTalXkU
1nIAFvetJB4lLQhqBVtZEX4DWCg3abFnNaDjtpHZdBN/GVuCRvB++nYffjbZqyio
8elx/DmVFL5702VusvBPWjyWm045Kp0IRzHaQeHO0MAapiHq5krZnsFoAjmmsPk=
-----END ENCRYPTED PRIVATE KEY-----
)";

TEST(PrivateKey, AnEncryptedOneOpensOnlyWithItsPassphraseAndNeverAsks) {
    EXPECT_TRUE(PrivateKey::from_pem(kEncrypted, "correct"));
    EXPECT_EQ(PrivateKey::from_pem(kEncrypted, "wrong").error().kind, ErrorKind::bad_value);
    EXPECT_EQ(PrivateKey::from_pem(kEncrypted).error().kind, ErrorKind::bad_value);
}

TEST(PrivateKey, TextWithoutAKeyIsMissingAndBrokenOnesAreBad) {
    EXPECT_EQ(PrivateKey::from_pem("").error().kind, ErrorKind::missing);
    EXPECT_EQ(PrivateKey::from_pem("-----BEGIN CERTIFICATE-----\n").error().kind, ErrorKind::missing);
    EXPECT_EQ(PrivateKey::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").error().kind, ErrorKind::bad_value);
    EXPECT_EQ(PrivateKey::from_pem(std::string(70'000, 'x')).error().kind, ErrorKind::too_large);
    EXPECT_EQ(PrivateKey::generate_rsa(100).error().kind, ErrorKind::bad_value);
}

TEST(PrivateKey, RsaPkcs1SignaturesAreTheSameBytesEveryTime) {
    const auto key = PrivateKey::generate_rsa(1024);
    ASSERT_TRUE(key);
    const auto first = key->sign(key->usual_scheme(), as_bytes(kMessage)), second = key->sign(key->usual_scheme(), as_bytes(kMessage));
    ASSERT_TRUE(first && second);
    EXPECT_EQ(*first, *second);
    const SignatureScheme pss{.kind = SignatureKind::rsa_pss};
    EXPECT_NE(*key->sign(pss, as_bytes(kMessage)), *key->sign(pss, as_bytes(kMessage)));
    EXPECT_EQ(key->sign({.kind = SignatureKind::ecdsa}, as_bytes(kMessage)).error().kind, ErrorKind::bad_value);
}

}  // namespace
}  // namespace truename::crypto
