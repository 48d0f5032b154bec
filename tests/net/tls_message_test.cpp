#include "net/tls_message.h"

#include <gtest/gtest.h>

namespace truename::net {
namespace {

TEST(CertificateMessage, GivesTheCertificatesOfTls12AsSent) {
    const ByteString body = {0, 0, 9, 0, 0, 2, 'a', 'b', 0, 0, 1, 'c'};
    const auto message = parse_certificate_message(body, false);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->chain, (std::vector<ByteString>{{'a', 'b'}, {'c'}}));
}

TEST(CertificateMessage, GivesChainAndStapleOfTls13) {
    const ByteString body = {0, 0, 0, 20, 0, 0, 1, 'a', 0, 9, 0, 5, 0, 5, 1, 0, 0, 1, 's', 0, 0, 1, 'b', 0, 0};
    ByteString fixed = body;
    fixed[3] = static_cast<std::uint8_t>(fixed.size() - 4);
    const auto message = parse_certificate_message(fixed, true);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->chain, (std::vector<ByteString>{{'a'}, {'b'}}));
    EXPECT_EQ(message->staple, ByteString{'s'});
}

TEST(CertificateMessage, AnEmptyListIsAnEmptyChain) {
    EXPECT_TRUE(parse_certificate_message(ByteString{0, 0, 0}, false)->chain.empty());
    EXPECT_TRUE(parse_certificate_message(ByteString{0, 0, 0, 0}, true)->chain.empty());
}

TEST(CertificateMessage, EveryTruncationFails) {
    const ByteString body = {0, 0, 9, 0, 0, 2, 'a', 'b', 0, 0, 1, 'c'};
    for (std::size_t size = 0; size < body.size(); ++size) EXPECT_FALSE(parse_certificate_message(Bytes(body).first(size), false)) << size;
    ByteString longer = body;
    longer.push_back(0);
    EXPECT_FALSE(parse_certificate_message(longer, false));
}

TEST(CertificateMessage, FiftyCertificatesAreKeptAndAThousandAreNot) {
    const auto make = [](std::size_t count) {
        const std::size_t size = count * 4;
        ByteString body = {0, static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)};
        for (std::size_t i = 0; i < count; ++i) body.insert(body.end(), {0, 0, 1, 'x'});
        return parse_certificate_message(body, false)->chain.size();
    };
    EXPECT_EQ(make(50), 50U);
    EXPECT_EQ(make(1000), kMaxChainCertificates);
}

TEST(CertificateStatus, TakesOcspOnly) {
    EXPECT_EQ(*parse_certificate_status(ByteString{1, 0, 0, 1, 's'}), ByteString{'s'});
    EXPECT_FALSE(parse_certificate_status(ByteString{2, 0, 0, 1, 's'}));
    EXPECT_FALSE(parse_certificate_status(ByteString{1, 0, 0, 2, 's'}));
    EXPECT_FALSE(parse_certificate_status(ByteString{}));
}

}  // namespace
}  // namespace truename::net
