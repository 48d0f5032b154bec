#include "request/renewal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace truename::request {
namespace {

using testing::HasSubstr;

const Time kBegin = parse_time("2026-11-01").value();
constexpr std::chrono::hours kDay{24};

acme::Ordered ordered(std::string name, std::string place) {
    acme::Ordered made;
    made.ordering.directory = "https://ca.example/dir";
    made.ordering.names = {std::move(name)};
    made.place = std::move(place);
    made.not_before = kBegin;
    made.not_after = kBegin + 90 * kDay;
    return made;
}

servers::Installation installation(servers::Stage stage, std::string store) {
    servers::Installation made;
    made.stage = stage;
    made.names = {"mail.example.com"};
    made.store = std::move(store);
    return made;
}

TEST(Renewal, IsDueWhenTwoThirdsOfTheTimeAreOver) {
    const acme::Ordered order = ordered("mail.example.com", "/srv/mail");
    EXPECT_EQ(renewal_of(order, {}, kBegin + 60 * kDay - std::chrono::seconds(1)), Renewal::later);
    EXPECT_EQ(renewal_of(order, {}, kBegin + 60 * kDay), Renewal::due);
}

TEST(Renewal, OfServersEndsWhenTheyHaveAnotherCertificate) {
    const acme::Ordered order = ordered("mail.example.com", "dovecot /etc/dovecot");
    const Time late = kBegin + 80 * kDay;
    EXPECT_EQ(renewal_of(order, {}, late), Renewal::replaced);
    EXPECT_EQ(renewal_of(order, {installation(servers::Stage::installed, order.ordering.directory)}, late), Renewal::due);
    EXPECT_EQ(renewal_of(order,
                         {installation(servers::Stage::installed, order.ordering.directory),
                          installation(servers::Stage::installed, "/var/lib/truename/ca")},
                         late),
              Renewal::replaced);
    EXPECT_EQ(renewal_of(order,
                         {installation(servers::Stage::unproved, order.ordering.directory),
                          installation(servers::Stage::rolled_back, "/var/lib/truename/ca")},
                         late),
              Renewal::due);
}

TEST(Renewal, OfServersEndsWhenACertificateWithOtherNamesHasTakenTheFirst) {
    acme::Ordered order = ordered("mail.example.com", "dovecot /etc/dovecot");
    order.ordering.names.emplace_back("imap.example.com");
    servers::Installation ours = installation(servers::Stage::installed, order.ordering.directory), alone = ours, beside = ours;
    ours.names = order.ordering.names;
    alone.store = "";
    beside.names = {"imap.example.com"};  // into a place of its own
    EXPECT_EQ(renewal_of(order, {ours, alone}, kBegin + 80 * kDay), Renewal::replaced);
    EXPECT_EQ(renewal_of(order, {ours, beside}, kBegin + 80 * kDay), Renewal::due);
}

TEST(CheckFolder, TwoOrdersDoNotTakeTurnsInOne) {
    const std::vector<acme::Ordered> orders = {ordered("mail.example.com", "/srv/mail")};
    EXPECT_TRUE(check_folder(orders, ordered("mail.example.com", "").ordering, "/srv/mail"));
    EXPECT_TRUE(check_folder(orders, ordered("other.example.com", "").ordering, "/srv/other"));
    const auto refused = check_folder(orders, ordered("other.example.com", "").ordering, "/srv/mail");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().reason, HasSubstr("mail.example.com"));
}

TEST(Destination, IsReadAsItWasWritten) {
    EXPECT_EQ(Destination({"/srv/mail", {}}).text(), "/srv/mail");
    EXPECT_EQ(destination_of(ordered("mail.example.com", "/srv/mail")).value().folder, "/srv/mail");
    EXPECT_EQ(place_in_words(ordered("mail.example.com", "dovecot /etc/dovecot\npostfix /etc/postfix")),
              "dovecot /etc/dovecot, postfix /etc/postfix");
}

TEST(RememberedOrders, LookingMakesNothing) {
    const auto orders = remembered_orders("/nonexistent/state");
    ASSERT_TRUE(orders);
    EXPECT_TRUE(orders->empty());
}

Destination at_dovecot(bool by_name) {
    return {{}, {{servers::make_server("dovecot", "/etc/dovecot"), {}}}, by_name};
}

TEST(CheckServers, ACertificateByNameTakesNobodysPlace) {
    acme::Ordered first = ordered("mail.example.com", at_dovecot(false).text());
    const acme::Ordering other = ordered("imap.example.com", "").ordering;
    EXPECT_TRUE(check_servers({first}, other, at_dovecot(true)));
    const auto refused = check_servers({first}, other, at_dovecot(false));
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().next, HasSubstr("--name mail.example.com --name imap.example.com"));
    EXPECT_THAT(refused.error().next, HasSubstr("--sni"));
    const acme::Ordered by_name = ordered("imap.example.com", at_dovecot(true).text());
    EXPECT_TRUE(check_servers({by_name}, first.ordering, at_dovecot(false)));
}

TEST(CheckServers, ANameIsRenewedIntoOnePlaceAlone) {
    acme::Ordered both = ordered("mail.example.com", at_dovecot(false).text());
    both.ordering.names.emplace_back("imap.example.com");
    const auto refused = check_servers({both}, ordered("imap.example.com", "").ordering, at_dovecot(true));
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().reason, HasSubstr("imap.example.com is in the certificate for mail.example.com already"));
    EXPECT_THAT(refused.error().next, HasSubstr("--forget mail.example.com"));
}

TEST(Renewal, OfACertificateByNameDoesNotLookAtThatForEverybody) {
    acme::Ordered by_name = ordered("mail.example.com", at_dovecot(true).text());
    by_name.ordering.by_name = true;
    servers::Installation ours = installation(servers::Stage::installed, by_name.ordering.directory), everybodys = ours;
    ours.by_name = true;
    everybodys.store = "";
    EXPECT_EQ(renewal_of(by_name, {ours, everybodys}, kBegin + 80 * kDay), Renewal::due);
}

}  // namespace
}  // namespace truename::request
