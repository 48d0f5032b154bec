#include "der/reader.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "der/encoding.h"
#include "der/value.h"

namespace truename::der {
namespace {

ByteString hex(std::string_view digits) {
    return *from_hex(digits);
}

TEST(Reader, GivesTagContentsAndOffsetsOfNestedElements) {
    const ByteString input = hex("30 06 02 01 2A 04 01 FF");
    Reader whole(input);
    const auto sequence = whole.read(Tag::sequence);
    ASSERT_TRUE(sequence);
    EXPECT_TRUE(whole.at_end());
    Reader fields(*sequence);
    const auto number = fields.read(Tag::integer);
    ASSERT_TRUE(number);
    EXPECT_EQ(number->offset, 2U);
    EXPECT_EQ(number->value_offset(), 4U);
    EXPECT_EQ(to_hex(number->value), "2a");
    const auto octets = fields.read();
    ASSERT_TRUE(octets);
    EXPECT_EQ(octets->tag, Tag::octet_string);
    EXPECT_EQ(octets->offset, 5U);
    EXPECT_TRUE(fields.expect_end());
    EXPECT_TRUE(lies_within(octets->value, input));
}

TEST(Reader, RefusesWhatDoesNotFitInItsInput) {
    struct Case {
        const char* input;
        ErrorKind kind;
    };
    for (const auto& [input, kind] :
         {Case{"30", ErrorKind::truncated}, Case{"30 01", ErrorKind::truncated}, Case{"30 82 01", ErrorKind::truncated},
          Case{"30 84 FF FF FF FF", ErrorKind::truncated}, Case{"30 85 01 00 00 00 00", ErrorKind::bad_length},
          Case{"30 80 00 00", ErrorKind::bad_length}, Case{"30 FF", ErrorKind::bad_length}, Case{"1F 81", ErrorKind::truncated}}) {
        const ByteString bytes = hex(input);
        Reader reader(bytes, 100);
        const auto element = reader.read();
        ASSERT_FALSE(element) << input;
        EXPECT_EQ(element.error(), (Error{kind, 100})) << input;
        EXPECT_EQ(reader.rest().size(), bytes.size()) << "the reader moved: " << input;
    }
}

TEST(Reader, MarksALengthThatIsLongerThanNeeded) {
    const ByteString input = hex("04 81 01 AA");
    const auto element = Reader(input).read();
    ASSERT_TRUE(element);
    EXPECT_FALSE(element->minimal_length);
    EXPECT_EQ(to_hex(element->value), "aa");
    const ByteString zeros = hex("04 82 00 80" + std::string(256, '0'));
    EXPECT_FALSE(Reader(zeros).read()->minimal_length);
    const ByteString right = hex("04 81 80" + std::string(256, '0'));
    EXPECT_TRUE(Reader(right).read()->minimal_length);
}

TEST(Reader, SkipsHighTagNumbersAsOneElement) {
    const ByteString input = hex("BF 81 00 01 AA 05 00");
    Reader reader(input);
    ASSERT_TRUE(reader.read());
    EXPECT_TRUE(reader.next_is(Tag::null));
}

TEST(Reader, TellsAMissingElementFromAnotherOne) {
    const ByteString input = hex("05 00");
    Reader reader(input);
    EXPECT_EQ(reader.read(Tag::integer).error(), (Error{ErrorKind::wrong_tag, 0}));
    ASSERT_TRUE(reader.read(Tag::null));
    EXPECT_EQ(reader.read(Tag::null).error(), (Error{ErrorKind::missing, 2}));
}

Result<std::uint32_t> read_number(Reader& reader) {
    const auto element = reader.read(Tag::integer);
    if (!element) return forward_error(element);
    return read_small(*element);
}

TEST(SequenceOf, StopsAtTheFirstBrokenElementAndCheckSaysWhere) {
    const ByteString input = hex("02 01 01 02 01 02 02 05 03");
    const SequenceOf<std::uint32_t, read_number> numbers(input, 10);
    std::vector<std::uint32_t> seen;
    for (const std::uint32_t n : numbers) seen.push_back(n);
    EXPECT_EQ(seen, (std::vector<std::uint32_t>{1, 2}));
    EXPECT_EQ(numbers.count(), 2U);
    EXPECT_EQ(numbers.check().error(), (Error{ErrorKind::truncated, 16}));
}

TEST(FindLongLength, LooksIntoConstructedElementsOnly) {
    EXPECT_EQ(find_long_length(hex("30 05 30 03 04 01 AA"), 0), std::nullopt);
    EXPECT_EQ(find_long_length(hex("30 06 30 04 04 81 01 AA"), 7), 11U);
    EXPECT_EQ(find_long_length(hex("04 04 04 81 01 AA"), 0), std::nullopt);
}

TEST(FindLongLength, EndsOnElementsInsideElementsWithoutEnd) {
    ByteString nested;
    for (int i = 0; i < 20'000; ++i) nested.insert(nested.begin(), {0x30, 0x82, 0x00, 0x00});
    EXPECT_TRUE(find_long_length(nested, 0).has_value());
    ByteString deep;
    for (unsigned i = 0; i < 60; ++i) deep.insert(deep.begin(), {0x30, static_cast<std::uint8_t>(2 * i)});
    EXPECT_EQ(find_long_length(deep, 0), std::nullopt);
}

}  // namespace
}  // namespace truename::der
