#include "net/dns_record.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "net/dns_client.h"

namespace truename::net {
namespace {

ByteString bytes(std::string_view hex) {
    return *from_hex(hex);
}

TEST(DnsRecord, NamesAreInLowerCaseAndSafe) {
    EXPECT_EQ(read_name_record(bytes("06 52656d6f7465 07 7175616e74756d 03 636f6d 00")), "remote.quantum.com");
    EXPECT_EQ(read_name_record(bytes("00")), "");
    EXPECT_EQ(read_name_record(bytes("05 612e620a1b 03 636f6d 00")), "a\\046b\\010\\027.com");
}

TEST(DnsRecord, NamesThatDoNotEndWhereTheDataDoesAreNone) {
    for (const char* const bad : {"", "01", "01 61", "01 61 00 00", "40 61 00", "c0 0c", "02 61 00"})
        EXPECT_FALSE(read_name_record(bytes(bad))) << bad;
    std::string longest;
    for (int i = 0; i < 127; ++i) longest += "0161";
    EXPECT_TRUE(read_name_record(bytes(longest + "00")));            // 255 bytes
    EXPECT_FALSE(read_name_record(bytes("0161" + longest + "00")));  // 257
}

TEST(DnsRecord, ReadsWhatServersSay) {
    EXPECT_EQ(read_mail_exchanger(bytes("000a 0161 00")), (MailExchanger{10, "a"}));
    EXPECT_EQ(read_mail_exchanger(bytes("0000 00")), (MailExchanger{0, ""}));
    EXPECT_EQ(read_service_record(bytes("0001 0002 03e1 0161 00")), (ServiceRecord{1, 2, 993, "a"}));
    EXPECT_EQ(read_tlsa_record(bytes("03 01 01 abcd")), (TlsaRecord{3, 1, 1, bytes("abcd")}));
    EXPECT_EQ(read_caa_record(bytes("80 05 4973737565 6361")), (CaaRecord{true, "issue", "ca"}));
    EXPECT_EQ(read_address_record(bytes("c0000201")), "192.0.2.1");
    EXPECT_EQ(read_address_record(bytes("20010db8 00000000 00000000 00000001")), "2001:db8::1");
}

TEST(DnsRecord, ShortDataIsNoRecord) {
    EXPECT_FALSE(read_mail_exchanger(bytes("000a")));
    EXPECT_FALSE(read_service_record(bytes("0001 0002 03e1")));
    EXPECT_FALSE(read_tlsa_record(bytes("03 01 01")));
    EXPECT_FALSE(read_caa_record(bytes("00 05 697373")));
    EXPECT_FALSE(read_caa_record(bytes("00 00 6361")));
    EXPECT_FALSE(read_caa_record(bytes("00 02 0a0b 6361")));
    EXPECT_FALSE(read_address_record(bytes("c00002")));
}

TEST(ReverseName, IsWhereTheNameOfAnAddressLies) {
    EXPECT_EQ(reverse_name("192.0.2.1"), "1.2.0.192.in-addr.arpa");
    EXPECT_EQ(reverse_name("2001:db8::1"), "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
    EXPECT_FALSE(reverse_name("mail"));
}

TEST(ParseResolver, TakesAddressesWithAndWithoutPorts) {
    EXPECT_EQ(parse_resolver("192.0.2.53").value(), "192.0.2.53@53");
    EXPECT_EQ(parse_resolver("192.0.2.53:5353").value(), "192.0.2.53@5353");
    EXPECT_EQ(parse_resolver("2001:db8::53").value(), "2001:db8::53@53");
    EXPECT_EQ(parse_resolver("[2001:db8::53]:5353").value(), "2001:db8::53@5353");
    for (const char* const bad : {"", "dns.example.com", "192.0.2.53:", "192.0.2.53:0", "192.0.2.53:65536", "[2001:db8::53", "[::1]5353"})
        EXPECT_FALSE(parse_resolver(bad)) << bad;
}

}  // namespace
}  // namespace truename::net
