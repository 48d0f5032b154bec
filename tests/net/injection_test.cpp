#include "net/injection.h"

#include <gtest/gtest.h>

#include <string>

namespace truename::net {
namespace {

struct Case {
    const char* what;
    MailProtocol protocol;
    std::string_view inside;  ///< what the server says inside TLS, to a client that says goodbye
    std::string_view answer;  ///< empty: sound
};

constexpr Case kCases[] = {
    {"imap, sound", MailProtocol::imap, "* BYE Logging out\r\na9 OK Logout completed.\r\n", ""},
    {"imap, taken", MailProtocol::imap, "a8 OK NOOP completed\r\n* BYE\r\na9 OK\r\n", "a8 OK NOOP completed"},
    {"imap, taken and refused", MailProtocol::imap, "a8 BAD not now\r\n* BYE\r\na9 OK\r\n", "a8 BAD not now"},
    {"smtp, sound", MailProtocol::smtp, "221 2.0.0 Bye\r\n", ""},
    {"smtp, sound and late", MailProtocol::smtp, "421 4.4.2 timeout\r\n", ""},
    {"smtp, taken", MailProtocol::smtp, "250 2.0.0 Ok\r\n221 2.0.0 Bye\r\n", "250 2.0.0 Ok"},
    {"smtp, taken and refused", MailProtocol::smtp, "503 EHLO first\r\n221 bye\r\n", "503 EHLO first"},
    {"pop3, sound", MailProtocol::pop3, "+OK Logging out\r\n", ""},
    {"pop3, taken", MailProtocol::pop3, "+OK\r\nUIDL\r\n.\r\n+OK Logging out\r\n", "+OK"},
    {"pop3, taken and refused", MailProtocol::pop3, "-ERR what?\r\n+OK Logging out\r\n", "-ERR what?"},
    {"sieve, sound", MailProtocol::sieve, "\"SIEVE\" \"fileinto\"\r\nOK \"TLS is there\"\r\nOK \"Logout completed.\"\r\n", ""},
    {"sieve, taken", MailProtocol::sieve, "OK\r\nOK (TAG \"sent-before-tls\") \"Done\"\r\nOK\r\n", "OK (TAG \"sent-before-tls\") \"Done\""},
    {"sieve, taken, as a literal", MailProtocol::sieve, "OK (TAG {15}\r\nsent-before-tls) \"Done\"\r\n", "sent-before-tls) \"Done\""},
    {"sieve, taken and refused", MailProtocol::sieve, "OK\r\nNO \"what?\"\r\nOK\r\n", "NO \"what?\""},
};

TEST(InjectionWatch, TellsAnswersToTheCommandFromThoseToTheGoodbye) {
    for (const Case& one : kCases) {
        InjectionWatch whole(one.protocol), by_byte(one.protocol);
        whole.feed(one.inside);
        for (const char c : one.inside) by_byte.feed({&c, 1});
        EXPECT_EQ(whole.answer(), one.answer) << one.what;
        EXPECT_EQ(by_byte.answer(), one.answer) << one.what;
        EXPECT_EQ(whole.is_over(), by_byte.is_over()) << one.what;
    }
}

TEST(InjectionWatch, DoesNotListenForEver) {
    InjectionWatch watch(MailProtocol::sieve);
    for (int i = 0; i < 100 && !watch.is_over(); ++i) watch.feed(std::string(1000, 'x'));
    EXPECT_TRUE(watch.is_over());
    watch.feed("\r\nNO\r\n");
    EXPECT_EQ(watch.answer(), "");
}

TEST(HarmlessCommand, IsOneWholeLine) {
    for (const MailProtocol protocol : {MailProtocol::imap, MailProtocol::pop3, MailProtocol::smtp, MailProtocol::sieve}) {
        const std::string_view command = harmless_command(protocol);
        EXPECT_EQ(command.find("\r\n"), command.size() - 2);
    }
    EXPECT_EQ(harmless_command(MailProtocol::none), "");
}

}  // namespace
}  // namespace truename::net
