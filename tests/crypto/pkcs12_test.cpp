#include "crypto/pkcs12.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "recipe/recipe.h"

namespace truename::crypto {
namespace {

/// An authority and ann, whose certificate is of it.
const recipe::Built& people() {
    static const recipe::Built built = [] {
        const auto loaded = recipe::load(R"(
            [[certificate]]
            name = "root"
            subject = "CN=root"
            validity = ["2026-01-01", "2036-01-01"]
            key = "rsa2048-1"
            ca = true
            [[certificate]]
            name = "ann"
            subject = "CN=ann"
            validity = ["2026-01-01", "2028-01-01"]
            key = "p256-1"
            issuer = "root")",
                                         "people");
        if (!loaded) std::abort();
        auto made = recipe::build(*loaded, TRUENAME_SOURCE_DIR "/tests/keys");
        if (!made) std::abort();
        return std::move(*made);
    }();
    return built;
}

const PrivateKey& ann_key() {
    return people().certificates.find("ann")->second.key;
}

ByteString certificate(std::string_view name) {
    const Bytes der = people().certificate(name);
    return {der.begin(), der.end()};
}

Result<SecretBytes> write(const std::vector<ByteString>& certificates, Pkcs12Lock lock = Pkcs12Lock::aes_256) {
    return write_pkcs12(ann_key(), certificates, "Ann", "open sesame", lock);
}

class EachLock : public testing::TestWithParam<Pkcs12Lock> {};

TEST_P(EachLock, OpensByItsPassphraseAlone) {
    const std::vector<ByteString> chain{certificate("ann"), certificate("root")};
    const auto file = write(chain, GetParam());
    ASSERT_TRUE(file);
    EXPECT_TRUE(looks_like_pkcs12(file->view()));
    const auto read = read_pkcs12(file->view(), "open sesame");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->certificates, chain);
    ASSERT_TRUE(read->key);
    EXPECT_EQ(read->key->to_pem(), ann_key().to_pem());
    const auto refused = read_pkcs12(file->view(), "open sesam");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::bad_value);
}

INSTANTIATE_TEST_SUITE_P(Pkcs12, EachLock, testing::Values(Pkcs12Lock::triple_des, Pkcs12Lock::aes_128, Pkcs12Lock::aes_256));

TEST(Pkcs12, TwoFilesShareNoSalt) {
    const auto one = write({certificate("ann")});
    const auto other = write({certificate("ann")});
    ASSERT_TRUE(one && other);
    EXPECT_FALSE(std::ranges::equal(one->view(), other->view()));
}

TEST(Pkcs12, TakesNoCertificateThatIsNotTheKeys) {
    EXPECT_FALSE(write({certificate("root")}));
    EXPECT_FALSE(write({certificate("root"), certificate("ann")}));
    EXPECT_FALSE(write({}));
}

TEST(Pkcs12, TakesNoCertificateThatIsNone) {
    EXPECT_FALSE(write({ByteString{0x30, 0x00}}));
    EXPECT_FALSE(write({certificate("ann"), ByteString{0x30, 0x00}}));
}

}  // namespace
}  // namespace truename::crypto
