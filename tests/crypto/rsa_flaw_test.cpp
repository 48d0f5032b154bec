#include "crypto/rsa_flaw.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace truename::crypto {
namespace {

const ByteString kUsual = {1, 0, 1};

// Products of two primes of 256 bits, made for this test.
constexpr std::string_view kGood =
    "4703c8e5816c141bc3dfbf856234e276b1294b23291e83c28d5cef85ab746cc9323d08b99c8f2ff25512e6f8331c1c5a0b7d50796d8038e495125f50ed355a19";
/// Of k * M + (65537^a mod M), M the product of the primes to 167.
constexpr std::string_view kRoca =
    "49325fd31bb4822339f27a92fc84674fc17b6acfb8d05b273137a40eabb90e88d1d6c22688422a73d0b31ba68f749dee92785a94d8d66c1b12915e7d3e5046b9";
constexpr std::string_view kSquare =
    "c1ce2fd19ecace42531bc693d93bb1d4336f9c1afdc5c1dc2c2fd7b870cf107a55f152a885552d3b6de10bdadbade00b0f2ebb733a840d2ba0a551e87b683839";
/// Fermat's method needs 37 rounds.
constexpr std::string_view kNear =
    "c1ce2fd19ecace42531bc693d93bb1e21f50928c082e76acf0d770aa38433ed13a8416dc4f8555162f19d53127874e026abccfa39cf3181f11c6a6dedd193ec5";
/// And here 148.
constexpr std::string_view kFarther =
    "c1ce2fd19ecace42531bc693d93bb1f00b3188fd12972b7db57f099bffb76d37c873f04f456b485bcd8f2a9773c36fc17998c6630782fe42242bb8fa51e7574b";

std::optional<RsaFlaw> flaw_of(std::string_view modulus, const ByteString& exponent = kUsual) {
    return find_rsa_flaw(*from_hex(modulus), exponent);
}

TEST(RsaFlaw, IsNotInAGoodKey) {
    EXPECT_EQ(flaw_of(kGood), std::nullopt);
    EXPECT_EQ(flaw_of(kGood, {1, 0, 0, 0, 0, 0, 0, 0, 0, 1}), std::nullopt);
}

TEST(RsaFlaw, IsInExponentsThatAreEvenOrSmall) {
    EXPECT_EQ(flaw_of(kGood, {}), RsaFlaw::even_exponent);
    EXPECT_EQ(flaw_of(kGood, {1, 0, 0}), RsaFlaw::even_exponent);
    for (const ByteString& exponent : {ByteString{1}, ByteString{3}, ByteString{0, 0, 0, 17}, ByteString{0xFF, 0xFF}})
        EXPECT_EQ(flaw_of(kGood, exponent), RsaFlaw::small_exponent);
}

TEST(RsaFlaw, IsInAModulusWithASmallFactor) {
    ByteString modulus = *from_hex(kGood);
    ++modulus.back();
    EXPECT_EQ(find_rsa_flaw(modulus, kUsual), RsaFlaw::small_factor);
    EXPECT_EQ(find_rsa_flaw({}, kUsual), RsaFlaw::small_factor);
    // 751 is the last prime that counts.
    EXPECT_EQ(flaw_of("2cc3628d"), RsaFlaw::small_factor);  // 751 * 1000003
    EXPECT_NE(flaw_of("2d1ef01f"), RsaFlaw::small_factor);  // 757 * 1000003
}

TEST(RsaFlaw, IsInKeysOfTheFaultyChip) {
    EXPECT_EQ(flaw_of(kRoca), RsaFlaw::roca);
}

TEST(RsaFlaw, IsInPrimesThatAHundredRoundsOfFermatFind) {
    EXPECT_EQ(flaw_of(kSquare), RsaFlaw::close_primes);
    EXPECT_EQ(flaw_of(kNear), RsaFlaw::close_primes);
    EXPECT_EQ(flaw_of(kFarther), std::nullopt);
}

}  // namespace
}  // namespace truename::crypto
