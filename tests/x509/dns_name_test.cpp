#include "x509/dns_name.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "x509/ip_address.h"

namespace truename::x509 {
namespace {

TEST(ClassifyDnsName, SaysWhatTheTextIs) {
    const auto traits = [](std::string_view text) { return classify_dns_name(text); };
    EXPECT_TRUE(traits("mail.example.com").valid);
    EXPECT_EQ(traits("mail.example.com").labels, 3);
    EXPECT_TRUE(traits("*.example.com").valid && traits("*.example.com").is_wildcard);
    EXPECT_TRUE(traits("m*.example.com").valid && !traits("m*.example.com").is_wildcard && traits("m*.example.com").has_star);
    EXPECT_FALSE(traits("mail.*.com").valid);
    EXPECT_FALSE(traits("*.*.com").is_wildcard);
    EXPECT_TRUE(traits("mail.example.com.").valid && traits("mail.example.com.").has_trailing_dot);
    EXPECT_FALSE(traits(".example.com").valid);
    EXPECT_TRUE(traits(".example.com").has_leading_dot);
    EXPECT_TRUE(traits("my_mail.example.com").valid && traits("my_mail.example.com").has_underscore);
    EXPECT_TRUE(traits("xn--mnchen-3ya.example").has_a_label);
    EXPECT_TRUE(!traits("münchen.example").valid && !traits("münchen.example").is_ascii);
    EXPECT_TRUE(traits("192.0.2.1").is_ip_address && traits("2001:db8::1").is_ip_address);
    for (const char* wrong : {"", ".", "..", "a..b", "-a.example", "a-.example", "a b.example", "a\nb", "https://example.com"})
        EXPECT_FALSE(traits(wrong).valid) << wrong;
    EXPECT_FALSE(traits(std::string_view("a\0b.com", 7)).valid);
    EXPECT_TRUE(traits(std::string(63, 'a') + ".com").valid);
    EXPECT_FALSE(traits(std::string(64, 'a') + ".com").valid);
    std::string longest;
    while (longest.size() < 250) longest += "a.";
    EXPECT_TRUE(traits(longest + "aaa").valid);
    EXPECT_FALSE(traits(longest + "aaaa").valid);
}

TEST(ClassifyDnsName, KnowsNamesThatThePublicInternetDoesNotHave) {
    for (const char* internal : {"server", "sbs.example.local", "mail.lan", "nas.home.arpa", "x.internal", "LOCALHOST", "mail.corp."})
        EXPECT_TRUE(classify_dns_name(internal).is_internal) << internal;
    for (const char* outside : {"mail.example.com", "local.example.com", "mail.host", "mail.email", "home.arpa.example.net"})
        EXPECT_FALSE(classify_dns_name(outside).is_internal) << outside;
}

TEST(ToALabels, ConvertsWhatUsersType) {
    EXPECT_EQ(*to_a_labels("München.example"), "xn--mnchen-3ya.example");
    EXPECT_EQ(*to_a_labels("straße.example"), "xn--strae-oqa.example") << "IDNA 2008 keeps the sharp s";
    EXPECT_EQ(*to_a_labels("Mail.Example.COM"), "mail.example.com");
    EXPECT_EQ(*to_a_labels("my_mail.example.com"), "my_mail.example.com");
    EXPECT_EQ(*to_a_labels("mail。example。com"), "mail.example.com") << "ideographic full stops";
    for (const char* wrong : {"", "a b.example", "\xff.example", "a..example", "\xe2\x80\x8b.example"})
        EXPECT_FALSE(to_a_labels(wrong)) << wrong;
    EXPECT_EQ(to_a_labels(std::string(2'000, 'a')).error().kind, ErrorKind::too_large);
}

TEST(ToULabels, ShowsALabelsAndKeepsWhatDoesNotDecode) {
    EXPECT_EQ(to_u_labels("xn--mnchen-3ya.example"), "münchen.example");
    EXPECT_EQ(to_u_labels("mail.example.com"), "mail.example.com");
    EXPECT_EQ(to_u_labels("xn--999999999.xn--mnchen-3ya"), "xn--999999999.münchen");
}

TEST(IpAddress, IsReadAndWrittenAsRfc5952Says) {
    const auto again = [](std::string_view text) {
        const auto address = parse_ip_address(text);
        return address ? to_string(*address) : "none";
    };
    EXPECT_EQ(again("192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(again("2001:DB8:0:0:0:0:0:1"), "2001:db8::1");
    EXPECT_EQ(again("::"), "::");
    EXPECT_EQ(again("::1"), "::1");
    EXPECT_EQ(again("1::"), "1::");
    EXPECT_EQ(again("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1") << "one zero group stays";
    EXPECT_EQ(again("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1") << "the longest run";
    EXPECT_EQ(again("2001:db8:0:0:1:0:0:1"), "2001:db8::1:0:0:1") << "the first of two";
    EXPECT_EQ(again("::ffff:192.0.2.1"), "::ffff:c000:201");
    for (const char* wrong : {"", "1", "192.0.2", "192.0.2.256", "192.0.2.01", "192.0.2.1.", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
                              "::1::", ":1", "1:", "12345::", "g::", "fe80::1%eth0", "[::1]", "1.2.3.4::", "::1.2.3", "1:2:3:4:5:6:7::8"})
        EXPECT_EQ(again(wrong), "none") << wrong;
}

TEST(IpAddress, OtherTextsOfAnAddressAreReadWhereOneAsksForThem) {
    using enum IpAddressText;
    const auto read = [](std::string_view text, IpAddressText form) {
        const auto address = parse_ip_address(text, form);
        return address ? to_string(*address) : "none";
    };
    EXPECT_EQ(read("[2001:db8::1]", usual), "none");
    EXPECT_EQ(read("[2001:db8::1]", bracketed), "2001:db8::1");
    EXPECT_EQ(read("[192.0.2.1]", bracketed), "192.0.2.1");
    EXPECT_EQ(read("[]", bracketed), "none");
    EXPECT_EQ(read("127.1", usual), "none");
    EXPECT_EQ(read("127.1", decimal_parts), "127.0.0.1");
    EXPECT_EQ(read("10.1.258", decimal_parts), "10.1.1.2");
    EXPECT_EQ(read("3221225985", decimal_parts), "192.0.2.1");
    EXPECT_EQ(read("4294967296", decimal_parts), "none");
    EXPECT_EQ(read("256.1", decimal_parts), "none");
    EXPECT_EQ(read("0177.1", decimal_parts), "177.0.0.1");
    EXPECT_EQ(read("0177.1", inet_aton), "127.0.0.1");
    EXPECT_EQ(read("0x7f.1", inet_aton), "127.0.0.1");
    EXPECT_EQ(read("127.1 and more", inet_aton), "127.0.0.1");
    EXPECT_EQ(read("127.1 ", decimal_parts), "none");
    EXPECT_EQ(read("1.2.3.4.5", inet_aton), "none");
    EXPECT_EQ(read("mail.example.com", inet_aton), "none");
    EXPECT_EQ(read("", inet_aton), "none");
    EXPECT_EQ(to_string(unmapped(*parse_ip_address("::ffff:192.0.2.1"))), "192.0.2.1");
    EXPECT_EQ(to_string(unmapped(*parse_ip_address("2001:db8::1"))), "2001:db8::1");
}

}  // namespace
}  // namespace truename::x509
