#include "x509/string_prep.h"

#include <gtest/gtest.h>

namespace truename::x509 {
namespace {

struct Pair {
    const char* rule;
    std::string_view a, b;
    bool same;
};

// Sections of RFC 4518 and tables of RFC 3454, with a pair for each rule.
TEST(PrepareString, MakesTheSameOfWhatOnlyLooksOtherwise) {
    using namespace std::literals;
    const Pair pairs[] = {
        {"B.2 letters of ASCII", "Example CA", "EXAMPLE ca", true},
        {"B.2 letters outside ASCII", "M\xc3\xbcller", "M\xc3\x9cLLER", true},
        {"B.2 Greek", "\xce\xa3\xce\xa3", "\xcf\x83\xcf\x82", true},
        {"B.2 one letter becomes two",
         "Stra\xc3\x9f"
         "e",
         "STRASSE", true},
        {"letters that differ", "M\xc3\xbcller", "Muller", false},
        {"2.3 composed or not", "M\xc3\xbcller", "Mu\xcc\x88ller", true},
        {"2.3 full width", "\xef\xbc\xa3\xef\xbc\xa1", "CA", true},
        {"2.3 ligature", "\xef\xac\x81nance", "finance", true},
        {"2.2 soft hyphen",
         "Ex\xc2\xad"
         "ample",
         "Example", true},
        {"2.2 zero width space",
         "Ex\xe2\x80\x8b"
         "ample",
         "Example", true},
        {"2.2 combining grapheme joiner",
         "a\xcd\x8f"
         "b",
         "ab", true},
        {"2.2 variation selector",
         "a\xef\xb8\x8f"
         "b",
         "ab", true},
        {"2.2 controls",
         "a\x01"
         "b\x7f",
         "ab", true},
        {"2.2 NUL is a control", "a\0b"sv, "ab", true},
        {"2.2 tabulator and line ends are blanks", "a\tb\r\nc", "a b c", true},
        {"2.2 no-break space",
         "a\xc2\xa0"
         "b",
         "a b", true},
        {"2.2 ideographic space",
         "a\xe3\x80\x80"
         "b",
         "a b", true},
        {"2.6.1 runs of blanks", "a   b", "a b", true},
        {"2.6.1 blanks at the ends", "  a b ", "a b", true},
        {"2.6.1 a blank inside", "a b", "ab", false},
        {"2.6.1 nothing but blanks", "   ", "", true},
    };
    for (const Pair& pair : pairs) EXPECT_EQ(prepare_string(pair.a) == prepare_string(pair.b), pair.same) << pair.rule;
}

TEST(PrepareString, RefusesWhatIsProhibited) {
    EXPECT_FALSE(prepare_string("a\xee\x80\x80")) << "private use";
    EXPECT_FALSE(prepare_string("a\xef\xbf\xbd")) << "the replacement character";
    EXPECT_FALSE(prepare_string("a\xf4\x8f\xbf\xbf")) << "no character";
    EXPECT_FALSE(prepare_string("a\xcd\x80")) << "a tone mark that is another one's double";
    EXPECT_FALSE(prepare_string("a\xff")) << "no UTF-8";
    EXPECT_EQ(prepare_string(""), "");
}

}  // namespace
}  // namespace truename::x509
