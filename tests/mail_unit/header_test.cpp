#include "mail/header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mail/address.h"
#include "tests/mail_unit/collector.h"

namespace truename::mail {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

HeaderBlock parse(std::string_view text) {
    auto block = HeaderBlock::parse(as_bytes(text));
    EXPECT_TRUE(block) << text;
    return block ? std::move(*block) : HeaderBlock();
}

std::string refusal(std::string_view text) {
    const auto block = HeaderBlock::parse(as_bytes(text));
    return block ? "" : block.error().reason;
}

TEST(Header, FieldsAreFoldedAndUnfolded) {
    const HeaderBlock block = parse("Subject: one\r\n two\r\nFROM: a@b\r\n\r\n");
    ASSERT_EQ(block.fields().size(), 2U);
    EXPECT_EQ(block.fields()[0].raw, "Subject: one\r\n two\r\n");
    EXPECT_EQ(block.find("subject"), "one two");
    EXPECT_EQ(block.find("from"), "a@b");
    EXPECT_EQ(block.find("To"), std::nullopt);
    EXPECT_EQ(block.line_end(), "\r\n");
    EXPECT_EQ(parse("A: b\n").line_end(), "\n");
}

TEST(Header, WhatProgramsReadDifferentlyIsRefused) {
    EXPECT_THAT(refusal(std::string_view("A: b\0c\n", 7)), HasSubstr("NUL"));
    EXPECT_THAT(refusal("A: b\rBcc: x@y\n"), HasSubstr("carriage return"));
    EXPECT_THAT(refusal("no field\n"), HasSubstr("no field"));
    EXPECT_THAT(refusal(" begins folded: x\n"), HasSubstr("no field"));
    EXPECT_THAT(refusal(": nothing\n"), HasSubstr("no field"));
    std::string many;
    for (std::size_t i = 0; i < kMaxFields; ++i) many += "A: b\n";
    EXPECT_EQ(refusal(many), "");
    EXPECT_THAT(refusal(many + "A: b\n"), HasSubstr("more than 2000 fields"));
}

std::string type_of(std::string_view value) {
    const HeaderBlock block = parse("Content-Type: " + std::string(value) + "\n");
    const auto type = content_type_of(block);
    if (!type) return "refused";
    std::string text = type->name();
    for (const auto& [name, parameter] : type->parameters) text += "|" + name + "=" + parameter;
    return text;
}

TEST(ContentType, IsReadWithQuotesAndComments) {
    EXPECT_EQ(type_of("Text/HTML; Charset=\"a\\\"b; c\" ; x=y;"), "text/html|charset=a\"b; c|x=y");
    EXPECT_EQ(type_of("multipart/signed (a (nested) comment); boundary=(c)b_1"), "multipart/signed|boundary=b_1");
    EXPECT_EQ(type_of("multipart/related; type=text/html; boundary=----=_Part_1"),
              "multipart/related|type=text/html|boundary=----=_Part_1");
    EXPECT_EQ(type_of("text/plain; name=\xe4.txt;charset=utf-8"), "text/plain|name=\xe4.txt|charset=utf-8");
    EXPECT_EQ(type_of("text/plain; name=two words"), "refused");
    EXPECT_EQ(type_of("text"), "refused");
    EXPECT_EQ(type_of("text/plain; charset"), "refused");
    EXPECT_EQ(type_of("text/plain; charset=\"open"), "refused");
    EXPECT_EQ(type_of("text/plain; boundary=a; boundary=b"), "refused");
    EXPECT_EQ(type_of("text/plain (no end"), "refused");
    std::string many = "text/plain";
    for (std::size_t i = 0; i < kMaxParameters; ++i) many += "; p" + std::to_string(i) + "=x";
    EXPECT_NE(type_of(many), "refused");
    EXPECT_EQ(type_of(many + "; q=x"), "refused");
    EXPECT_EQ(content_type_of(parse("A: b\n"))->name(), "text/plain");
    EXPECT_FALSE(content_type_of(parse("Content-Type: a/b\ncontent-type: c/d\n")));
}

std::vector<std::string> addresses(std::string_view text) {
    return parse_mailbox_list(text).value_or({"refused"});
}

TEST(Address, ListsAreRead) {
    EXPECT_THAT(addresses("ann@example.com"), ElementsAre("ann@example.com"));
    EXPECT_THAT(addresses("Ann <ann@example.com>, \"B, C\" <bob@[192.0.2.1]>"), ElementsAre("ann@example.com", "bob@[192.0.2.1]"));
    EXPECT_THAT(addresses("John Q. Public <j.q@example.com> (a comment <x@y>)"), ElementsAre("j.q@example.com"));
    EXPECT_THAT(addresses("Friends: ann@example.com, <bob@example.com>;, c@d"), ElementsAre("ann@example.com", "bob@example.com", "c@d"));
    EXPECT_THAT(addresses("\"quoted local\"@example.com"), ElementsAre("\"quoted local\"@example.com"));
    EXPECT_THAT(addresses("\xC3\xA4nn@\xC3\xA4rger.example"), ElementsAre("\xC3\xA4nn@\xC3\xA4rger.example"));
    EXPECT_THAT(addresses(""), IsEmpty());
}

TEST(Address, WhatProgramsReadDifferentlyIsRefused) {
    for (const std::string_view text :
         {"boss@example.com <eve@example.net>", "ann", "<ann>", "ann@", "@example.com", "<@relay:ann@example.com>",
          "ann@example.com bob@example.com", "Ann <ann@example.com", "\"open <a@b>", "(open a@b", "a@b;", "G: a@b", "<a@b><c@d>", "a@b@c"})
        EXPECT_THAT(addresses(text), ElementsAre("refused")) << text;
    std::string many;
    for (int i = 0; i < 1'001; ++i) many += "a@b,";
    EXPECT_FALSE(parse_mailbox_list(many));
    EXPECT_THAT(addresses(std::string(100'000, '(')), ElementsAre("refused"));
}

TEST(Address, AMessageIsFromOne) {
    EXPECT_EQ(from_address(parse("From: Ann <ann@example.com>\n")).value_or(""), "ann@example.com");
    EXPECT_THAT(from_address(parse("Subject: x\n")).error().reason, HasSubstr("no From"));
    EXPECT_THAT(from_address(parse("From: a@b\nFrom: c@d\n")).error().reason, HasSubstr("2 From"));
    EXPECT_THAT(from_address(parse("From: a@b, c@d\n")).error().reason, HasSubstr("2 people"));
    EXPECT_THAT(from_address(parse("From: nobody\n")).error().reason, HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace truename::mail
