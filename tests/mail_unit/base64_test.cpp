#include "mail/base64.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "crypto/random.h"
#include "tests/mail_unit/collector.h"

namespace truename::mail {
namespace {

using testing::HasSubstr;

std::string decode(std::string_view text, std::size_t piece = 1'000'000) {
    Collector out;
    Base64Decoder decoder(out);
    const Outcome outcome = push(decoder, text, piece);
    return outcome ? out.text : "failure: " + outcome.error().reason;
}

std::string encode(std::string_view octets, std::size_t piece, std::string_view line_end = "\r\n") {
    Collector out;
    Base64Encoder encoder(out, line_end);
    EXPECT_TRUE(push(encoder, octets, piece));
    return out.text;
}

TEST(Base64, ComesBackWhateverThePiecesAre) {
    for (std::size_t size = 0; size < 200; ++size) {
        const ByteString octets = crypto::random_bytes(size);
        const std::string once = encode(as_text(octets), 1'000);
        for (const std::size_t piece : {1U, 3U, 4U, 57U, 77U, 100U}) {
            ASSERT_EQ(encode(as_text(octets), piece), once) << size << " in " << piece;
            ASSERT_EQ(decode(once, piece), as_text(octets)) << size << " in " << piece;
        }
    }
}

TEST(Base64, IsTheOneOfTheStandardInLinesOf76) {
    const ByteString octets = crypto::random_bytes(1'000);
    std::string text = encode(as_text(octets), 999, "\n");
    for (const std::string_view line : split(text, '\n')) EXPECT_LE(line.size(), 76U);
    std::erase(text, '\n');
    EXPECT_EQ(text, to_base64(octets));
}

TEST(Base64, LinesMayBeOfAnyLengthAndEndInAnyWay) {
    EXPECT_EQ(decode("SGVs\nbG8g\r\nd29y bGQ=\n\n"), "Hello world");
    EXPECT_EQ(decode("S\nG\nV\ns\nb\nG\n8\n="), "Hello");
    EXPECT_EQ(decode("SGVsbG8gd29ybGQhSGVsbG8gd29ybGQhSGVsbG8gd29ybGQhSGVsbG8g\td29ybGQh"),
              "Hello world!Hello world!Hello world!Hello world!");
}

TEST(Base64, WhatIsNoneIsRefused) {
    for (const std::size_t piece : {1U, 7U, 1'000U}) {
        EXPECT_THAT(decode("SGVsbG8gd29ybGQhSGVs*G8gd29ybGQhSGVsbG8gd29ybGQh", piece), HasSubstr("a character that is none of it"));
        EXPECT_THAT(decode("SGVsbG8=SGVs", piece), HasSubstr("behind the end"));
        EXPECT_THAT(decode("SGVsbG8===", piece), HasSubstr("behind the end"));
        EXPECT_THAT(decode("SGVsb", piece), HasSubstr("the end is missing"));
        EXPECT_THAT(decode("S=", piece), HasSubstr("padding"));
        EXPECT_THAT(decode("SGVs\x80"
                           "bG8=",
                           piece),
                    HasSubstr("a character that is none of it"));
    }
}

TEST(Base64, EveryOctetIsJudgedInEveryPlaceOfAWideStep) {
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (unsigned octet = 0; octet < 256; ++octet) {
        const bool is_known = kAlphabet.find(static_cast<char>(octet)) != std::string_view::npos;
        for (std::size_t place = 0; place < 16; ++place) {
            std::string text(32, 'A');
            text[place] = static_cast<char>(octet);
            std::uint8_t out[64];
            const std::size_t taken = decode_base64_groups(as_bytes(text), out);
            ASSERT_EQ(taken, is_known ? 32U : place / 4 * 4) << octet << " at " << place;
            if (!is_known) continue;
            ASSERT_EQ(to_base64(Bytes(out, 24)), text);
        }
    }
}

}  // namespace
}  // namespace truename::mail
