#include "net/dialog.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace truename::net {
namespace {

/// What the server says, and what the client must have said before it (empty for the greeting).
struct Exchange {
    std::string client, server;
};

struct Transcript {
    const char* name;
    MailProtocol protocol;
    DialogGoal goal;
    std::vector<Exchange> exchanges;
    DialogEnd end;
    DialogStep step;
    bool login = false;
    std::string leftover = {};
    std::string answer = {};  // checked when not empty
};

void PrintTo(const Transcript& transcript, std::ostream* out) {
    *out << transcript.name;
}

const std::vector<Transcript>& transcripts() {
    using enum MailProtocol;
    static const std::vector<Transcript> kAll = {
        {"ImapWithCapabilitiesInTheGreeting",
         imap,
         DialogGoal::starttls,
         {{"", "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] Dovecot ready.\r\n"},
          {"a2 STARTTLS\r\n", "a2 OK Begin TLS negotiation now.\r\n"}},
         DialogEnd::tls_next,
         DialogStep::starttls},
        {"ImapAskedForCapabilities",
         imap,
         DialogGoal::starttls,
         {{"", "* OK hello\r\n"},
          {"a1 CAPABILITY\r\n", "* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\na1 OK done\r\n"},
          {"a2 STARTTLS\r\n", "a2 OK\r\n"}},
         DialogEnd::tls_next,
         DialogStep::starttls,
         true},
        {"ImapWithAShortListInTheGreetingIsAskedForTheFullOne",
         imap,
         DialogGoal::starttls,
         {{"", "* OK [CAPABILITY IMAP4rev1] hello\r\n"},
          {"a1 CAPABILITY\r\n", "* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\na1 OK done\r\n"},
          {"a2 STARTTLS\r\n", "* 0 EXISTS\r\na2 OK\r\n"}},
         DialogEnd::tls_next,
         DialogStep::starttls},
        {"ImapWithoutStarttls",
         imap,
         DialogGoal::starttls,
         {{"", "* OK hello\r\n"}, {"a1 CAPABILITY\r\n", "* CAPABILITY IMAP4rev1\r\na1 OK done\r\n"}},
         DialogEnd::not_offered,
         DialogStep::capabilities,
         true},
        {"ImapPreauthenticatedCannotStartTls",
         imap,
         DialogGoal::starttls,
         {{"", "* PREAUTH hello\r\n"}},
         DialogEnd::not_offered,
         DialogStep::greeting},
        {"ImapBye",
         imap,
         DialogGoal::starttls,
         {{"", "* BYE too many connections\r\n"}},
         DialogEnd::limited,
         DialogStep::greeting,
         false,
         "",
         "* BYE too many connections"},
        {"ImapByeWhenAsked",
         imap,
         DialogGoal::starttls,
         {{"", "* OK hello\r\n"}, {"a1 CAPABILITY\r\n", "* BYE overload\r\n"}},
         DialogEnd::limited,
         DialogStep::capabilities},
        {"CyrusThatCannotLoadItsKey",
         imap,
         DialogGoal::starttls,
         {{"", "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] Cyrus\r\n"}, {"a2 STARTTLS\r\n", "a2 NO Error initializing TLS\r\n"}},
         DialogEnd::refused,
         DialogStep::starttls,
         false,
         "",
         "a2 NO Error initializing TLS"},
        {"DovecotThatCannotLoadItsKey",
         imap,
         DialogGoal::starttls,
         {{"", "* OK [CAPABILITY STARTTLS LOGINDISABLED] Dovecot\r\n"},
          {"a2 STARTTLS\r\n", "a2 OK Begin TLS negotiation now.\r\n* BYE [UNAVAILABLE] TLS initialization failed.\r\n"}},
         DialogEnd::tls_next,
         DialogStep::starttls,
         false,
         "* BYE [UNAVAILABLE] TLS initialization failed.\r\n"},
        {"ImapInjectedPlainTextIsKeptApart",
         imap,
         DialogGoal::starttls,
         {{"", "* OK [CAPABILITY STARTTLS LOGINDISABLED] x\r\n"}, {"a2 STARTTLS\r\n", "a2 OK go\r\na3 OK injected\r\n"}},
         DialogEnd::tls_next,
         DialogStep::starttls,
         false,
         "a3 OK injected\r\n"},
        {"ImapPortThatSpeaksSmtp",
         imap,
         DialogGoal::starttls,
         {{"", "220 mx.example.com ESMTP\r\n"}},
         DialogEnd::wrong_protocol,
         DialogStep::greeting},
        {"ImapGreetingOnly", imap, DialogGoal::greeting, {{"", "* OK hello\r\n"}}, DialogEnd::greeted, DialogStep::greeting},
        {"Pop3",
         pop3,
         DialogGoal::starttls,
         {{"", "+OK ready <1@x>\r\n"}, {"CAPA\r\n", "+OK\r\nTOP\r\nSTLS\r\nSASL\r\n.\r\n"}, {"STLS\r\n", "+OK Begin TLS\r\n"}},
         DialogEnd::tls_next,
         DialogStep::starttls},
        {"Pop3WithLoginBeforeTls",
         pop3,
         DialogGoal::starttls,
         {{"", "+OK\r\n"}, {"CAPA\r\n", "+OK\r\nUSER\r\nSASL PLAIN LOGIN\r\nSTLS\r\n.\r\n"}, {"STLS\r\n", "+OK\r\n"}},
         DialogEnd::tls_next,
         DialogStep::starttls,
         true},
        {"Pop3WithoutCapaMayKnowStls",
         pop3,
         DialogGoal::starttls,
         {{"", "+OK\r\n"}, {"CAPA\r\n", "-ERR unknown command\r\n"}, {"STLS\r\n", "+OK\r\n"}},
         DialogEnd::tls_next,
         DialogStep::starttls},
        {"Pop3WithoutCapaAndStls",
         pop3,
         DialogGoal::starttls,
         {{"", "+OK\r\n"}, {"CAPA\r\n", "-ERR\r\n"}, {"STLS\r\n", "-ERR\r\n"}},
         DialogEnd::not_offered,
         DialogStep::starttls},
        {"Pop3WithoutStls",
         pop3,
         DialogGoal::starttls,
         {{"", "+OK\r\n"}, {"CAPA\r\n", "+OK\r\nUSER\r\n.\r\n"}},
         DialogEnd::not_offered,
         DialogStep::capabilities,
         true},
        {"Pop3Refused",
         pop3,
         DialogGoal::starttls,
         {{"", "+OK\r\n"}, {"CAPA\r\n", "+OK\r\nSTLS\r\n.\r\n"}, {"STLS\r\n", "-ERR no TLS\r\n"}},
         DialogEnd::refused,
         DialogStep::starttls},
        {"Pop3Busy", pop3, DialogGoal::starttls, {{"", "-ERR [SYS/TEMP] busy\r\n"}}, DialogEnd::limited, DialogStep::greeting},
        {"SmtpWithGreetingOfSeveralLines",
         smtp,
         DialogGoal::starttls,
         {{"", "220-mx.example.com\r\n220-no spam\r\n220 ESMTP\r\n"},
          {"EHLO [192.0.2.9]\r\n", "250-mx.example.com\r\n250-PIPELINING\r\n250-STARTTLS\r\n250 8BITMIME\r\n"},
          {"STARTTLS\r\n", "220 2.0.0 Ready\r\n"}},
         DialogEnd::tls_next,
         DialogStep::starttls},
        {"SmtpNamedLikeTheWordIsNoOffer",
         smtp,
         DialogGoal::starttls,
         {{"", "220 x\r\n"}, {"EHLO [192.0.2.9]\r\n", "250-STARTTLS\r\n250 SIZE\r\n"}},
         DialogEnd::not_offered,
         DialogStep::capabilities},
        {"SmtpWithLoginBeforeTls",
         smtp,
         DialogGoal::starttls,
         {{"", "220 x\r\n"}, {"EHLO [192.0.2.9]\r\n", "250-x\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS\r\n"}, {"STARTTLS\r\n", "220 go\r\n"}},
         DialogEnd::tls_next,
         DialogStep::starttls,
         true},
        {"SmtpWithTheOldFormOfAuth",
         smtp,
         DialogGoal::starttls,
         {{"", "220 x\r\n"}, {"EHLO [192.0.2.9]\r\n", "250-x\r\n250-AUTH=LOGIN\r\n250 STARTTLS\r\n"}, {"STARTTLS\r\n", "220 go\r\n"}},
         DialogEnd::tls_next,
         DialogStep::starttls,
         true},
        {"Smtp421InsteadOfAGreeting",
         smtp,
         DialogGoal::starttls,
         {{"", "421 4.7.0 try later\r\n"}},
         DialogEnd::limited,
         DialogStep::greeting},
        {"Smtp554InsteadOfAGreeting",
         smtp,
         DialogGoal::starttls,
         {{"", "554-no\r\n554 go away\r\n"}},
         DialogEnd::limited,
         DialogStep::greeting},
        {"Smtp421ToEhlo",
         smtp,
         DialogGoal::starttls,
         {{"", "220 x\r\n"}, {"EHLO [192.0.2.9]\r\n", "421 bye\r\n"}},
         DialogEnd::limited,
         DialogStep::capabilities},
        {"SmtpWithoutEsmtp",
         smtp,
         DialogGoal::starttls,
         {{"", "220 x\r\n"}, {"EHLO [192.0.2.9]\r\n", "502 unknown\r\n"}},
         DialogEnd::not_offered,
         DialogStep::capabilities},
        {"SmtpThatDislikesOurNameIsLimited",
         smtp,
         DialogGoal::starttls,
         {{"", "220 x\r\n"}, {"EHLO [192.0.2.9]\r\n", "550 bad name\r\n"}},
         DialogEnd::limited,
         DialogStep::capabilities},
        {"PostfixThatCannotLoadItsKey",
         smtp,
         DialogGoal::starttls,
         {{"", "220 x\r\n"},
          {"EHLO [192.0.2.9]\r\n", "250-x\r\n250 STARTTLS\r\n"},
          {"STARTTLS\r\n", "454 4.7.0 TLS not available due to local problem\r\n"}},
         DialogEnd::refused,
         DialogStep::starttls},
        {"SmtpThatSpeaksHttp",
         smtp,
         DialogGoal::starttls,
         {{"", "HTTP/1.1 400 Bad Request\r\n"}},
         DialogEnd::wrong_protocol,
         DialogStep::greeting},
        {"Sieve",
         sieve,
         DialogGoal::starttls,
         {{"",
           "\"IMPLEMENTATION\" \"Dovecot Pigeonhole\"\r\n\"SIEVE\" \"fileinto\"\r\n\"SASL\" \"\"\r\n\"STARTTLS\"\r\n\"VERSION\" "
           "\"1.0\"\r\nOK \"ready\"\r\n"},
          {"STARTTLS\r\n", "OK \"Begin TLS negotiation now.\"\r\n"}},
         DialogEnd::tls_next,
         DialogStep::starttls},
        {"SieveWithLoginBeforeTls",
         sieve,
         DialogGoal::starttls,
         {{"", "\"IMPLEMENTATION\" \"x\"\r\n\"SASL\" \"PLAIN\"\r\n\"STARTTLS\"\r\nOK\r\n"}, {"STARTTLS\r\n", "OK\r\n"}},
         DialogEnd::tls_next,
         DialogStep::starttls,
         true},
        {"SieveWithoutStarttls",
         sieve,
         DialogGoal::starttls,
         {{"", "\"IMPLEMENTATION\" \"x\"\r\nOK\r\n"}},
         DialogEnd::not_offered,
         DialogStep::greeting},
        {"SieveOfCyrusThatCannotLoadItsKey",
         sieve,
         DialogGoal::starttls,
         {{"", "\"IMPLEMENTATION\" \"x\"\r\n\"STARTTLS\"\r\nOK\r\n"}, {"STARTTLS\r\n", "NO \"Error initializing TLS\"\r\n"}},
         DialogEnd::refused,
         DialogStep::starttls},
        {"SieveBye", sieve, DialogGoal::starttls, {{"", "BYE \"too many\"\r\n"}}, DialogEnd::limited, DialogStep::greeting},
        {"LineEndsWithoutCr",
         imap,
         DialogGoal::starttls,
         {{"", "* OK hello\n"}, {"a1 CAPABILITY\r\n", "* CAPABILITY STARTTLS LOGINDISABLED\na1 OK\n"}, {"a2 STARTTLS\r\n", "a2 OK\n"}},
         DialogEnd::tls_next,
         DialogStep::starttls},
    };
    return kAll;
}

/// Plays a transcript with the server's bytes in portions of `size`.
DialogReport play(const Transcript& transcript, std::size_t size) {
    const auto dialog = make_dialog(transcript.protocol, transcript.goal, "[192.0.2.9]", 65536);
    for (const Exchange& exchange : transcript.exchanges) {
        EXPECT_EQ(dialog->take_output(), exchange.client);
        EXPECT_EQ(dialog->report().end, DialogEnd::open);
        for (std::size_t at = 0; at < exchange.server.size(); at += size) dialog->feed(std::string_view(exchange.server).substr(at, size));
    }
    EXPECT_EQ(dialog->take_output(), "");
    return dialog->report();
}

class Transcripts : public testing::TestWithParam<Transcript> {};

TEST_P(Transcripts, EndAsTheyShouldInAnyPortions) {
    const Transcript& transcript = GetParam();
    const DialogReport whole = play(transcript, 65536);
    EXPECT_EQ(whole.end, transcript.end);
    EXPECT_EQ(whole.step, transcript.step);
    EXPECT_EQ(whole.login_before_tls, transcript.login);
    EXPECT_EQ(whole.leftover, transcript.leftover);
    if (!transcript.answer.empty()) {
        EXPECT_EQ(whole.answer, transcript.answer);
    }
    EXPECT_EQ(play(transcript, 1), whole);
    EXPECT_EQ(play(transcript, 3), whole);
}

INSTANTIATE_TEST_SUITE_P(Dialog, Transcripts, testing::ValuesIn(transcripts()),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(Dialog, KeepsEveryLineOfAGreeting) {
    const auto dialog = make_dialog(MailProtocol::smtp, DialogGoal::greeting, "", 65536);
    dialog->feed("220-one\r\n220 two\r\n");
    EXPECT_EQ(dialog->report().greeting, "220-one\n220 two");
    EXPECT_EQ(dialog->report().end, DialogEnd::greeted);
}

TEST(Dialog, SeesThatAFilterMaskedTheOffer) {
    const auto dialog = make_dialog(MailProtocol::smtp, DialogGoal::starttls, "x", 65536);
    dialog->feed("220 ************************\r\n");
    dialog->feed("250-mx\r\n250 XXXXXXXA\r\n");
    EXPECT_TRUE(dialog->report().masked);
    EXPECT_EQ(dialog->report().end, DialogEnd::not_offered);
}

TEST(Dialog, SeesThatAFilterMaskedTheGreetingHoweverMuchItLeft) {
    const auto masked = [](const std::string& greeting) {
        const auto dialog = make_dialog(MailProtocol::smtp, DialogGoal::starttls, "x", 65536);
        dialog->feed(greeting + "\r\n");
        return dialog->report().masked;
    };
    EXPECT_TRUE(masked("220 ******"));
    EXPECT_TRUE(masked("220 *********0*********************** ************2******0******00"));
    EXPECT_FALSE(masked("220 mx.example.com ESMTP ****** no unsolicited mail ******"));
    EXPECT_FALSE(masked("220 2002"));
    EXPECT_FALSE(masked("220 *****"));
}

TEST(Dialog, StopsAtItsLimitAndNotBefore) {
    for (const MailProtocol protocol : {MailProtocol::imap, MailProtocol::pop3, MailProtocol::smtp, MailProtocol::sieve}) {
        const auto dialog = make_dialog(protocol, DialogGoal::starttls, "x", 1000);
        dialog->feed(std::string(999, 'x'));
        EXPECT_EQ(dialog->report().end, DialogEnd::open);
        dialog->feed("xx");
        EXPECT_EQ(dialog->report().end, DialogEnd::too_long);
        EXPECT_EQ(dialog->take_output(), "");
    }
}

TEST(Dialog, TheLimitCountsBytesAndNotPortions) {
    const auto dialog = make_dialog(MailProtocol::imap, DialogGoal::greeting, "x", 1000);
    const std::string greeting = "* OK " + std::string(993, 'g') + "\r\n";
    for (const char byte : greeting) dialog->feed({&byte, 1});
    EXPECT_EQ(dialog->report().end, DialogEnd::greeted);
}

TEST(Dialog, ManyShortLinesCountAgainstTheLimitToo) {
    const auto dialog = make_dialog(MailProtocol::smtp, DialogGoal::starttls, "x", 1000);
    for (int i = 0; i < 200; ++i) dialog->feed("220-\r\n");
    EXPECT_EQ(dialog->report().end, DialogEnd::too_long);
}

TEST(Dialog, WhatIsKeptOfAHostileServerIsBounded) {
    const auto dialog = make_dialog(MailProtocol::imap, DialogGoal::starttls, "x", 1U << 20);
    dialog->feed("* OK " + std::string(500000, 'g') + "\r\n");
    dialog->feed("* CAPABILITY STARTTLS " + std::string(500000, 'c') + "\r\na1 OK\r\n");
    dialog->feed("a2 OK " + std::string(500000, 'a') + "\r\n" + std::string(500000, 'l'));
    EXPECT_EQ(dialog->report().end, DialogEnd::tls_next);
    EXPECT_LE(dialog->report().greeting.size(), 1024U);
    EXPECT_LE(dialog->report().capabilities.size(), 4096U);
    EXPECT_LE(dialog->report().answer.size(), 512U);
    EXPECT_EQ(dialog->report().leftover.size(), 512U);
}

TEST(Dialog, ComplaintsAreToldFromInjectedText) {
    EXPECT_TRUE(is_complaint("* BYE [UNAVAILABLE] TLS initialization failed."));
    EXPECT_TRUE(is_complaint("-ERR [SYS/TEMP] TLS initialization failed."));
    EXPECT_TRUE(is_complaint("454 4.7.0 no"));
    EXPECT_FALSE(is_complaint("a3 OK injected"));
    EXPECT_FALSE(is_complaint("250 injected"));
    EXPECT_FALSE(is_complaint(""));
}

}  // namespace
}  // namespace truename::net
