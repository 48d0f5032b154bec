#include "der/writer.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "der/value.h"

namespace truename::der {
namespace {

template <class Body>
std::string written(Body&& body) {
    Writer w;
    body(w);
    return to_hex(w.bytes());
}

TEST(Writer, NestsAsItsCodeDoes) {
    EXPECT_EQ(written([](Writer& w) {
                  w.sequence([&] {
                      w.oid(make_oid<1, 2, 3>);
                      w.set([&] { w.null(); });
                  });
              }),
              "300806022a0331020500");
}

TEST(Writer, LengthsGrowWithTheContents) {
    for (const std::size_t size : {0U, 127U, 128U, 255U, 256U, 65'535U, 65'536U}) {
        Writer w;
        w.octet_string(ByteString(size, 7));
        const auto element = Reader(w.bytes()).read(Tag::octet_string);
        ASSERT_TRUE(element) << size;
        EXPECT_EQ(element->value.size(), size);
        EXPECT_EQ(element->tlv.size(), w.bytes().size());
        EXPECT_TRUE(element->minimal_length) << size;
    }
}

TEST(Writer, IntegersAreAsShortAsTheyCanBe) {
    EXPECT_EQ(written([](Writer& w) { w.integer(0); }), "020100");
    EXPECT_EQ(written([](Writer& w) { w.integer(127); }), "02017f");
    EXPECT_EQ(written([](Writer& w) { w.integer(128); }), "02020080");
    EXPECT_EQ(written([](Writer& w) { w.integer(-128); }), "020180");
    EXPECT_EQ(written([](Writer& w) { w.integer(-129); }), "0202ff7f");
    EXPECT_EQ(written([](Writer& w) { w.unsigned_integer(*from_hex("0000FF")); }), "020200ff");
    EXPECT_EQ(written([](Writer& w) { w.unsigned_integer({}); }), "020100");
}

TEST(Writer, NamedBitsLoseTheirTrailingZeros) {
    EXPECT_EQ(written([](Writer& w) { w.named_bits(0); }), "030100");
    EXPECT_EQ(written([](Writer& w) { w.named_bits(0b101); }), "030205a0") << "digitalSignature and keyEncipherment";
    EXPECT_EQ(written([](Writer& w) { w.named_bits(1U << 8); }), "0303070080") << "decipherOnly";
}

TEST(Writer, TimesChangeTheirTypeIn2050) {
    const auto at = [](int year) { return *to_time({.year = year, .month = 1, .day = 2, .hour = 3, .minute = 4, .second = 5}); };
    EXPECT_EQ(written([&](Writer& w) { w.time(at(2049)); }), "170d" + to_hex(as_bytes("490102030405Z")));
    EXPECT_EQ(written([&](Writer& w) { w.time(at(2050)); }), "180f" + to_hex(as_bytes("20500102030405Z")));
    EXPECT_EQ(written([&](Writer& w) { w.time(at(1949)); }), "180f" + to_hex(as_bytes("19490102030405Z")));
    EXPECT_EQ(written([&](Writer& w) { w.time(at(2050), Tag::utc_time); }), "170d" + to_hex(as_bytes("500102030405Z")));
}

}  // namespace
}  // namespace truename::der
