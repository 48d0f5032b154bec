#include "net/address.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace truename::net {
namespace {

TEST(SocketAddress, ReadsAndWritesBothFamilies) {
    EXPECT_EQ(SocketAddress::from_text("192.0.2.1", 993)->text(), "192.0.2.1");
    EXPECT_EQ(SocketAddress::from_text("2001:DB8:0::1", 993)->text(), "2001:db8::1");
    EXPECT_EQ(SocketAddress::from_text("2001:db8::1", 993)->port(), 993);
    EXPECT_EQ(SocketAddress::from_text("192.0.2.1", 25)->smtp_literal(), "[192.0.2.1]");
    EXPECT_EQ(SocketAddress::from_text("2001:db8::1", 25)->smtp_literal(), "[IPv6:2001:db8::1]");
    for (const char* const bad : {"", "mail.example.com", "192.0.2", "192.0.2.256", "[::1]", "::1%nowhere0", "1.2.3.4%eth0"}) {
        EXPECT_FALSE(SocketAddress::from_text(bad, 1)) << bad;
    }
}

TEST(AddressScope, SeesWhereAStrangerMayNotSendUs) {
    using enum AddressScope;
    const std::vector<std::pair<const char*, AddressScope>> kCases = {
        {"192.0.2.1", global},       {"8.8.8.8", global},
        {"127.0.0.1", loopback},     {"127.255.0.1", loopback},
        {"::1", loopback},           {"169.254.169.254", link_local},
        {"fe80::1", link_local},     {"10.1.2.3", inner},
        {"172.16.0.1", inner},       {"172.31.255.255", inner},
        {"172.32.0.1", global},      {"192.168.1.1", inner},
        {"100.64.0.1", inner},       {"100.128.0.1", global},
        {"fd00::1", inner},          {"fec0::1", inner},
        {"0.0.0.0", other},          {"::", other},
        {"224.0.0.1", other},        {"255.255.255.255", other},
        {"ff02::1", other},          {"::ffff:127.0.0.1", loopback},
        {"::ffff:10.0.0.1", inner},  {"64:ff9b::a00:1", inner},
        {"2002:7f00:1::", loopback}, {"::127.0.0.1", loopback},
        {"2001:db8::1", global},
    };
    for (const auto& [text, scope] : kCases) EXPECT_EQ(scope_of(*SocketAddress::from_text(text, 80)), scope) << text;
}

}  // namespace
}  // namespace truename::net
