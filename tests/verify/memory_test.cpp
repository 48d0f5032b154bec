#include "verify/memory.h"

#include <gtest/gtest.h>

#include "tests/verify/support.h"

namespace truename::verify {
namespace {

recipe::Built built() {
    return *recipe::build(*recipe::load("[[certificate]]\nname = \"root\"\nsubject = \"CN=Root\"\nca = true\nkey = \"p256-1\"\nvalidity = "
                                        "[\"2020-01-01\", \"2040-01-01\"]\n",
                                        "memory"),
                          TRUENAME_SOURCE_DIR "/tests/keys");
}

TEST(Memory, GivesWhatItReadBeforeAndOwnsItsBytes) {
    const recipe::Built made = built();
    ByteString der = to_owned(made.certificate("root"));
    Memory memory;
    const auto first = memory.read(der);
    ASSERT_TRUE(first);
    const auto again = memory.read(ByteString(der));
    EXPECT_EQ(first->get(), again->get());
    EXPECT_EQ((*first)->fingerprint, crypto::sha256(der));
    EXPECT_TRUE((*first)->self_issued);
    EXPECT_EQ(&(*first)->findings(), &(*again)->findings()) << "made once";
    std::fill(der.begin(), der.end(), std::uint8_t{0});
    EXPECT_EQ(x509::to_string((*first)->certificate.subject), "CN=Root");
}

TEST(Memory, TellsOneChangedByteApart) {
    const recipe::Built made = built();
    ByteString der = to_owned(made.certificate("root"));
    Memory memory;
    const auto before = memory.read(der);
    der.back() ^= 1;
    const auto after = memory.read(der);
    ASSERT_TRUE(before && after);
    EXPECT_FALSE(equal((*before)->certificate.signature_value, (*after)->certificate.signature_value));
}

TEST(Memory, ForgetsTheOldest) {
    const recipe::Built made = built();
    Memory memory(crypto::CacheLimits{.certificates = 4});
    ByteString der = to_owned(made.certificate("root"));
    const std::weak_ptr<const KnownCertificate> first = *memory.read(der);
    EXPECT_FALSE(first.expired());
    for (int i = 0; i < 8; ++i) {
        der.back() = static_cast<std::uint8_t>(der.back() + 1);
        ASSERT_TRUE(memory.read(der));
    }
    EXPECT_TRUE(first.expired());
}

TEST(Memory, SaysWhyItCannotRead) {
    Memory memory;
    const auto read = memory.read(as_bytes("no certificate"));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().field, Field::certificate);
}

}  // namespace
}  // namespace truename::verify
