#include "servers/dovecot_config.h"

#include <gmock/gmock.h>

#include <map>
#include <string>

#include "tests/servers_unit/text_files.h"

namespace truename::servers {
namespace {

using testing::HasSubstr;

const std::string kMain = "/etc/dovecot/dovecot.conf";

DovecotConfig read(std::map<std::string, std::string> texts) {
    auto config = read_dovecot_config(kMain, text_files(std::move(texts)));
    EXPECT_TRUE(config) << (config ? "" : to_sentence(config.error()));
    return config ? *config : DovecotConfig{};
}

DovecotConfig read(const std::string& text) {
    return read(std::map<std::string, std::string>{{kMain, text}});
}

Failure failure_of(const std::string& text) {
    const auto config = read_dovecot_config(kMain, text_files({{kMain, text}}));
    EXPECT_FALSE(config);
    return config ? Failure{} : config.error();
}

std::string value_of(const DovecotConfig& config, std::string_view name, const DovecotFilter& asked = {}) {
    const DovecotSetting* found = find_setting(config, name, asked);
    return found == nullptr ? "none" : found->value;
}

TEST(DovecotConfig, TakesQuotesCommentsAndFilesAsTheServerDoes) {
    const DovecotConfig config = read(
        "ssl_cipher_list = \"a # b\" # c\nssl_curve_list=it's # x\nssl_cert = \"</x\"\nssl_key =    <   /k y   # c\nssl_options = a#b\n"
        "auth_realms =\nlisten = \"x\\\"y\"\nlog_path = A\"B # C\"D\n");
    EXPECT_EQ(value_of(config, "ssl_cipher_list"), "a # b");
    EXPECT_EQ(value_of(config, "ssl_curve_list"), "it's # x") << "an open quote hides the comment";
    EXPECT_EQ(value_of(config, "ssl_cert"), "</x");
    EXPECT_FALSE(find_setting(config, "ssl_cert")->is_file) << "in quotes it is the text itself";
    EXPECT_EQ(value_of(config, "ssl_key"), "/k y");
    EXPECT_TRUE(find_setting(config, "ssl_key")->is_file);
    EXPECT_EQ(find_setting(config, "ssl_key")->line, 4U);
    EXPECT_EQ(value_of(config, "ssl_options"), "a");
    EXPECT_EQ(value_of(config, "auth_realms"), "");
    EXPECT_EQ(value_of(config, "listen"), "x\"y");
    EXPECT_EQ(value_of(config, "log_path"), "A\"B # C\"D");
    EXPECT_EQ(value_of(config, "ssl_dh"), "none");
}

TEST(DovecotConfig, JoinsContinuedLinesAndForgetsThoseThatACommentCuts) {
    const DovecotConfig config = read("a = 1 \\\r\n  2\\ # why\r\n 3\r\nb = 1 \\\n# cut\nc = 1 \\\n\nd = 4\n");
    EXPECT_EQ(value_of(config, "a"), "1 2 3");
    EXPECT_EQ(value_of(config, "b"), "none");
    EXPECT_EQ(value_of(config, "c"), "none");
    EXPECT_EQ(find_setting(config, "d")->line, 8U);
}

TEST(DovecotConfig, LetsTheLastAssignmentWinInTheOrderOfIncludes) {
    const DovecotConfig config = read({{kMain, "!include conf.d/*.conf\n!include_try local.conf\n!include_try missing/*.conf\n"},
                                       {"/etc/dovecot/conf.d/20-b.conf", "ssl = b\n"},
                                       {"/etc/dovecot/conf.d/10-a.conf", "ssl = a\nssl_dh = <a\n"},
                                       {"/etc/dovecot/conf.d/.hidden.conf", "ssl = hidden\n"},
                                       {"/etc/dovecot/local.conf", "\nssl = local\n"}});
    const DovecotSetting* found = find_setting(config, "ssl");
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->value, "local");
    EXPECT_EQ(config.files[found->file].path, "/etc/dovecot/local.conf");
    EXPECT_EQ(found->line, 2U);
    EXPECT_EQ(value_of(config, "ssl_dh"), "a");
}

TEST(DovecotConfig, PrefersTheMoreSpecialBlockAndOfEqualOnesTheFirst) {
    const DovecotConfig config = read(
        "local_name *.test {\n ssl_cert = <wild\n}\nlocal_name a.test {\n ssl_cert = <exact\n}\nlocal_name \"B.example  c.example\" {\n"
        "  ssl_cert = <first\n  protocol imap {\n    ssl_cert = <imap\n  }\n}\nlocal_name \"B.example  c.example\" { # again\n  ssl_cert = "
        "<last\n}\n"
        "ssl_cert = <late\nlocal 192.0.2.0/24 {\n ssl_cert = <net\n}\nlocal 192.0.2.7 {\n ssl_cert = <host\n}\nprotocol !imap {\n ssl = "
        "no\n}\n"
        "service imap-login {\n  inet_listener imaps {\n    ssl = yes\n  }\n}\n");
    EXPECT_EQ(value_of(config, "ssl_cert"), "late");
    EXPECT_EQ(value_of(config, "ssl_cert", {.local_name = "other.example"}), "late");
    EXPECT_EQ(value_of(config, "ssl_cert", {.local_name = "a.test"}), "wild");
    EXPECT_EQ(value_of(config, "ssl_cert", {.local_name = "a.b.test"}), "late") << "a star is one label";
    EXPECT_EQ(value_of(config, "ssl_cert", {.local_name = "b.EXAMPLE"}), "last") << "equal blocks are one";
    EXPECT_EQ(value_of(config, "ssl_cert", {.protocol = "imap", .local_name = "c.example"}), "imap");
    EXPECT_EQ(value_of(config, "ssl_cert", {.local = "192.0.2.7"}), "host");
    EXPECT_EQ(value_of(config, "ssl_cert", {.local = "192.0.2.8"}), "net");
    EXPECT_EQ(value_of(config, "ssl_cert", {.local = "2001:db8::1"}), "late");
    EXPECT_EQ(value_of(config, "ssl", {.protocol = "pop3"}), "no");
    EXPECT_EQ(value_of(config, "ssl", {.protocol = "imap"}), "none") << "a listener's is another setting";
}

TEST(DovecotConfig, SaysWhereAGlobalValueDoesNotHold) {
    const DovecotConfig config = read("protocol imap {\n ssl_cert = <i\n}\nlocal_name a.test {\n ssl_cert = <a\n}\nssl_cert = <late\n");
    const auto found = settings_in_filters(config, "ssl_cert");
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[1]->line, 5U);
    EXPECT_EQ(contradicting(config, "ssl_cert"), found[0]);
    EXPECT_EQ(contradicting(config, "ssl_key"), nullptr);
}

