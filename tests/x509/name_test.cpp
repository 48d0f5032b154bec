#include "x509/name.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "x509/build.h"

namespace truename::x509 {
namespace {

/// A name and its bytes.
struct OwnedName {
    ByteString tlv;
    Name name;
    explicit OwnedName(ByteString bytes) : tlv(std::move(bytes)), name(*parse_name(tlv)) {}
    explicit OwnedName(std::string_view rfc4514) : OwnedName(*encode_name(rfc4514)) {}
};

NameAttribute common_name(std::string_view value, der::Tag type = der::Tag::utf8_string) {
    return {to_owned(der::oid::common_name.content()), std::string(value), type};
}

NameRelation relation_of(const std::vector<NameAttribute>& a, const std::vector<NameAttribute>& b) {
    return relation(OwnedName(encode_name(a)).name, OwnedName(encode_name(b)).name);
}

TEST(Name, IsPrintedAsRfc4514Says) {
    const auto printed = [](std::string_view value) { return to_string(OwnedName(encode_name({common_name(value)})).name); };
    EXPECT_EQ(printed("remote.example.com"), "CN=remote.example.com");
    EXPECT_EQ(printed("Example, Inc."), "CN=Example\\, Inc.");
    EXPECT_EQ(printed("a+b\"c\\d<e>f;g"), "CN=a\\+b\\\"c\\\\d\\<e\\>f\\;g");
    EXPECT_EQ(printed("#hash in # text"), "CN=\\#hash in # text");
    EXPECT_EQ(printed("  both  ends "), "CN=\\  both  ends\\ ");
    EXPECT_EQ(printed("Münch€n"), "CN=Münch€n");
    EXPECT_EQ(printed(""), "CN=");
}

TEST(Name, CannotHarmATerminal) {
    const auto printed = [](std::string_view value) { return to_string(OwnedName(encode_name({common_name(value)})).name); };
    EXPECT_EQ(printed(std::string_view("nul\0here", 8)), "CN=nul\\00here");
    EXPECT_EQ(printed("\x1b[2Jcleared\nline"), "CN=\\1b[2Jcleared\\0aline");
    EXPECT_EQ(printed("\xe2\x80\xae"
                      "drawkcab"),
              "CN=\\e2\\80\\aedrawkcab");
    EXPECT_EQ(printed("\xff"), "CN=#0c01ff") << "what is no UTF-8 is shown as it is encoded";
}

TEST(Name, OfUnknownTypesIsPrintedInDigits) {
    const OwnedName name(encode_name({NameAttribute{*der::parse_dotted("1.2.3.4"), "x"}}));
    EXPECT_EQ(to_string(name.name), "1.2.3.4=#0c0178");
}

TEST(Name, TextAndBytesAreTurnedIntoEachOther) {
    for (const char* text : {"", "CN=a", "CN=mail.example.com,OU=Mail\\, TLS,O=Example,C=AT", "CN=a+OU=b,O=c", "CN=\\ a\\ ", "CN=Münch€n",
                             "CN=\\#a", "CN=nul\\00", "1.2.3.4=#0c0178", "UID=u,DC=example,DC=local", "serialNumber=1,emailAddress=a@b"}) {
        const OwnedName name{std::string_view(text)};
        const std::string printed = to_string(name.name);
        EXPECT_EQ(OwnedName(std::string_view(printed)).tlv, name.tlv) << text;
    }
    EXPECT_EQ(to_string(OwnedName("CN = a , O=b").name), "CN=a,O=b");
    EXPECT_EQ(OwnedName("C=AT,CN=a").name.begin()->string_type, der::Tag::utf8_string) << "the last one of the text comes first";
    EXPECT_EQ(OwnedName("CN=a,C=AT").name.begin()->string_type, der::Tag::printable_string);
}

TEST(Name, TextThatIsNoneIsRefusedWithItsPlace) {
    EXPECT_EQ(encode_name("CN").error().offset, 0U);
    EXPECT_EQ(encode_name("CN=a,nonsense=b").error().offset, 5U);
    EXPECT_EQ(encode_name("CN=a\\").error().offset, 4U);
    EXPECT_EQ(encode_name("CN=a\\zz").error().offset, 4U);
    EXPECT_EQ(encode_name("CN=a;b").error().offset, 4U);
    EXPECT_FALSE(encode_name("CN=a,"));
    EXPECT_FALSE(encode_name("1.2.3=#0c05aa"));
}

TEST(Name, StringsComeInUtf8WhateverTheirType) {
    const auto value = [](der::Tag type, std::string_view bytes) -> std::string {
        const OwnedName name(encode_name({common_name(bytes, type)}));
        return to_utf8(*name.name.begin()).value_or("none");
    };
    EXPECT_EQ(value(der::Tag::printable_string, "*.example.com"), "*.example.com");
    EXPECT_EQ(value(der::Tag::t61_string, "M\xfcnchen"), "München");
    EXPECT_EQ(value(der::Tag::bmp_string, std::string_view("\0M\0\xfc", 4)), "Mü");
    EXPECT_EQ(value(der::Tag::bmp_string, std::string_view("\xd8\x3d\xde\x00", 4)), "😀") << "programs write UTF-16 into a BMPString";
    EXPECT_EQ(value(der::Tag::universal_string, std::string_view("\0\0\0M", 4)), "M");
    EXPECT_EQ(value(der::Tag::bmp_string, "odd"), "none");
    EXPECT_EQ(value(der::Tag::bmp_string, "\xd8\x3d"), "none");
    EXPECT_EQ(value(der::Tag::universal_string, "\xff\xff\xff\xff"), "none");
    EXPECT_EQ(value(der::Tag::utf8_string, "\xff"), "none");
    EXPECT_EQ(value(der::Tag::ia5_string, "\xe4"), "none");
    EXPECT_EQ(value(der::Tag::sequence, ""), "none");
}

TEST(NameRelation, TellsBytesTypesAndFoldingApart) {
    using enum NameRelation;
    EXPECT_EQ(relation_of({common_name("Root")}, {common_name("Root")}), same_bytes);
    EXPECT_EQ(relation_of({common_name("Root")}, {common_name("Root", der::Tag::printable_string)}), same_but_string_type);
    EXPECT_EQ(relation_of({common_name("Root")}, {common_name("ROOT")}), folded_ascii);
    EXPECT_EQ(relation_of({common_name("My Root")}, {common_name("  my   root ", der::Tag::printable_string)}), folded_ascii);
    EXPECT_EQ(relation_of({common_name("M\xc3\xbcller")}, {common_name("M\xc3\x9cLLER")}), folded);
    EXPECT_EQ(relation_of({common_name("M\xc3\xbcller")}, {common_name("m\xfcller", der::Tag::t61_string)}), folded_ascii);
    EXPECT_EQ(relation_of({common_name("STRASSE", der::Tag::printable_string)}, {common_name("Stra\xc3\x9f"
                                                                                             "e")}),
              folded);
    EXPECT_EQ(relation_of({common_name("a\xee\x80\x80")}, {common_name("A\xee\x80\x80")}), folded_ascii) << "prohibited, so only so far";
    EXPECT_EQ(relation_of({common_name("My Root")}, {common_name("MyRoot")}), different);
    EXPECT_EQ(relation_of({common_name("Root")}, {common_name("Root"), common_name("Root")}), different);
    EXPECT_EQ(relation_of({common_name("\xff")}, {common_name("\xff")}), same_bytes);
    EXPECT_EQ(relation_of({common_name("\xff")}, {common_name("\xff", der::Tag::ia5_string)}), different) << "neither can be decoded";
    EXPECT_EQ(relation_of({}, {}), same_bytes);
    EXPECT_EQ(relation_of({}, {common_name("")}), different);
}

TEST(NameRelation, AnRdnHasNoOrderButANameHas) {
    const NameAttribute unit{to_owned(der::oid::organizational_unit_name.content()), "B", der::Tag::utf8_string, false};
    NameAttribute first = common_name("a"), second = unit;
    const ByteString together = encode_name({first, second});
    second.starts_rdn = true;
    const ByteString apart = encode_name({first, second});
    EXPECT_EQ(relation(OwnedName(together).name, OwnedName(apart).name), NameRelation::different);
    EXPECT_EQ(relation(OwnedName("CN=a,OU=b").name, OwnedName("OU=b,CN=a").name), NameRelation::different);
    EXPECT_EQ(relation(OwnedName("CN=a+OU=b").name, OwnedName("OU=B+CN=A").name), NameRelation::folded_ascii);
}

TEST(Name, LiesWithinASubtreeWhenItBeginsWithIt) {
    const OwnedName base("O=Example,C=AT"), inside("CN=mail,O=EXAMPLE,C=AT"), outside("CN=mail,O=Other,C=AT"), shorter("C=AT"), empty("");
    EXPECT_TRUE(is_within_subtree(inside.name, base.name));
    EXPECT_TRUE(is_within_subtree(base.name, base.name));
    EXPECT_FALSE(is_within_subtree(outside.name, base.name));
    EXPECT_FALSE(is_within_subtree(shorter.name, base.name));
    EXPECT_TRUE(is_within_subtree(outside.name, empty.name));
}

TEST(Name, ReadsOverAnEmptyRdnAsOpenSslDoes) {
    const ByteString tlv = *from_hex("30 0E 31 00 31 08 30 06 06 02 2A 03 0C 00 31 00");
    const auto name = parse_name(tlv);
    ASSERT_TRUE(name);
    EXPECT_EQ(to_string(*name), "1.2.3=#0c00");
    EXPECT_TRUE(name->begin()->starts_rdn);
    EXPECT_EQ(to_string(*parse_name(*from_hex("30 02 31 00"))), "");
}

TEST(Name, WithBrokenFramesIsRefused) {
    for (const char* hex : {"31 00", "30 02 30 00", "30 02 31 01", "30 04 31 02 30 00", "30 0B 31 09 30 07 06 03 55 04 03 0C 05"})
        EXPECT_FALSE(parse_name(*from_hex(hex))) << hex;
    EXPECT_EQ(parse_name(*from_hex("30 00 00")).error(), (Error{ErrorKind::trailing_data, 2}));
}

}  // namespace
}  // namespace truename::x509
