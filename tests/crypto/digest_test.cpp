#include "crypto/digest.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "crypto/random.h"

namespace truename::crypto {
namespace {

TEST(Digest, GivesTheResultsOfTheStandardsForAbc) {
    const Bytes abc = as_bytes("abc");
    EXPECT_EQ(to_hex(digest(DigestKind::md5, abc)), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(to_hex(sha1(abc)), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(to_hex(sha256(abc)), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(to_hex(digest(DigestKind::sha224, abc)), "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7");
    EXPECT_EQ(to_hex(digest(DigestKind::sha384, abc)),
              "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
    EXPECT_EQ(digest(DigestKind::sha512, abc).size(), digest_size(DigestKind::sha512));
    EXPECT_EQ(name_of(DigestKind::sha256), "SHA-256");
}

TEST(Digest, OfNothingIsThatOfTheEmptyText) {
    EXPECT_EQ(to_hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Random, GivesOtherBytesEveryTime) {
    EXPECT_EQ(random_bytes(16).size(), 16U);
    EXPECT_NE(random_bytes(16), random_bytes(16));
}

TEST(Digest, OfPartsTellsWhereEachPartEnds) {
    const ByteString ab = {'a', 'b'}, c = {'c'}, a = {'a'}, bc = {'b', 'c'};
    EXPECT_EQ(sha256({Bytes(ab), Bytes(c)}), sha256({Bytes(ab), Bytes(c)}));
    EXPECT_NE(sha256({Bytes(ab), Bytes(c)}), sha256({Bytes(a), Bytes(bc)}));
    EXPECT_NE(sha256({Bytes(a), Bytes()}), sha256({Bytes(), Bytes(a)}));
}

TEST(Hmac, AgreesWithTheVectorsOfRfc4231) {
    const ByteString key(20, 0x0b);
    EXPECT_EQ(to_hex(hmac_sha256(key, as_bytes("Hi There"))), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(to_hex(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?"))),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace
}  // namespace truename::crypto
