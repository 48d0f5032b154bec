#include "acme/messages.h"

#include <gmock/gmock.h>

namespace truename::acme {
namespace {

TEST(Messages, ADirectoryNeedsItsAddresses) {
    const auto directory = read_directory(R"({"newNonce":"https://a/n","newAccount":"https://a/c","newOrder":"https://a/o",
        "meta":{"termsOfService":"https://a/terms","externalAccountRequired":true},"keyChange":7})");
    ASSERT_TRUE(directory) << directory.error();
    EXPECT_EQ(directory->new_order, "https://a/o");
    EXPECT_EQ(directory->terms, "https://a/terms");
    EXPECT_TRUE(directory->needs_external_account);
    EXPECT_EQ(read_directory(R"({"newNonce":"https://a/n","newAccount":"https://a/c"})").error(), "its member \"newOrder\" is missing");
    EXPECT_EQ(read_directory(R"({"newNonce":"http://a/n","newAccount":"https://a/c","newOrder":"https://a/o"})").error(),
              "its member \"newNonce\" is no https address");
    for (const char* text : {"", "[]", "\"x\"", "{", "null", "\xff"})
        EXPECT_EQ(read_directory(text).error(), "it is no JSON object") << text;
}

TEST(Messages, ATokenThatWouldLeaveItsFolderIsRefused) {
    const auto with_token = [](const std::string& token) {
        return read_authorization(R"({"status":"pending","identifier":{"type":"dns","value":"mail.example.com"},)"
                                  R"("challenges":[{"type":"http-01","url":"https://a/1","token":")" +
                                  token + R"("},{"type":"dns-account-01","url":"https://a/2"}]})");
    };
    const auto good = with_token("DGyRejmCefe7v4NfDGDKfA");
    ASSERT_TRUE(good) << good.error();
    EXPECT_EQ(good->name, "mail.example.com");
    EXPECT_EQ(good->challenges.size(), 2U);
    for (const char* token : {"../../etc/passwd", "", "a b", "a/b", "a%2f"}) EXPECT_FALSE(with_token(token)) << token;
}

TEST(Messages, AnOrderTellsWhereItsCertificateIs) {
    const auto order =
        read_order(R"({"status":"valid","authorizations":["https://a/1"],"finalize":"https://a/f","certificate":"https://a/c"})");
    ASSERT_TRUE(order) << order.error();
    EXPECT_EQ(order->certificate, "https://a/c");
    EXPECT_FALSE(read_order(R"({"status":"valid","authorizations":["http://a/1"],"finalize":"https://a/f"})"));
    EXPECT_FALSE(read_order(R"({"status":"valid","finalize":"https://a/f"})"));
    const auto invalid = read_order(R"({"status":"invalid","authorizations":[],"finalize":"https://a/f","error":{"detail":"no"}})");
    ASSERT_TRUE(invalid);
    EXPECT_EQ(invalid->error->in_words(), "no");
}

TEST(Messages, AProblemIsToldWithEachOfItsNames) {
    const Problem problem = read_problem(R"({"type":"urn:ietf:params:acme:error:compound","detail":"two\u001b[0m names",
        "subproblems":[{"detail":"no such host","identifier":{"value":"a.example.com"}},{"detail":"CAA"}]})");
    EXPECT_TRUE(problem.is("compound"));
    EXPECT_FALSE(problem.is("compoun"));
    EXPECT_EQ(problem.in_words(), "two\\x1b[0m names; a.example.com: no such host; CAA");
    EXPECT_EQ(read_problem("<html>Bad gateway</html>").in_words(), "<html>Bad gateway</html>");
    EXPECT_EQ(read_problem("{}").in_words(), "it gave no reason");
}

}  // namespace
}  // namespace truename::acme
