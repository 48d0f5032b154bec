#include "servers/doveconf.h"

#include <gtest/gtest.h>

namespace truename::servers {
namespace {

TEST(Doveconf, ReadsSettingsAndBlocksInBlocks) {
    const DoveconfBlock whole = read_doveconf(
        "# 2.3.19.1 (9b53102964): /etc/dovecot/dovecot.conf\n"
        "protocols = imap pop3\n"
        "service imap-login {\n"
        "  inet_listener imaps {\n"
        "    port = 993\n"
        "    ssl = yes\n"
        "  }\n"
        "  chroot = \n"
        "}\n"
        "local_name \"a.example b.example\" {\n"
        "  ssl_cert = </a.pem\n"
        "}\n");
    EXPECT_EQ(whole.value("protocols"), "imap pop3");
    ASSERT_EQ(whole.blocks.size(), 2U);
    const DoveconfBlock& service = whole.blocks[0];
    EXPECT_EQ(service.type + "/" + service.argument, "service/imap-login");
    ASSERT_EQ(service.blocks.size(), 1U);
    EXPECT_EQ(service.blocks[0].value("port"), "993");
    EXPECT_EQ(service.value("port"), "") << "what a block inside says is not said by the block around it";
    EXPECT_EQ(whole.blocks[1].argument, "\"a.example b.example\"");
}

TEST(Doveconf, BearsWhatDoesNotFit) {
    EXPECT_TRUE(read_doveconf("}\n}\nnothing\n{\n").settings.empty());
    std::string deep;
    for (int i = 0; i < 1000; ++i) deep += "a {\n";
    deep += "b = c\n";
    for (int i = 0; i < 1000; ++i) deep += "}\n";
    deep += "last = one\n";
    EXPECT_EQ(read_doveconf(deep).value("last"), "one");
}

}  // namespace
}  // namespace truename::servers
