#include "base/text.h"

#include <gtest/gtest.h>

namespace truename {
namespace {

TEST(Hex, GoesThereAndBack) {
    const ByteString bytes = {0x00, 0x7f, 0xff};
    EXPECT_EQ(to_hex(bytes), "007fff");
    EXPECT_EQ(to_hex(bytes, ':'), "00:7f:ff");
    EXPECT_EQ(*from_hex("00:7F ff"), bytes);
    EXPECT_EQ(from_hex("0").error().kind, ErrorKind::truncated);
    EXPECT_EQ(from_hex("0g").error(), (Error{ErrorKind::bad_value, 1}));
}

TEST(Base64, AgreesWithTheVectorsOfRfc4648) {
    const std::pair<const char*, const char*> vectors[] = {
        {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, coded] : vectors) {
        EXPECT_EQ(to_base64(as_bytes(plain)), coded);
        EXPECT_EQ(as_text(*from_base64(coded)), plain);
    }
}

TEST(Base64, RefusesWrongPaddingAndCharacters) {
    EXPECT_FALSE(from_base64("Zg="));
    EXPECT_FALSE(from_base64("Z==="));
    EXPECT_FALSE(from_base64("Zg==Zg=="));
    EXPECT_FALSE(from_base64("Zg===="));
    EXPECT_EQ(from_base64("Zm9v!").error(), (Error{ErrorKind::bad_value, 4}));
    EXPECT_EQ(as_text(*from_base64("Zm\r\n9v ")), "foo");
}

TEST(Base64Url, HasItsOwnDigitsAndNoPadding) {
    const ByteString bytes = {0xfb, 0xff, 0xfe, 0x01};
    EXPECT_EQ(to_base64url(bytes), "-__-AQ");
    EXPECT_EQ(*from_base64url("-__-AQ"), bytes);
    EXPECT_EQ(*from_base64url("-__-AQ=="), bytes);
    EXPECT_EQ(to_base64url({}), "");
    EXPECT_FALSE(from_base64url("+//+AQ"));
    EXPECT_FALSE(from_base64url("A"));
}

TEST(Printable, ShowsWhatATerminalWouldObey) {
    EXPECT_EQ(printable("mail.example.com"), "mail.example.com");
    EXPECT_EQ(printable("b\xc3\xbc\xc3\xa7her"), "b\xc3\xbc\xc3\xa7her");
    EXPECT_EQ(printable("a\x1b[31mb"), "a\\x1b[31mb");
    EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
    EXPECT_EQ(printable("a\xff"), "a\\xff");
    EXPECT_EQ(printable("\xe2\x80\xae"
                        "abc"),
              "\\u{202E}abc");
    EXPECT_EQ(printable("back\\slash"), "back\\\\slash");
}

TEST(Utf8, RefusesOverlongSurrogateAndTooHigh) {
    EXPECT_TRUE(is_utf8("\xf4\x8f\xbf\xbf"));
    EXPECT_FALSE(is_utf8("\xc0\x80"));
    EXPECT_FALSE(is_utf8("\xed\xa0\x80"));
    EXPECT_FALSE(is_utf8("\xf4\x90\x80\x80"));
    EXPECT_FALSE(is_utf8("\xe2\x82"));
}

TEST(EditDistance, CountsOneStepForASwapOfNeighbours) {
    EXPECT_EQ(edit_distance("thunderbird", "thunderbrid", 9), 1U);
    EXPECT_EQ(edit_distance("outlook", "outlok", 9), 1U);
    EXPECT_EQ(edit_distance("abc", "abc", 9), 0U);
    EXPECT_EQ(edit_distance("abc", "xyz", 2), 2U);
}

TEST(Counted, HasAPluralForAllNumbersButOne) {
    EXPECT_EQ(counted(0, "client"), "0 clients");
    EXPECT_EQ(counted(1, "client"), "1 client");
    EXPECT_EQ(counted(2, "client"), "2 clients");
}

TEST(WithoutEndSlashes, LeavesTheRoot) {
    EXPECT_EQ(without_end_slashes("/srv/ca//"), "/srv/ca");
    EXPECT_EQ(without_end_slashes("srv"), "srv");
    EXPECT_EQ(without_end_slashes("//"), "/");
    EXPECT_EQ(without_end_slashes(""), "");
}

TEST(Split, KeepsEmptyPieces) {
    EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
    EXPECT_EQ(split("", ','), std::vector<std::string_view>{""});
}

}  // namespace
}  // namespace truename
