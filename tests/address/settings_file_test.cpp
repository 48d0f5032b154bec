#include "address/settings_file.h"

#include <gmock/gmock.h>

#include "address/client_files.h"

namespace truename::address {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> words(const std::vector<Told>& told) {
    std::vector<std::string> all;
    for (const Told& each : told)
        all.push_back(std::string(probe::info(each.port.protocol).name) + " " + each.host + " " + std::to_string(each.port.number));
    return all;
}

std::vector<std::string> autoconfig(std::string_view text) {
    return words(read_autoconfig(text, "quantum.com", "https://autoconfig.quantum.com/"));
}

std::vector<std::string> autodiscover(std::string_view text) {
    return words(read_autodiscover(text, "quantum.com", "https://autodiscover.quantum.com/"));
}

TEST(ReadAutoconfig, NamesEachServerWithItsPort) {
    EXPECT_THAT(
        autoconfig(
            "<?xml version=\"1.0\"?><clientConfig><emailProvider>"
            "<incomingServer "
            "type=\"imap\"><hostname>mail.%EMAILDOMAIN%</hostname><port>993</port><socketType>SSL</socketType></incomingServer>"
            "<incomingServer type='POP3'>\n <hostname> Mail.Quantum.com </hostname><socketType>STARTTLS</socketType></incomingServer>"
            "<outgoingServer type=\"smtp\"><hostname>out.quantum.com</hostname><port>2587</port></outgoingServer>"),
        ElementsAre("imaps mail.quantum.com 993", "pop3 mail.quantum.com 110", "submission out.quantum.com 2587"));
}

TEST(ReadAutoconfig, WhatIsNoServerIsNothing) {
    for (const char* const text : {"", "<", "<<<>>>", "<html><hostname>a.example</hostname></html>",
                                   "<incomingServer type=\"imap\"><hostname>a b</hostname></incomingServer>",
                                   "<incomingServer type=\"imap\"><hostname>a.example</hostname><port>0</port></incomingServer>",
                                   "<incomingServer type=\"imap\"><hostname>a.example</hostname><port>99999</port></incomingServer>",
                                   "<incomingServer type=\"exchange\"><hostname>a.example</hostname></incomingServer>",
                                   "<incomingServer type=\"imap\"><hostname>a.example</hostname>",
                                   "<!-- <incomingServer type=\"imap\"><hostname>a.example</hostname></incomingServer> -->"})
        EXPECT_THAT(autoconfig(text), IsEmpty()) << text;
}

TEST(ReadAutodiscover, NamesEachServerWithItsPort) {
    EXPECT_THAT(
        autodiscover("<Autodiscover><Response><Account>"
                     "<x:Protocol><x:Type>IMAP</x:Type><Server>mail.quantum.com</Server><Port>1993</Port><SSL>on</SSL></x:Protocol>"
                     "<Protocol><Type>POP3</Type><Server>mail.quantum.com</Server><SSL>off</SSL></Protocol>"
                     "<Protocol><Type>SMTP</Type><Server>mail.quantum.com</Server><Port>587</Port><Encryption>TLS</Encryption></Protocol>"
                     "<Protocol><Type>EXCH</Type><Server>mail.quantum.com</Server></Protocol>"),
        ElementsAre("imaps mail.quantum.com 1993", "pop3 mail.quantum.com 110", "submission mail.quantum.com 587"));
}

TEST(ReadSettings, TakeNoMoreThanFiftyServers) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "<incomingServer type=\"imap\"><hostname>a.example</hostname></incomingServer>";
    EXPECT_EQ(autoconfig(text).size(), 50U);
}

/// What programs are told by our own files is what the survey saw.
TEST(ClientFiles, ReadBackAsWhatTheyWereMadeFrom) {
    Survey survey;
    survey.question.address = {"quantum.com", "remote.quantum.com"};
    for (const probe::Port port : {probe::Port{probe::Protocol::imaps, 10993}, probe::Port{probe::Protocol::pop3s, 995},
                                   probe::Port{probe::Protocol::submission, 587}}) {
        Meeting meeting;
        meeting.port = port;
        meeting.host = "remote.quantum.com";
        meeting.state = doctor::EndpointState::judged;
        survey.meetings.push_back(meeting);
    }
    const auto files = client_files(survey);
    ASSERT_EQ(files.size(), 4U);
    const auto expected =
        ElementsAre("imaps remote.quantum.com 10993", "pop3s remote.quantum.com 995", "submission remote.quantum.com 587");
    EXPECT_THAT(autoconfig(files[0].text), expected);
    EXPECT_THAT(autodiscover(files[2].text), expected);
}

}  // namespace
}  // namespace truename::address
