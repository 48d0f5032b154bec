#include "probe/target.h"

#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <vector>

#include "probe/probe.h"

namespace truename::probe {
namespace {

struct Good {
    const char *text, *name;
    bool is_address;
    std::optional<std::uint16_t> port;
    std::optional<Protocol> protocol;
};

TEST(Target, IsReadInAllItsForms) {
    const std::vector<Good> kCases = {
        {"mail.example.com", "mail.example.com", false, {}, {}},
        {"  MAIL.Example.com. \r", "mail.example.com", false, {}, {}},
        {"mail.example.com:993", "mail.example.com", false, 993, {}},
        {"imaps://mail.example.com", "mail.example.com", false, 993, Protocol::imaps},
        {"IMAP://mail.example.com:10143/", "mail.example.com", false, 10143, Protocol::imap},
        {"smtp://mail.example.com", "mail.example.com", false, 25, Protocol::smtp},
        {"sieve://mail.example.com", "mail.example.com", false, 4190, Protocol::sieve},
        {"192.0.2.1", "192.0.2.1", true, {}, {}},
        {"192.0.2.1:993", "192.0.2.1", true, 993, {}},
        {"[2001:DB8::1]:993", "2001:db8::1", true, 993, {}},
        {"[2001:db8:0::1]", "2001:db8::1", true, {}, {}},
        {"2001:db8::1", "2001:db8::1", true, {}, {}},
        {"[FE80::1%eth0.100]:993", "fe80::1%eth0.100", true, 993, {}},
        {"pop3s://[2001:db8::1]", "2001:db8::1", true, 995, Protocol::pop3s},
        {"m\xc3\xbcller.example", "xn--mller-kva.example", false, {}, {}},
        {"localhost", "localhost", false, {}, {}},
    };
    for (const Good& one : kCases) {
        const auto target = parse_target(one.text, "list");
        ASSERT_TRUE(target) << one.text;
        EXPECT_EQ(target->name, one.name) << one.text;
        EXPECT_EQ(target->is_address, one.is_address) << one.text;
        EXPECT_EQ(target->port, one.port) << one.text;
        EXPECT_EQ(target->protocol, one.protocol) << one.text;
        EXPECT_EQ(target->text, one.text);
        EXPECT_EQ(target->source, "list");
    }
}

TEST(Target, WhatItCannotBeIsSaidWithTheReason) {
    for (const char* const bad : {"",
                                  " ",
                                  ":993",
                                  "mail example.com",
                                  "mail.example.com:",
                                  "mail.example.com:0",
                                  "mail.example.com:65536",
                                  "mail.example.com:99x",
                                  "gopher://mail.example.com",
                                  "imaps://",
                                  "[2001:db8::1",
                                  "[mail.example.com]:993",
                                  "[192.0.2.1]",
                                  "2001:db8::g",
                                  "*.example.com",
                                  "a..b",
                                  "-x.example.com",
                                  "tls://mail.example.com",
                                  "mail.example.com/path",
                                  "192.0.2.1%eth0",
                                  "fe80::1%",
                                  "[fe80::1%]:993",
                                  "fe80::1%a b",
                                  "fe80::1%\x1f",
                                  "fe80::1%eth0/[x",
                                  "fe80::1%sixteen-letters0"}) {
        const auto target = parse_target(bad, "argument");
        ASSERT_FALSE(target) << bad;
        EXPECT_EQ(target.error().kind, FailureKind::usage);
        EXPECT_FALSE(target.error().reason.empty()) << bad;
    }
    EXPECT_FALSE(parse_target(std::string("a\0b.example", 11), "argument"));
    EXPECT_FALSE(parse_target(std::string(100000, 'a'), "argument"));
}

TEST(Ports, AreNumbersNamesOrBoth) {
    EXPECT_EQ(*parse_ports("993, imap:10143,submission,993,2525"),
              (std::vector<Port>{{Protocol::imaps, 993}, {Protocol::imap, 10143}, {Protocol::submission, 587}, {Protocol::tls, 2525}}));
    for (const char* const bad : {"", "993,", "0", "65536", "imap:", "imap:x", "http", "tls", "-1"}) EXPECT_FALSE(parse_ports(bad)) << bad;
}

TEST(Starttls, IsForProtocolsThatHaveIt) {
    EXPECT_EQ(*parse_starttls("IMAP"), Protocol::imap);
    EXPECT_FALSE(parse_starttls("imaps"));
    EXPECT_FALSE(parse_starttls("http"));
}

TEST(Resolve, IsANameAndAnAddress) {
    const auto option = parse_resolve("Mail.example.com=[2001:db8::1]");
    ASSERT_TRUE(option);
    EXPECT_EQ(option->name, "mail.example.com");
    EXPECT_EQ(option->address, "2001:db8::1");
    for (const char* const bad :
         {"", "mail.example.com", "=192.0.2.1", "mail.example.com=", "mail.example.com=other", "192.0.2.1=192.0.2.2"}) {
        EXPECT_FALSE(parse_resolve(bad)) << bad;
    }
    EXPECT_EQ(*parse_connect("192.0.2.1"), "192.0.2.1");
    EXPECT_FALSE(parse_connect("mail.example.com"));
}

}  // namespace
}  // namespace truename::probe