TEST(DovecotConfig, LeavesOtherDialectsAlone) {
    EXPECT_THAT(failure_of("# c\ndovecot_config_version = 2.4.0\nssl_server_cert_file = /x\n").reason, HasSubstr("Dovecot 2.4"));
    EXPECT_THAT(failure_of("ssl = yes\nssl_server_cert_file = /x\n").reason, HasSubstr("Dovecot 2.4"));
    EXPECT_THAT(failure_of("dovecot_config_version = 3.0\n").reason, HasSubstr("unknown"));
    EXPECT_THAT(failure_of("ssl_cert_file = /x\n").reason, HasSubstr("Dovecot 1"));
    EXPECT_EQ(failure_of("ssl = yes\nssl_server_cert_file = /x\n").object, kMain + " line 2");
    EXPECT_THAT(failure_of("ssl_server_cert_file = /x\n").next, HasSubstr("by hand"));
}

TEST(DovecotConfig, RefusesWhatTheServerWouldNotRead) {
    for (const std::string text :
         {"local_name a { ssl = yes }\n", "local_name b.test{\n}\n", "ssl yes\n", "}\n", "local_name a {\n", "a = 1 \\\n", "a = 1 \\",
          "!include missing.conf\n", "!include dovecot.conf\n", "= x\n", "local_name {\n}\n"})
        EXPECT_EQ(failure_of(text).kind, FailureKind::input) << text;
    EXPECT_EQ(failure_of("\n\nssl yes\n").object, kMain + " line 3");
    EXPECT_THAT(failure_of(std::string("a = \0b\n", 7)).reason, HasSubstr("zero byte"));
}

TEST(DovecotConfig, HasLimits) {
    std::string deep;
    for (int i = 0; i < 40; ++i) deep += "plugin {\n";
    EXPECT_THAT(failure_of(deep).reason, HasSubstr("too many blocks"));
    EXPECT_THAT(failure_of(std::string(ConfigLimits::kFileBytes + 1, '#')).reason, HasSubstr("too large"));
    // Each file includes the next one twice: without a limit, two to the power of thirty.
    std::map<std::string, std::string> texts;
    for (int i = 0; i < 30; ++i) {
        const std::string next = "!include_try " + std::to_string(i + 1) + ".conf\n";
        texts[i == 0 ? kMain : "/etc/dovecot/" + std::to_string(i) + ".conf"] = next + next;
    }
    const auto config = read_dovecot_config(kMain, text_files(texts));
    ASSERT_FALSE(config);
    EXPECT_THAT(config.error().reason, HasSubstr("too many files"));
}

}  // namespace
}  // namespace truename::servers
