#include "request/foretell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/private_key.h"

namespace truename::request {
namespace {

using testing::HasSubstr;

const Time kNow = parse_time("2026-11-29").value();

doctor::Settings outlook_2007() {
    doctor::Options options;
    options.clients = {"outlook-2007"};
    return doctor::prepare(std::move(options)).value();
}

crypto::PrivateKey key() {
    return crypto::PrivateKey::generate_ec(crypto::Curve::p256).value();
}

acme::PublicAuthority authority(acme::NameOrder order) {
    acme::PublicAuthority made;
    made.title = "Example CA";
    made.names = order;
    return made;
}

TEST(Foretell, OutlookTakesItsNameAsTheFirstAndNotAsTheSecond) {
    EXPECT_EQ(foretell({"mail.example.com", "a.example.com"}, "mail.example.com", {}, key(), outlook_2007(), kNow).value().exit, 0);
    EXPECT_EQ(foretell({"a.example.com", "mail.example.com"}, "mail.example.com", {}, key(), outlook_2007(), kNow).value().exit, 1);
}

TEST(ForetellOrder, WhatAnAuthorityDoesWithTheOrderDecides) {
    const std::vector<std::string> names = {"mail.example.com", "a.example.com"};
    EXPECT_TRUE(foretell_order(authority(acme::NameOrder::kept), names, key(), outlook_2007(), kNow).value().empty());
    const auto sorted = foretell_order(authority(acme::NameOrder::sorted), names, key(), outlook_2007(), kNow).value();
    ASSERT_EQ(sorted.size(), 1U);
    EXPECT_TRUE(sorted[0].is_expected);
    EXPECT_EQ(sorted[0].report.exit, 1);
    EXPECT_THAT(sorted[0].advice, HasSubstr("Example CA puts names in alphabetical order, so that a.example.com would be the first"));
    const auto unknown = foretell_order(authority(acme::NameOrder::unknown), names, key(), outlook_2007(), kNow).value();
    ASSERT_EQ(unknown.size(), 1U);
    EXPECT_FALSE(unknown[0].is_expected);
    EXPECT_THAT(unknown[0].advice, HasSubstr("may put names"));
}

}  // namespace
}  // namespace truename::request
