#include "crypto/cipher.h"

#include <gtest/gtest.h>

#include <string>

#include "base/text.h"
#include "crypto/key_transport.h"
#include "crypto/private_key.h"
#include "crypto/random.h"

namespace truename::crypto {
namespace {

ByteString hex(std::string_view text) {
    return *from_hex(text);
}

/// All of `input` through a cipher in pieces of that size; nothing when it refuses in the end.
Result<ByteString> run(Cipher cipher, Bytes input, std::size_t piece, ByteString* tag = nullptr) {
    ByteString output(input.size() + 2 * Cipher::kMaxGrowth);
    std::size_t size = 0;
    while (!input.empty()) {
        const Bytes next = input.first(std::min(piece, input.size()));
        size += cipher.update(next, output.data() + size);
        input = input.subspan(next.size());
    }
    const auto last = cipher.finish(output.data() + size);
    if (!last) return forward_error(last);
    if (tag != nullptr) *tag = cipher.tag();
    output.resize(size + *last);
    return output;
}

TEST(Cipher, EncryptsAsSp80038aSays) {
    // SP 800-38A F.2.5, the first block; the padding block follows.
    const ByteString key = hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
    const ByteString iv = hex("000102030405060708090a0b0c0d0e0f");
    const auto encrypted = run(std::move(*Cipher::encryptor(CipherKind::aes256_cbc, key, iv)), hex("6bc1bee22e409f96e93d7e117393172a"), 5);
    ASSERT_TRUE(encrypted);
    EXPECT_EQ(to_hex(Bytes(*encrypted).first(16)), "f58c4c04d6e5f1ba779eabfb5f7bfbd6");
}

TEST(Cipher, EveryKindGivesBackWhatWentIn) {
    const ByteString text = random_bytes(1'000);
    for (int i = 0; i <= static_cast<int>(CipherKind::aes128_ctr); ++i) {
        const auto kind = static_cast<CipherKind>(i);
        const ByteString key = random_bytes(key_size(kind)), iv = random_bytes(iv_size(kind));
        ByteString tag;
        const auto encrypted = run(std::move(*Cipher::encryptor(kind, key, iv)), text, 333, is_authenticated(kind) ? &tag : nullptr);
        ASSERT_TRUE(encrypted) << name_of(kind);
        Cipher back = std::move(*Cipher::decryptor(kind, key, iv));
        EXPECT_EQ(is_authenticated(kind), back.expect_tag(tag).has_value());
        const auto decrypted = run(std::move(back), *encrypted, 77);
        ASSERT_TRUE(decrypted) << name_of(kind);
        EXPECT_EQ(*decrypted, text) << name_of(kind);
    }
}

TEST(Cipher, AChangedBitIsNoticedByItsTag) {
    const ByteString key = random_bytes(32), iv = random_bytes(12);
    ByteString tag;
    auto encrypted = run(std::move(*Cipher::encryptor(CipherKind::aes256_gcm, key, iv)), random_bytes(100), 100, &tag);
    (*encrypted)[50] ^= 1;
    Cipher back = std::move(*Cipher::decryptor(CipherKind::aes256_gcm, key, iv));
    ASSERT_TRUE(back.expect_tag(tag));
    EXPECT_FALSE(run(std::move(back), *encrypted, 100));
    EXPECT_FALSE(Cipher::decryptor(CipherKind::aes256_gcm, key, iv)->expect_tag(Bytes(tag).first(11)));
}

TEST(Cipher, AKeyOfAnotherSizeIsRefused) {
    EXPECT_FALSE(Cipher::encryptor(CipherKind::aes256_cbc, random_bytes(16), random_bytes(16)));
    EXPECT_FALSE(Cipher::encryptor(CipherKind::aes128_gcm, random_bytes(16), random_bytes(16)));
}

TEST(KeyTransport, WrapsAsRfc3394Says) {
    const ByteString kek = hex("000102030405060708090A0B0C0D0E0F1011121314151617");
    const ByteString key = hex("00112233445566778899AABBCCDDEEFF");
    auto wrapped = wrap_key(kek, key);  // RFC 3394 4.2
    ASSERT_TRUE(wrapped);
    EXPECT_EQ(to_hex(*wrapped), "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d");
    EXPECT_EQ(unwrap_key(kek, *wrapped).value_or({}), key);
    wrapped->back() ^= 1;
    EXPECT_FALSE(unwrap_key(kek, *wrapped));
    EXPECT_FALSE(unwrap_key(kek, Bytes(*wrapped).first(16)));
    EXPECT_FALSE(wrap_key(kek, random_bytes(17)));
}

TEST(KeyTransport, DerivesWhatX963Says) {
    // NIST CAVP, ANSI X9.63-2001 KDF, SHA-256, no shared information, count 0.
    const ByteString secret = hex("96c05619d56c328ab95fe84b18264b08725b85e33fd34f08");
    EXPECT_EQ(to_hex(derive_x963(DigestKind::sha256, secret, {}, 16)), "443024c3dae66b95e6f5670601558f71");
}

TEST(KeyTransport, OnlyTheOwnerOfAnRsaKeyOpensWhatWasEncryptedToIt) {
    const PrivateKey key = *PrivateKey::generate_rsa(1024), other = *PrivateKey::generate_rsa(1024);
    const KeyTransport ways[] = {{}, {KeyTransport::Padding::oaep}, {KeyTransport::Padding::oaep, DigestKind::sha256, DigestKind::sha256}};
    // The modulus and the exponent stand at fixed places of this SubjectPublicKeyInfo: 1024 bits, 65537.
    const ByteString info = key.public_key_info();
    const auto publicly = PublicKey::rsa(Bytes(info).subspan(29, 128), Bytes(info).last(3));
    ASSERT_TRUE(publicly);
    const ByteString secret = random_bytes(32);
    for (const KeyTransport& way : ways) {
        const auto encrypted = publicly->encrypt(way, secret);
        ASSERT_TRUE(encrypted);
        EXPECT_EQ(key.decrypt(way, *encrypted).value_or({}), secret);
        EXPECT_NE(other.decrypt(way, *encrypted).value_or({}), secret);
    }
    EXPECT_NE(key.decrypt(ways[0], *publicly->encrypt(ways[1], secret)).value_or({}), secret);
    EXPECT_FALSE(PrivateKey::generate_ed25519()->decrypt({}, secret));
}

TEST(KeyTransport, TwoKeysOnACurveAgree) {
    for (const Curve curve : {Curve::p256, Curve::p384, Curve::p521}) {
        const PrivateKey ann = *PrivateKey::generate_ec(curve), bob = *PrivateKey::generate_ec(curve);
        const auto secret = ann.agree(bob.public_point());
        ASSERT_TRUE(secret);
        EXPECT_EQ(secret->size(), (bits_of(curve) + 7) / 8);
        EXPECT_EQ(*secret, bob.agree(ann.public_point()).value_or({}));
        ByteString off = bob.public_point();
        off.back() ^= 1;
        EXPECT_FALSE(ann.agree(off));
    }
    EXPECT_FALSE(PrivateKey::generate_ec(Curve::p256)->agree(PrivateKey::generate_ec(Curve::p384)->public_point()));
}

TEST(Digester, PiecesGiveWhatTheWholeGives) {
    const ByteString text = random_bytes(1'000);
    Digester digester(DigestKind::sha384);
    digester.add(Bytes(text).first(1));
    digester.add(Bytes(text).subspan(1));
    EXPECT_EQ(digester.finish(), digest(DigestKind::sha384, text));
}

}  // namespace
}  // namespace truename::crypto
