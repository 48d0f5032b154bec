#include "mail/cms_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "der/writer.h"
#include "tests/mail_unit/collector.h"

namespace truename::mail {
namespace {

using testing::HasSubstr;

class Recorder : public CmsHandler {
  public:
    Outcome on_content_type(der::Oid type) override { return add(der::describe(type)); }
    Outcome on_member(Bytes tlv) override { return add(" m:" + to_hex(tlv)); }
    Outcome on_content_info(Bytes tlv) override { return add(" i:" + to_hex(tlv)); }
    Outcome on_content_begin() override { return add(" ["); }
    Outcome on_content(Bytes piece) override { return add(std::string(as_text(piece))); }
    Outcome on_end() override { return add(" end"); }
    std::string text;

  private:
    Outcome add(const std::string& more) {
        text += more;
        return {};
    }
};

/// The record of a structure, which must be the same however it is cut into pieces.
std::string record(std::string_view hex) {
    const ByteString octets = *from_hex(hex);
    std::string first;
    for (const std::size_t piece : {100'000U, 1U, 2U, 5U}) {
        Recorder recorder;
        CmsReader reader(recorder);
        const Outcome outcome = push(reader, as_text(octets), piece);
        const std::string text = outcome ? recorder.text : outcome.error().reason;
        if (first.empty()) first = text;
        EXPECT_EQ(text, first) << "in pieces of " << piece;
    }
    return first;
}

constexpr std::string_view kSigned = "06092a864886f70d010702", kEnveloped = "06092a864886f70d010703", kData = "06092a864886f70d010701";

std::string text(std::initializer_list<std::string_view> parts) {
    std::string all;
    for (const std::string_view part : parts) all += part;
    return all;
}

TEST(CmsReader, ReadsDefiniteAndIndefiniteLengthsAlike) {
    const std::string wanted = "signedData m:020101 m:3100 i:06092a864886f70d010701 [Hello m:a003020105 m:3100 end";
    // SEQUENCE { OID, [0] { SEQUENCE { 1, SET {}, SEQUENCE { OID, [0] { "Hello" } }, [0] { 5 }, SET {} } } }
    EXPECT_EQ(
        record(text({"3031", kSigned, "a024", "3022", "020101", "3100", "3014", kData, "a007", "040548656c6c6f", "a003020105", "3100"})),
        wanted);
    EXPECT_EQ(record(text({"3080", kSigned, "a080", "3080", "020101", "3100", "3080", kData, "a080", "2480", "04024865", "0000"})),
              "it ends in the middle of its CMS structure: the end is missing");
    EXPECT_EQ(record(text({"3080",     kSigned,      "a080", "3080", "020101", "31800000",       "3080", kData,  "a080", "2480", "04024865",
                           "24800403", "6c6c6f0000", "0000", "0000", "0000",   "a0800201050000", "3100", "0000", "0000", "0000"})),
              wanted);
}

TEST(CmsReader, ReadsTheContentOfEnvelopedDataWithItsOwnTag) {
    EXPECT_EQ(record(text({"3021", kEnveloped, "a014", "3012", "020100", "300d", kData, "8000"})),
              "envelopedData m:020100 i:06092a864886f70d010701 [ end");
    EXPECT_EQ(record(text({"3080", kEnveloped, "a080", "3080", "020100", "3080", kData, "a080", "040141", "040142", "0000", "0000",
                           "a1800000", "0000", "0000", "0000"})),
              "envelopedData m:020100 i:06092a864886f70d010701 [AB m:a100 end");
}

TEST(CmsReader, KeepsTheOctetsInsideOfMembers) {
    // A length in more octets than needed, inside of a definite element: a signature may cover it.
    const std::string made = record(text({"3080", kSigned, "a080", "3080", "310530810201ff", "0000", "0000", "0000"}));
    EXPECT_EQ(made, "signedData m:310530810201ff end");
}

TEST(CmsReader, WhatIsBrokenIsRefused) {
    EXPECT_THAT(record("0400"), HasSubstr("does not begin as one"));
    EXPECT_THAT(record("3000"), HasSubstr("no content"));
    EXPECT_THAT(record("30800000"), HasSubstr("no content"));
    EXPECT_THAT(record("3f"), HasSubstr("tag"));
    EXPECT_THAT(record("3089"), HasSubstr("length is larger"));
    EXPECT_THAT(record(text({"300c", kSigned, "a003"})), HasSubstr("longer than what holds it"));
    EXPECT_THAT(record(text({"3080", kSigned, "a0800000", "0000", "ff"})), HasSubstr("something follows"));
    EXPECT_THAT(record(text({"3080", kSigned, "0480"})), HasSubstr("a value has no length"));
    EXPECT_THAT(record(text({"300d", "0000"})), HasSubstr("nothing ends"));
    EXPECT_THAT(record(text({"3080", kSigned, "a080", "3080", "3080", kData, "a080", "3080"})), HasSubstr("no string of octets"));
    EXPECT_THAT(record(text({"3080", kSigned, "a080", "3080", "3080", kData, "a080", "040141", "040142"})),
                HasSubstr("no string of octets"));
    EXPECT_THAT(record(text({"3080", kSigned, "a080", "3080", "3080", kData, "0000", "3080"})), HasSubstr("two contents"));
}

TEST(CmsReader, HasLimitsOfDepthAndSize) {
    std::string deep = text({"3080", kSigned, "a080", "3080", "3080", kData, "a080"});
    for (int i = 0; i < 100'000; ++i) deep += "2480";
    EXPECT_THAT(record(deep), HasSubstr("too deep"));
    std::string members = text({"3080", kSigned, "a080", "3080"});
    for (int i = 0; i < 100'000; ++i) members += "3180";
    EXPECT_THAT(record(members), HasSubstr("too deep"));
    Recorder recorder;
    CmsReader reader(recorder);
    ASSERT_TRUE(reader.write(*from_hex(text({"3080", kSigned, "a080", "3080", "318401000000"}))));
    const ByteString filler(1 << 16);
    Outcome outcome;
    int written = 0;
    while (outcome && written < 1'000) {
        outcome = reader.write(filler);
        ++written;
    }
    EXPECT_THAT(reason(outcome), HasSubstr("larger than 2 MB"));
    EXPECT_LE(written, 33);
}

}  // namespace
}  // namespace truename::mail
