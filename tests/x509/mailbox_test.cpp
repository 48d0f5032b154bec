#include "x509/mailbox.h"

#include <gtest/gtest.h>

#include "x509/build.h"
#include "x509/general_name.h"

namespace truename::x509 {
namespace {

std::string read(std::string_view text) {
    const auto mailbox = parse_mailbox(text);
    return mailbox ? mailbox->local_part + " at " + mailbox->host : "none";
}

TEST(ParseMailbox, KeepsTheLocalPartAndConvertsTheHost) {
    EXPECT_EQ(read("ann@example.com"), "ann at example.com");
    EXPECT_EQ(read("Ann@Example.COM"), "Ann at example.com") << "letter case counts before the @ alone";
    EXPECT_EQ(read("ann@m\xc3\xbcnchen.example"), "ann at xn--mnchen-3ya.example");
    EXPECT_EQ(read("ann@XN--MNCHEN-3YA.example"), "ann at xn--mnchen-3ya.example");
    EXPECT_EQ(read("\xc3\xb6l@example.com"), "\xc3\xb6l at example.com");
    EXPECT_EQ(read("o\xcc\x88l@example.com"), "o\xcc\x88l at example.com") << "a local part is not normalised (RFC 9598 5)";
    EXPECT_EQ(read("\"a@b\"@example.com"), "\"a@b\" at example.com");
    EXPECT_EQ(read("ann@localhost"), "ann at localhost");
}

TEST(ParseMailbox, RefusesWhatIsNone) {
    for (const std::string_view text : {
             std::string_view(""),
             std::string_view("ann"),
             std::string_view("@example.com"),
             std::string_view("ann@"),
             std::string_view("ann@b@example.com"),
             std::string_view("\"@example.com"),
             std::string_view("ann@*.example.com"),
             std::string_view("ann@\xef\xbc\x8a.example.com"),  // a star of full width
             std::string_view("ann@example.com."),
             std::string_view("ann@192.0.2.1"),
             std::string_view("ann@[192.0.2.1]"),
             std::string_view("ann@exam ple.com"),
             std::string_view("a\0nn@example.com", 16),
             std::string_view("ann@example.com\0", 16),
             std::string_view("a\nn@example.com"),
             std::string_view("\xffnn@example.com"),
         })
        EXPECT_EQ(read(text), "none") << text;
}

TEST(GeneralName, GivesTheTextOfServicesAndInternationalMailboxes) {
    const auto texts = [](std::string_view text) {
        const ByteString encoded = encode_general_name(*parse_general_name(text));
        der::Reader reader(encoded);
        const GeneralName name = *read_general_name(reader);
        return std::string(name.srv_name().value_or("-")) + " " + std::string(name.smtp_utf8_mailbox().value_or("-"));
    };
    EXPECT_EQ(texts("SRV:_imaps.example.com"), "_imaps.example.com -");
    EXPECT_EQ(texts("SmtpUTF8Mailbox:\xc3\xb6l@example.com"), "- \xc3\xb6l@example.com");
    EXPECT_EQ(texts("UPN:a@example.com"), "- -");
    EXPECT_EQ(texts("email:a@example.com"), "- -");
}

}  // namespace
}  // namespace truename::x509
