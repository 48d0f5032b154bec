#include "servers/dovecot_edit.h"

#include <gmock/gmock.h>

#include <map>
#include <string>

#include "tests/servers_unit/text_files.h"

namespace truename::servers {
namespace {

using testing::HasSubstr;

using Texts = std::map<std::string, std::string>;
const std::string kMain = "/etc/dovecot/dovecot.conf";

Result<FileEdit, Failure> edit(const Texts& texts, const std::string& name, const DovecotValue& value, const std::string& local_name = "") {
    const ConfigFiles files = text_files(texts);
    const auto config = read_dovecot_config(kMain, files);
    if (!config) return forward_error(config);
    return set_dovecot_setting(*config, files, name, value, local_name);
}

/// What the main file is afterwards.
std::string edited(const std::string& text, const std::string& name, const DovecotValue& value, const std::string& local_name = "") {
    const auto result = edit({{kMain, text}}, name, value, local_name);
    return result ? result->new_bytes : to_sentence(result.error());
}

TEST(DovecotEdit, ReplacesNothingButTheValue) {
    EXPECT_EQ(edited("# c\r\n ssl_cert=<  /old # why\r\nssl = yes\r\n", "ssl_cert", {"/new", true}),
              "# c\r\n ssl_cert=</new # why\r\nssl = yes\r\n");
    EXPECT_EQ(edited("ssl_cert =", "ssl_cert", {"/new", true}), "ssl_cert = </new");
    EXPECT_EQ(edited("ssl_cert = <a\nssl_cert = <b\n", "ssl_cert", {"c", true}), "ssl_cert = <a\nssl_cert = <c\n");
    EXPECT_EQ(edited("a = 1 \\ # one\n  2 \\\n 3 # three\nb = 1\n", "a", {"x"}), "a = x # one\n # three\nb = 1\n");
    EXPECT_EQ(edited("a = 1\n", "a", {"x # y"}), "a = \"x # y\"\n");
    EXPECT_EQ(edited("a = 1\n", "a", {"say \"\\\""}), "a = \"say \\\"\\\\\\\"\"\n");
    EXPECT_EQ(edited("a = \"1\" # c\n", "a", {"$b"}), "a = $b # c\n");
}

TEST(DovecotEdit, LeavesARightValueAlone) {
    for (const std::string text : {"ssl_cert = <   /x # c\n", "ssl_cert = \\\n  </x\n"})
        EXPECT_EQ(edited(text, "ssl_cert", {"/x", true}), text);
}

TEST(DovecotEdit, WritesBehindTheCommentThatShowsTheSetting) {
    EXPECT_EQ(edited("ssl = yes\n  #ssl_dh = </a\n# more\nlisten = *\n", "ssl_dh", {"/b", true}),
              "ssl = yes\n  #ssl_dh = </a\n  ssl_dh = </b\n# more\nlisten = *\n");
    EXPECT_EQ(edited("ssl = yes\n#ssl_dh = </a", "ssl_dh", {"/b", true}), "ssl = yes\n#ssl_dh = </a\nssl_dh = </b\n");
    EXPECT_EQ(edited("service x {\n#ssl_dh = </a\n}\n", "ssl_dh", {"/b", true}), "service x {\n#ssl_dh = </a\n}\nssl_dh = </b\n")
        << "another setting's comment";
}

TEST(DovecotEdit, WritesBesideItsRelatives) {
    EXPECT_EQ(edited("ssl_cert = <a\nlisten = *\n", "ssl_key", {"k", true}), "ssl_cert = <a\nssl_key = <k\nlisten = *\n");
    EXPECT_EQ(edited("listen = *", "ssl_key", {"k", true}), "listen = *\nssl_key = <k\n");
}

TEST(DovecotEdit, WritesIntoTheFileThatDecides) {
    const Texts texts = {{kMain, "ssl = no\n!include conf.d/*.conf\n!include_try local.conf\n"},
                         {"/etc/dovecot/conf.d/10-ssl.conf", "ssl = yes\nssl_cert = <a\n"},
                         {"/etc/dovecot/local.conf", "ssl = required\n"}};
    EXPECT_EQ(edit(texts, "ssl", {"yes"})->file, "/etc/dovecot/local.conf");
    EXPECT_EQ(edit(texts, "ssl_cert", {"b", true})->new_bytes, "ssl = yes\nssl_cert = <b\n");
    EXPECT_EQ(edit(texts, "ssl_cert", {"b", true})->old_bytes, texts.at("/etc/dovecot/conf.d/10-ssl.conf"));
}

TEST(DovecotEdit, LeavesFilesOfPackagesAndSharedFilesAlone) {
    const Texts outside = {{kMain, "!include /usr/share/dovecot/x.conf\n"}, {"/usr/share/dovecot/x.conf", "ssl = yes\n"}};
    EXPECT_EQ(edit(outside, "ssl", {"no"})->new_bytes, "!include /usr/share/dovecot/x.conf\nssl = no\n");
    const Texts shared = {{kMain, "local_name a {\n!include x.inc\n}\nlocal_name b {\n!include x.inc\n}\n"},
                          {"/etc/dovecot/x.inc", "ssl_cert = <x\n"}};
    const auto result = edit(shared, "ssl_cert", {"y", true}, "a");
    ASSERT_TRUE(result);
    EXPECT_EQ(result->new_bytes, "local_name a {\n!include x.inc\n  ssl_cert = <y\n}\nlocal_name b {\n!include x.inc\n}\n");
}

TEST(DovecotEdit, SetsOneNameInItsOwnBlock) {
    const std::string block = "local_name a.test {\n\tssl_cert = <a\n}\nssl_cert = <g\n";
    EXPECT_EQ(edited(block, "ssl_cert", {"new", true}, "A.test"), "local_name a.test {\n\tssl_cert = <new\n}\nssl_cert = <g\n");
    EXPECT_EQ(edited(block, "ssl_key", {"k", true}, "a.test"), "local_name a.test {\n\tssl_cert = <a\n\tssl_key = <k\n}\nssl_cert = <g\n");
    EXPECT_EQ(edited(block, "ssl_cert", {"new", true}, "b.test"),
              "local_name a.test {\n\tssl_cert = <a\n}\nlocal_name b.test {\n  ssl_cert = <new\n}\nssl_cert = <g\n");
    EXPECT_EQ(edited(block, "ssl_cert", {"new", true}), "local_name a.test {\n\tssl_cert = <a\n}\nssl_cert = <new\n");
}

TEST(DovecotEdit, PutsANameBeforeTheBlockThatWouldWin) {
    EXPECT_EQ(edited("local_name *.test {\n ssl_cert = <w\n}\n", "ssl_cert", {"n", true}, "a.test"),
              "local_name a.test {\n  ssl_cert = <n\n}\nlocal_name *.test {\n ssl_cert = <w\n}\n");
    EXPECT_EQ(edited("local_name \"a.test b.test\" {\n ssl_cert = <w\n}\n", "ssl_cert", {"n", true}, "b.test"),
              "local_name b.test {\n  ssl_cert = <n\n}\nlocal_name \"a.test b.test\" {\n ssl_cert = <w\n}\n")
        << "the other names of the block keep what they have";
}

TEST(DovecotEdit, RefusesWhatTheServerWouldRefuse) {
    EXPECT_THAT(edited("protocol imap {\n ssl_cert = <i\n}\n", "ssl_cert", {"n", true}, "a.test"),
                HasSubstr("line 2: it is set there for a protocol"));
    EXPECT_THAT(edited("", "ssl_cert", {"a # b", true}), HasSubstr("no form"));
    EXPECT_THAT(edited("", "ssl_cert", {"a\nssl = no", true}), HasSubstr("no form"));
    EXPECT_THAT(edited("", "ssl_cert = x", {"a", true}), HasSubstr("no form"));
    EXPECT_THAT(edited("", "ssl_cert", {"a", true}, "b {"), HasSubstr("no form"));
    EXPECT_THAT(
        edited("local_name *.test {\n ssl_cert = <w\n}\nlocal_name a.test {\n ssl_cert = <a\n}\n", "ssl_cert", {"n", true}, "a.test"),
        HasSubstr("by hand"));
}

TEST(DovecotEdit, TwoEditsAreOneForAFile) {
    const ConfigFiles disk = text_files({{kMain, "ssl_cert = <a\n"}});
    std::vector<FileEdit> edits;
    for (const auto& [name, path] : {std::pair("ssl_cert", "c"), std::pair("ssl_key", "k"), std::pair("ssl_cert", "d")}) {
        const ConfigFiles files = with_edits(disk, edits);
        const auto config = read_dovecot_config(kMain, files);
        ASSERT_TRUE(config);
        const auto result = set_dovecot_setting(*config, files, name, {path, true});
        ASSERT_TRUE(result);
        add_edit(edits, *result);
    }
    ASSERT_EQ(edits.size(), 1U);
    EXPECT_EQ(edits[0], (FileEdit{kMain, "ssl_cert = <a\n", "ssl_cert = <d\nssl_key = <k\n"}));
}

}  // namespace
}  // namespace truename::servers
