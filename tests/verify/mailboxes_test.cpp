#include "verify/mailboxes.h"

#include <gtest/gtest.h>

#include "tests/verify/support.h"

namespace truename::verify {
namespace {

/// The text of the mailbox that is found in a certificate with these names and this subject; `-` for none.
std::string found(std::string_view wanted, std::string_view names, const MailboxRule& rule = {}, std::string_view subject = "CN=Ann") {
    Scene scene(certificate({.name = "server", .subject = subject, .more = "names = [" + std::string(names) + "]"}));
    const auto parsed = x509::parse_certificate(scene.built.certificate("server"));
    const auto presented = presented_mailboxes(*parsed);
    const PresentedMailbox* mailbox = find_mailbox(presented, wanted, rule);
    return mailbox == nullptr ? "-" : mailbox->text;
}

TEST(Mailboxes, AreTheSameWithTheSameLocalPartAndHost) {
    constexpr std::string_view kTwo = "\"email:bob@example.com\", \"email:ann@Example.com\"";
    EXPECT_EQ(found("ann@example.com", kTwo), "ann@Example.com");
    EXPECT_EQ(found("ann@EXAMPLE.com", kTwo), "ann@Example.com");
    EXPECT_EQ(found("Ann@example.com", kTwo), "-") << "the local part is its host's business";
    EXPECT_EQ(found("ann@mail.example.com", kTwo), "-");
    EXPECT_EQ(found("ann", kTwo), "-");
    EXPECT_EQ(found("Ann@example.com", kTwo, {.local_part_folded = true}), "ann@Example.com");
}

TEST(Mailboxes, OutsideAsciiAreComparedByTheirALabels) {
    constexpr std::string_view kUmlaut = "\"SmtpUTF8Mailbox:\xc3\xb6l@xn--mnchen-3ya.example\"";
    EXPECT_EQ(found("\xc3\xb6l@m\xc3\xbcnchen.example", kUmlaut), "\xc3\xb6l@xn--mnchen-3ya.example");
    EXPECT_EQ(found("\xc3\x96l@m\xc3\xbcnchen.example", kUmlaut), "-") << "letter case of other letters counts as well";
    EXPECT_EQ(found("o\xcc\x88l@m\xc3\xbcnchen.example", kUmlaut), "-") << "nothing is normalised";
    EXPECT_EQ(found("\xc3\xb6l@xn--mnchen-3ya.example", "\"SmtpUTF8Mailbox:\xc3\xb6l@m\xc3\xbcnchen.example\""),
              "\xc3\xb6l@m\xc3\xbcnchen.example")
        << "RFC 8398 wrote U-labels";
    EXPECT_EQ(found("ann@m\xc3\xbcnchen.example", "\"email:ann@xn--mnchen-3ya.example\""), "ann@xn--mnchen-3ya.example");
    EXPECT_EQ(found("ann@example.com", "\"SmtpUTF8Mailbox:ann@example.com\""), "ann@example.com") << "in ASCII, against RFC 9598 3";
}

TEST(Mailboxes, OfTheSubjectCountWhereTheRuleSaysSo) {
    constexpr std::string_view kSubject = "emailAddress=ann@example.com,CN=Ann";
    constexpr std::string_view kOther = "\"email:bob@example.com\"", kHost = "\"DNS:example.com\"";
    const auto with = [&](SubjectMailbox subject, std::string_view names) {
        return found("ann@example.com", names, {.subject = subject}, kSubject) != "-";
    };
    EXPECT_FALSE(with(SubjectMailbox::never, kHost));
    EXPECT_TRUE(with(SubjectMailbox::without_listed, kHost));
    EXPECT_FALSE(with(SubjectMailbox::without_listed, kOther));
    EXPECT_TRUE(with(SubjectMailbox::always, kOther));
}

}  // namespace
}  // namespace truename::verify
