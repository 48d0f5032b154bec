#include "mail/mail_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace truename::mail {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kGrounds = "source = \"LAB\"\nconfidence = \"observed\"\n";

std::string table(std::string_view head, std::string_view lines) {
    return "title = \"Reader\"\n[[" + std::string(head) + "]]\n" + std::string(lines) + "\n" + std::string(kGrounds);
}

std::string reason(std::string_view toml) {
    const auto read = read_mail_program("reader", toml);
    return read ? "it was taken" : read.error().reason;
}

TEST(MailProgram, FactsThatAreWrongAreTold) {
    EXPECT_THAT(reason("title = 1"), HasSubstr("no title"));
    EXPECT_THAT(reason("title = "), HasSubstr("line 1"));
    EXPECT_THAT(reason("title = \"Reader\"\nreads = 3"), HasSubstr("no list of tables"));
    EXPECT_THAT(reason("title = \"Reader\"\nreads = [3]"), HasSubstr("no list of tables"));
    EXPECT_THAT(reason("title = \"Reader\"\n[[reads]]\nwhat = [\"ecdh\"]\nconfidence = \"observed\""), HasSubstr("no source"));
    EXPECT_THAT(reason("title = \"Reader\"\n[[reads]]\nwhat = [\"ecdh\"]\nsource = \"LAB\"\nconfidence = \"sure\""), HasSubstr("\"sure\""));
    EXPECT_THAT(reason(table("reads", "")), HasSubstr("is missing"));
    EXPECT_THAT(reason(table("fails", "what = [\"tea\"]")), HasSubstr("\"tea\""));
    EXPECT_THAT(reason(table("fails", "what = [\"ecdh\", \"ecdh\"]")), HasSubstr("twice"));
    EXPECT_THAT(reason(table("signature", "when = \"blue\"\nshows = \"x\"")), HasSubstr("\"blue\""));
    EXPECT_THAT(reason(table("signature", "when = \"good\"")), HasSubstr("missing"));
    EXPECT_THAT(reason("title = \"Reader\"\n[import]\nform = \"rc2\"\nsteps = [\"x\"]\n" + std::string(kGrounds)), HasSubstr("[import]"));
}

TEST(MailProgram, WhatNobodyKnowsIsNotKnownAndWhatIsIsUsed) {
    const auto program = read_mail_program("reader", table("reads", "what = [\"aes-256-cbc\", \"rsa-pkcs1\"]"));
    ASSERT_TRUE(program) << program.error().reason;
    ShownPart part;
    part.is_encrypted = true;
    part.needs = {MessageTrait::aes_256_cbc};
    part.recipient_needs = {{MessageTrait::rsa_pkcs1}};
    auto foretold = foretell_reading(part, {*program}).front();
    EXPECT_EQ(foretold.reading, Reading::yes);
    EXPECT_THAT(foretold.used, ElementsAre(MessageTrait::aes_256_cbc, MessageTrait::rsa_pkcs1));
    part.recipient_needs.push_back({MessageTrait::ecdh});
    foretold = foretell_reading(part, {*program}).front();
    EXPECT_EQ(foretold.reading, Reading::some_recipients);
    EXPECT_THAT(foretold.why, HasSubstr("not known"));
    part.needs = {MessageTrait::aes_256_gcm};
    EXPECT_EQ(foretell_reading(part, {*program}).front().reading, Reading::unknown);
    part.needs = {MessageTrait::aes_256_cbc};
    part.recipient_needs.clear();
    EXPECT_EQ(foretell_reading(part, {*program}).front().reading, Reading::no);  // encrypted to nobody
}

TEST(MailProgram, EveryFileThatIsBuiltInIsRead) {
    EXPECT_GE(mail_programs().size(), 8U);
    for (const MailProgram& program : mail_programs()) EXPECT_FALSE(program.facts.empty() && program.signatures.empty()) << program.id;
}

}  // namespace
}  // namespace truename::mail
