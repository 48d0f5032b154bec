#include "servers/postfix_config.h"

#include <gmock/gmock.h>

#include <string>

#include "servers/postfix_edit.h"
#include "tests/servers_unit/text_files.h"

namespace truename::servers {
namespace {

using testing::HasSubstr;

const std::string kMainCf = "/etc/postfix/main.cf", kMasterCf = "/etc/postfix/master.cf";

Result<PostfixMain, Failure> read_main(const std::string& text) {
    return read_postfix_main(kMainCf, text_files({{kMainCf, text}}));
}

Result<PostfixMaster, Failure> read_master(const std::string& text) {
    return read_postfix_master(kMasterCf, text_files({{kMasterCf, text}}));
}

std::string value_of(const PostfixMain& main, std::string_view name) {
    const PostfixParameter* found = find_parameter(main, name);
    return found == nullptr ? "none" : found->value;
}

std::string bytes_of(const Result<FileEdit, Failure>& edit) {
    return edit ? edit->new_bytes : to_sentence(edit.error());
}

std::string set(const std::string& text, std::string_view name, std::string_view value) {
    return bytes_of(set_postfix_parameter(*read_main(text), name, value));
}

TEST(PostfixMain, ReadsLogicalLinesAsTheServerDoes) {
    const auto main = read_main(
        "# c\nsmtpd_tls_cert_file=/a\nsmtpd_tls_key_file =\n# inside\n   /k1,\n\n   /k2\nmynetworks = a\n#b = y\n   z\nrelayhost = [x] # "
        "value\n"
        "smtpd_tls_cert_file = /b \nmydomain = b.test,\r\n  \r\n  c.test\r\nempty =\n");
    ASSERT_TRUE(main) << to_sentence(main.error());
    EXPECT_EQ(value_of(*main, "smtpd_tls_cert_file"), "/b") << "the last assignment wins";
    EXPECT_EQ(find_parameter(*main, "smtpd_tls_cert_file")->line, 12U);
    EXPECT_EQ(value_of(*main, "smtpd_tls_key_file"), "/k1, /k2");
    EXPECT_EQ(value_of(*main, "mynetworks"), "a z");
    EXPECT_EQ(value_of(*main, "relayhost"), "[x] # value");
    EXPECT_EQ(value_of(*main, "mydomain"), "b.test, c.test");
    EXPECT_EQ(value_of(*main, "empty"), "");
    EXPECT_EQ(value_of(*main, "b"), "none");
}

TEST(PostfixMain, RefusesWhatTheServerWouldNotRead) {
    for (const std::string text : {"a = 1\nfoo\n", "a = 1\n= 2\n"}) {
        const auto main = read_main(text);
        ASSERT_FALSE(main) << text;
        EXPECT_EQ(main.error().object, kMainCf + " line 2");
    }
    EXPECT_FALSE(read_main("  a = 1\n")) << "it continues nothing";
    EXPECT_FALSE(read_main(std::string("a = \0", 5)));
    EXPECT_FALSE(read_main(std::string(ConfigLimits::kFileBytes + 1, '#')));
    EXPECT_FALSE(read_postfix_main(kMainCf, text_files({})));
}

TEST(PostfixMain, ExpandsNamesThatItSets) {
    const auto main = read_main("a = 1\nb = ${a}$(a)-$a.x\nself = $self\nx = $y$y\ny = $z$z\nz = " + std::string(40'000, 'z') + "\n");
    ASSERT_TRUE(main);
    EXPECT_EQ(expand(*main, "/$b/$unset/${a?c}/$$a"), "/11-1.x/$unset/${a?c}/$$a");
    EXPECT_EQ(expand(*main, "$self"), std::nullopt);
    EXPECT_EQ(expand(*main, "$x"), std::nullopt);
}

TEST(PostfixMain, ReplacesNothingButTheValue) {
    EXPECT_EQ(set("a=1\r\n# c\r\nb = 2 \r\n", "a", "x y"), "a=x y\r\n# c\r\nb = 2 \r\n");
    EXPECT_EQ(set("a = 1\na = 2\n", "a", "3"), "a = 1\na = 3\n");
    EXPECT_EQ(set("a = 1,\n# why\n   2\n   3\nb = 1\n", "a", "x"), "a = x\n# why\nb = 1\n");
    EXPECT_EQ(set("a =\n  1\n\n  2\nb = 1\n", "a", "x"), "a =\n  x\n\nb = 1\n");
    EXPECT_EQ(set("a =\nb = 1\n", "a", "x"), "a = x\nb = 1\n");
    EXPECT_EQ(set("a =\n  1\nb = 1\n", "a", "1"), "a =\n  1\nb = 1\n") << "a right value stays as it is";
}

TEST(PostfixMain, WritesBehindTheCommentThatShowsTheParameterOrAtTheEnd) {
    EXPECT_EQ(set("#a = 1\nb = 2\n", "a", "x"), "#a = 1\na = x\nb = 2\n");
    EXPECT_EQ(set("b = 1\n#a = 1\n  2\n", "a", "x"), "b = 1\n#a = 1\n  2\na = x\n") << "that comment stands inside of a value";
    EXPECT_EQ(set("b = 1", "a", "x"), "b = 1\na = x\n");
    EXPECT_EQ(set("", "a", "x"), "a = x\n");
}

TEST(PostfixMain, RefusesValuesWithoutAForm) {
    EXPECT_THAT(set("", "a", "x\nb = y"), HasSubstr("no form"));
    EXPECT_THAT(set("", "a", " x"), HasSubstr("no form"));
    EXPECT_THAT(set("", "a = b", "x"), HasSubstr("no form"));
}

const std::string kMaster =
    "# c\nsmtp inet n - y - - smtpd -v -o smtpd_tls_cert_file=/m\nsubmission inet n - y - - smtpd\n  -o { smtpd_tls_key_file = /a b }\n"
    "# comment\n  -o a=/s -o a=/t\n  -vo c=1 -od=2\npipe1 unix - n n - - pipe\n  flags=DR argv=/bin/y -o foo=bar\n";

TEST(PostfixMaster, ReadsServicesAndTheirOverrides) {
    const auto master = read_master(kMaster);
    ASSERT_TRUE(master) << to_sentence(master.error());
    ASSERT_EQ(master->services.size(), 3U);
    const PostfixService* submission = find_service(*master, "submission", "inet");
    ASSERT_NE(submission, nullptr);
    EXPECT_EQ(submission->command, "smtpd");
    EXPECT_EQ(submission->line, 3U);
    EXPECT_EQ(find_override(*submission, "smtpd_tls_key_file")->value, "/a b");
    EXPECT_EQ(find_override(*submission, "a")->value, "/t") << "the last one holds";
    EXPECT_EQ(find_override(*submission, "a")->line, 6U);
    EXPECT_EQ(find_override(*submission, "c")->value, "1");
    EXPECT_EQ(find_override(*submission, "d")->value, "2");
    EXPECT_TRUE(find_service(*master, "pipe1", "unix")->overrides.empty()) << "that is an argument of the command";
    EXPECT_EQ(find_service(*master, "smtp", "unix"), nullptr);
    EXPECT_TRUE(read_master("s inet n - y - - smtpd --o a=1\n")->services.front().overrides.empty()) << "no option at all";
    for (const std::string text : {"smtp inet n - y - -\n", "smtp inet n - y - - smtpd -o\n", "smtp inet n - y - - smtpd -o x\n",
                                   "smtp inet n - y - - smtpd -o { x = y\n"})
        EXPECT_FALSE(read_master(text)) << text;
}

std::string set_override(const std::string& text, std::string_view service, std::string_view name, std::string_view value) {
    return bytes_of(set_postfix_override(*read_master(text), service, "inet", name, value));
}

std::string remove_override(const std::string& text, std::string_view name) {
    return bytes_of(remove_postfix_override(*read_master(text), "s", "inet", name));
}

TEST(PostfixMaster, SetsAnOverrideWhereItStands) {
    const std::string head = "s inet n - y - - smtpd ";
    EXPECT_EQ(set_override(head + "-o a=1 -o a=2 -v\n", "s", "a", "3"), head + "-o a=1 -o a=3 -v\n");
    EXPECT_EQ(set_override(head + "-o { a = 1 }\n", "s", "a", "3 4"), head + "-o { a = 3 4 }\n");
    EXPECT_EQ(set_override(head + "-o a=1\n", "s", "a", "3 4"), head + "-o { a = 3 4 }\n");
    EXPECT_EQ(set_override(head + "-o a=\n", "s", "a", "3"), head + "-o a=3\n");
    EXPECT_EQ(set_override(head + "-o { a = 1\n# c\n  2 }\n", "s", "a", "3"), head + "-o { a = 3\n# c\n  }\n");
    EXPECT_EQ(set_override(head + "-o { a = 1\n  {2}}\n", "s", "a", "3"), head + "-o { a = 3\n  }\n") << "what is left continues";
    EXPECT_EQ(set_override(head + "-o a=1\n", "s", "a", "1"), head + "-o a=1\n");
}

TEST(PostfixMaster, AddsAnOverrideBehindTheLastOption) {
    EXPECT_EQ(set_override("s inet n - y - - smtpd\r\n    -o a=1\r\n# c\r\nx inet n - y - - y\r\n", "s", "b", "2"),
              "s inet n - y - - smtpd\r\n    -o a=1\r\n    -o b=2\r\n# c\r\nx inet n - y - - y\r\n");
    EXPECT_EQ(set_override("s inet n - y - - smtpd", "s", "b", "2"), "s inet n - y - - smtpd\n  -o b=2\n");
    EXPECT_EQ(set_override("s inet n - y - - pipe flags=D argv=x\n", "s", "b", "2"), "s inet n - y - - pipe -o b=2 flags=D argv=x\n");
    EXPECT_THAT(set_override(kMaster, "submissions", "b", "2"), HasSubstr("no service submissions/inet"));
    EXPECT_THAT(set_override(kMaster, "submission", "b", "{"), HasSubstr("no form"));
}

TEST(PostfixMaster, MakesNoCommentOfAnArgument) {
    // What is left of the last line would begin with #.
    const auto master = read_master("s inet n - y - - smtpd -o\n# c\n  a=0 # s=4\n");
    ASSERT_TRUE(master);
    ASSERT_THAT(master->services.front().arguments, testing::ElementsAre("#", "s=4"));
    EXPECT_FALSE(remove_postfix_override(*master, "s", "inet", "a"));
}

TEST(PostfixMaster, RemovesEveryOverrideOfAName) {
    const std::string head = "s inet n - y - - smtpd";
    EXPECT_EQ(remove_override(head + "\n  -o b=1\n  -o a=1\n# c\n  -o c=1\n", "a"), head + "\n  -o b=1\n# c\n  -o c=1\n");
    EXPECT_EQ(remove_override(head + " -o a=1 -o b=1 -vo a=2\n", "a"), head + " -o b=1 -v\n");
    EXPECT_EQ(remove_override(head + " -o\n# c\n  a=1 -v\n", "a"), head + "\n# c\n  -v\n");
    EXPECT_EQ(remove_override(head + "\n  -o a=1 -o a=2 -o b=1\n", "a"), head + "\n   -o b=1\n");
    EXPECT_EQ(remove_override(head + " -o b=1\n", "a"), head + " -o b=1\n");
}

TEST(PostfixMaster, TheLastOfTwoEntriesOfOneServiceCounts) {
    const std::string head = "s inet n - y - - smtpd -o a=";
    EXPECT_EQ(set_override(head + "1\n" + head + "2\n", "s", "a", "3"), head + "1\n" + head + "3\n");
}

}  // namespace
}  // namespace truename::servers
