#include "der/value.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "der/time.h"

namespace truename::der {
namespace {

/// An element with these contents, as if it began at offset 50.
struct Element {
    ByteString bytes;
    Tlv tlv;
    Element(Tag tag, ByteString value) {
        bytes.push_back(static_cast<std::uint8_t>(tag));
        bytes.push_back(static_cast<std::uint8_t>(value.size()));
        bytes.insert(bytes.end(), value.begin(), value.end());
        tlv = *Reader(bytes, 50).read();
    }
    Element(Tag tag, std::string_view text) : Element(tag, to_owned(as_bytes(text))) {}
};

Element integer(std::string_view hex) {
    return {Tag::integer, *from_hex(hex)};
}

TEST(Integer, IsReadOnlyInItsShortestForm) {
    EXPECT_EQ(to_hex(*read_integer(integer("FF").tlv)), "ff");
    EXPECT_EQ(to_hex(*read_integer(integer("0080").tlv)), "0080");
    EXPECT_EQ(read_integer(integer("").tlv).error(), (Error{ErrorKind::bad_value, 52}));
    EXPECT_EQ(read_integer(integer("007F").tlv).error(), (Error{ErrorKind::bad_value, 52}));
    EXPECT_EQ(read_integer(integer("FF80").tlv).error(), (Error{ErrorKind::bad_value, 52}));
}

TEST(Integer, UnsignedLosesTheLeadingZeroAndRefusesNegativeOnes) {
    EXPECT_EQ(to_hex(*read_unsigned(integer("0080").tlv)), "80");
    EXPECT_TRUE(read_unsigned(integer("00").tlv)->empty());
    EXPECT_EQ(read_unsigned(integer("80").tlv).error().kind, ErrorKind::bad_value);
}

TEST(Integer, SmallEndsBelowTwoToThe31) {
    EXPECT_EQ(*read_small(integer("7FFFFFFF").tlv), 0x7FFFFFFFU);
    EXPECT_EQ(read_small(integer("0080000000").tlv).error().kind, ErrorKind::too_large);
}

TEST(Boolean, TakesAnyOctetButSaysWhichAreDer) {
    const Element der_true(Tag::boolean, ByteString{0xFF}), ber_true(Tag::boolean, ByteString{1}), wrong(Tag::boolean, ByteString{0, 0});
    EXPECT_TRUE(*read_boolean(der_true.tlv));
    EXPECT_TRUE(*read_boolean(ber_true.tlv));
    EXPECT_FALSE(is_der_boolean(ber_true.tlv));
    EXPECT_FALSE(read_boolean(wrong.tlv));
}

TEST(BitString, CountsBitsFromTheHighestOfTheFirstByte) {
    const Element usage(Tag::bit_string, ByteString{5, 0xA0});
    const auto bits = read_bit_string(usage.tlv);
    ASSERT_TRUE(bits);
    EXPECT_TRUE(bits->has(0));
    EXPECT_FALSE(bits->has(1));
    EXPECT_TRUE(bits->has(2));
    EXPECT_FALSE(bits->has(3));
    EXPECT_FALSE(bits->has(1000));
    EXPECT_FALSE(read_octets_of_bit_string(usage.tlv));
}

TEST(BitString, RefusesAWrongNumberOfUnusedBits) {
    for (const ByteString& value : {ByteString{}, ByteString{8, 0}, ByteString{1}})
        EXPECT_FALSE(read_bit_string(Element(Tag::bit_string, value).tlv));
    EXPECT_TRUE(read_bit_string(Element(Tag::bit_string, ByteString{0}).tlv)->bytes.empty());
}

TEST(Oid, IsWrittenAndReadWithDots) {
    EXPECT_EQ(to_dotted(oid::kp_server_auth), "1.3.6.1.5.5.7.3.1");
    EXPECT_EQ(to_dotted(oid::domain_component), "0.9.2342.19200300.100.1.25");
    EXPECT_EQ(to_dotted(make_oid<2, 999, 3>), "2.999.3");
    for (const char* dotted : {"1.3.6.1.5.5.7.3.1", "2.999.3", "0.9.2342.19200300.100.1.25", "2.25.18446744073709551535"})
        EXPECT_EQ(to_dotted(Oid(*parse_dotted(dotted))), dotted);
    EXPECT_EQ(name_of(oid::kp_server_auth), "serverAuth");
    EXPECT_EQ(describe(make_oid<1, 2, 3, 4>), "1.2.3.4");
}

TEST(Oid, RefusesWhatIsNone) {
    for (const char* wrong : {"", "1", "1.", ".1", "3.1", "1.40", "1.2..3", "1.02", "1.2.x", "1.2.18446744073709551616"})
        EXPECT_FALSE(parse_dotted(wrong)) << wrong;
    EXPECT_EQ(parse_dotted("1.2.x").error().offset, 4U);
    EXPECT_FALSE(read_oid(Element(Tag::object_identifier, ByteString{}).tlv));
    EXPECT_EQ(read_oid(Element(Tag::object_identifier, ByteString{0x2A, 0x80, 0x01}).tlv).error(), (Error{ErrorKind::bad_value, 53}));
    EXPECT_EQ(read_oid(Element(Tag::object_identifier, ByteString{0x2A, 0x83}).tlv).error(), (Error{ErrorKind::bad_value, 53}));
    EXPECT_EQ(to_dotted(Oid(*from_hex("2A83"))), "#2a83");
}

std::string read(Tag tag, std::string_view text) {
    const Element element(tag, text);
    const auto time = read_time(element.tlv);
    if (!time) return "byte " + std::to_string(time.error().offset - 52);
    return format_time(time->time) + (time->der ? "" : " ber") + (time->has_right_form() ? "" : " form");
}

TEST(Time, TwoDigitsOfTheYearMean1950To2049) {
    EXPECT_EQ(read(Tag::utc_time, "491231235959Z"), "2049-12-31T23:59:59Z");
    EXPECT_EQ(read(Tag::utc_time, "500101000000Z"), "1950-01-01T00:00:00Z");
    EXPECT_EQ(read(Tag::generalized_time, "20500101000000Z"), "2050-01-01T00:00:00Z");
}

TEST(Time, SaysWhenTheOtherTypeBelongsThere) {
    EXPECT_EQ(read(Tag::generalized_time, "20260101000000Z"), "2026-01-01T00:00:00Z form");
    EXPECT_EQ(read(Tag::generalized_time, "19491231000000Z"), "1949-12-31T00:00:00Z");
}

TEST(Time, ReadsWhatOnlyBerAllowsAndSaysSo) {
    EXPECT_EQ(read(Tag::utc_time, "2601010000Z"), "2026-01-01T00:00:00Z ber");
    EXPECT_EQ(read(Tag::utc_time, "260101000000+0130"), "2025-12-31T22:30:00Z ber");
    EXPECT_EQ(read(Tag::generalized_time, "20500101000000.5Z"), "2050-01-01T00:00:00Z ber");
    EXPECT_EQ(read(Tag::generalized_time, "2050010100Z"), "2050-01-01T00:00:00Z ber");
}

TEST(Time, RefusesWhatIsNoTimeWithTheOffset) {
    EXPECT_EQ(read(Tag::utc_time, "26010100000xZ"), "byte 11");
    EXPECT_EQ(read(Tag::utc_time, "261301000000Z"), "byte 0");
    EXPECT_EQ(read(Tag::utc_time, "260230000000Z"), "byte 0");
    EXPECT_EQ(read(Tag::utc_time, "260101000000"), "byte 11");
    EXPECT_EQ(read(Tag::utc_time, "260101000000ZZ"), "byte 13");
    EXPECT_EQ(read(Tag::utc_time, ""), "byte 0");
    EXPECT_EQ(read(Tag::generalized_time, "20260101000000"), "byte 13") << "local time of an unknown place";
}

}  // namespace
}  // namespace truename::der
