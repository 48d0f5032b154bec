#include "acme/issuance.h"

#include <gmock/gmock.h>

#include <map>

#include "base/text.h"

namespace truename::acme {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

/// An authority that answers each address always the same, and what an order leaves behind there.
class Order : public testing::Test, public Solver {
  protected:
    Order() {
        answers_["https://a/dir"] = {200, R"({"newNonce":"https://a/n","newAccount":"https://a/c","newOrder":"https://a/o"})"};
        answers_["https://a/o"] = {201, R"({"status":"pending","authorizations":["https://a/1"],"finalize":"https://a/f"})"};
        authorize("mail.example.com", "pending");
    }
    void authorize(const std::string& name, const std::string& status) {
        answers_["https://a/1"] = {200, R"({"status":")" + status + R"(","identifier":{"type":"dns","value":")" + name +
                                            R"("},"challenges":[{"type":"dns-01","url":"https://a/2","token":"t"}]})"};
    }
    Result<std::string, Failure> order() {
        const auto transport = [this](const net::HttpsRequest& request) -> Result<net::HttpsResponse, Failure> {
            const auto found = answers_.find(request.url);
            net::HttpsResponse response{200, {{"replay-nonce", "n"}, {"location", "https://a/order"}}, "{}"};
            if (found != answers_.end()) std::tie(response.status, response.body) = found->second;
            if (!retry_after_.empty()) response.headers.emplace_back("retry-after", retry_after_);
            return response;
        };
        const auto wait = [this](std::chrono::seconds time) {
            waits_.push_back(time);
            return true;
        };
        auto client = Client::open("https://a/dir", AccountKey::generate().value(), {}, transport, wait);
        if (!client) return forward_error(client);
        return obtain(*client, {"mail.example.com", "*.example.com"}, as_bytes("request"), *this, {[](const auto&) {}, [](const auto&) {}});
    }
    [[nodiscard]] std::chrono::seconds waited() const {
        std::chrono::seconds sum{0};
        for (const std::chrono::seconds each : waits_) sum += each;
        return sum;
    }

    [[nodiscard]] std::string_view type() const override { return "dns-01"; }
    Result<void, Failure> show(const Answer& answer) override {
        shown_.push_back(answer.name);
        return {};
    }
    Result<void, Failure> take_away(const Answer& answer) override {
        taken_away_.push_back(answer.name);
        return {};
    }

    std::map<std::string, std::pair<int, std::string>> answers_;
    std::string retry_after_;
    std::vector<std::chrono::seconds> waits_;
    std::vector<std::string> shown_, taken_away_;
};

TEST_F(Order, ShowsNothingUnderANameThatWasNotOrdered) {
    for (const std::string name : {"other.example.com", "example.com", "mail.example.com\\nupdate delete example.com. MX", ""}) {
        authorize(name, "pending");
        const auto made = order();
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().kind, FailureKind::protocol) << name;
    }
    EXPECT_THAT(shown_, IsEmpty());
    EXPECT_THAT(order().error().reason, HasSubstr("the answer cannot be used"));
}

TEST_F(Order, TakesItsNameInCapitals) {
    authorize("Mail.Example.COM", "pending");
    EXPECT_FALSE(order());
    EXPECT_THAT(shown_, SizeIs(1));
    EXPECT_EQ(taken_away_, shown_);
}

TEST_F(Order, IsWaitedForLongerAndLongerButNotForEver) {
    const auto made = order();
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().kind, FailureKind::timeout);
    using std::chrono::seconds;
    ASSERT_GE(waits_.size(), 8U);
    waits_.resize(8);
    EXPECT_THAT(waits_, ElementsAre(seconds(1), seconds(2), seconds(4), seconds(8), seconds(16), seconds(32), seconds(60), seconds(60)));
    EXPECT_THAT(taken_away_, ElementsAre("mail.example.com"));
}

TEST_F(Order, IsNotKeptBySomebodyWhoIsAlwaysBusy) {
    answers_["https://a/1"] = {503, "later"};
    retry_after_ = "3600";
    EXPECT_FALSE(order());
    EXPECT_THAT(waits_, Each(Le(std::chrono::seconds(60))));
    EXPECT_LE(waited(), std::chrono::minutes(31));
}

TEST_F(Order, WaitsWhereADateIsNamed) {
    retry_after_ = "Sun, 29 Nov 2026 18:00:00 GMT";
    EXPECT_FALSE(order());
    EXPECT_THAT(waits_, Each(std::chrono::seconds(60)));
}

}  // namespace
}  // namespace truename::acme
