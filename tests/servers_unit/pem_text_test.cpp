#include "servers/pem_text.h"

#include <gmock/gmock.h>

namespace truename::servers {
namespace {

using Kind = PemSpan::Kind;

constexpr std::string_view kKey = "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n";
constexpr std::string_view kCertificate = "-----BEGIN CERTIFICATE-----\nBBBB\n-----END CERTIFICATE-----\n";

std::vector<Kind> kinds(std::string_view text) {
    std::vector<Kind> list;
    for (const PemSpan& span : pem_spans(text)) list.push_back(span.kind);
    return list;
}

TEST(PemText, TellsKeysCertificatesAndOthersApart) {
    const std::string text =
        "a note\n" + std::string(kKey) + std::string(kCertificate) + "-----BEGIN DH PARAMETERS-----\nCC\n-----END DH PARAMETERS-----\n";
    EXPECT_THAT(kinds(text), testing::ElementsAre(Kind::private_key, Kind::certificate, Kind::other));
}

TEST(PemText, ABlockEndsBehindTheLineOfItsEnd) {
    const std::string text = "x\n" + std::string(kKey) + "y\n";
    const auto spans = pem_spans(text);
    ASSERT_EQ(spans.size(), 1U);
    EXPECT_EQ(text.substr(spans[0].begin, spans[0].end - spans[0].begin), kKey);
}

TEST(PemText, WhatHasNoEndIsNoBlock) {
    EXPECT_TRUE(pem_spans("-----BEGIN CERTIFICATE-----\nBBBB\n").empty());
    EXPECT_TRUE(pem_spans("-----BEGIN CERTIFICATE-----\n-----END PRIVATE KEY-----\n").empty());
    EXPECT_TRUE(pem_spans("-----BEGIN ").empty());
    EXPECT_TRUE(pem_spans("").empty());
}

TEST(PemText, ABlockThatWasCutOffHidesNoOther) {
    EXPECT_THAT(kinds("-----BEGIN CERTIFICATE-----\nBB\n" + std::string(kKey)), testing::ElementsAre(Kind::private_key));
    EXPECT_THAT(kinds("-----BEGIN \n" + std::string(kKey)), testing::ElementsAre(Kind::private_key));
    EXPECT_THAT(kinds("-----END EC PRIVATE KEY-----\n" + std::string(kKey)), testing::ElementsAre(Kind::private_key));
}

TEST(PemText, ReplacingKeepsWhatStandsAround) {
    const std::string text = "before\n" + std::string(kCertificate) + std::string(kCertificate) + "after\n";
    const auto spans = pem_spans(text);
    EXPECT_EQ(replace_blocks(text, spans, 0, 2, kKey), "before\n" + std::string(kKey) + "after\n");
    EXPECT_EQ(replace_blocks(text, spans, 1, 1, kKey), text + std::string(kKey));
}

}  // namespace
}  // namespace truename::servers
