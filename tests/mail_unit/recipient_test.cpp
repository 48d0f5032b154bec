#include "mail/recipient.h"

#include <gtest/gtest.h>

#include "der/oid.h"
#include "der/writer.h"

namespace truename::mail {
namespace {

/// A KeyAgreeRecipientInfo for so many recipients (RFC 5652 6.2.2).
ByteString agreement(std::size_t point, std::size_t user_info, std::size_t recipients) {
    der::Writer w;
    w.set([&] {
        w.nested(der::context_constructed(1), [&] {
            w.integer(3);
            w.nested(der::context_constructed(0), [&] {
                w.nested(der::context_constructed(1), [&] {
                    w.sequence([&] { w.oid(der::oid::ec_public_key); });
                    w.bit_string(ByteString(point, 4));
                });
            });
            w.nested(der::context_constructed(1), [&] { w.octet_string(ByteString(user_info, 7)); });
            w.sequence([&] {
                w.oid(der::oid::dh_single_pass_std_dh_sha256kdf);
                w.sequence([&] { w.oid(der::oid::aes256_wrap); });
            });
            w.sequence([&] {
                for (std::size_t i = 0; i < recipients; ++i) {
                    w.sequence([&] {
                        w.nested(der::context_constructed(0), [&] { w.octet_string(ByteString(20, 9)); });
                        w.octet_string(ByteString(40, 1));
                    });
                }
            });
        });
    });
    return w.take();
}

TEST(ReadRecipients, ShareWhatIsOfAllOfThem) {
    const auto recipients = read_recipients(agreement(65, 1'024, 1'000));
    ASSERT_TRUE(recipients);
    ASSERT_EQ(recipients->size(), 1'000U);
    ASSERT_NE(recipients->front().agreement, nullptr);
    EXPECT_EQ(recipients->front().agreement, recipients->back().agreement);
}

TEST(ReadRecipients, WhatNoKeyIsAgreedOnWithIsTooLarge) {
    EXPECT_FALSE(read_recipients(agreement(65, 1'025, 1)));
    EXPECT_FALSE(read_recipients(agreement(201, 16, 1)));
    EXPECT_TRUE(read_recipients(agreement(133, 16, 1)));
}

}  // namespace
}  // namespace truename::mail
