#include "request/renewal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "request/foretell.h"
#include "tests/scratch.h"

namespace truename::request {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

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
    made.servers = {{"dovecot", "/etc/dovecot"}};
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

TEST(Renewal, LooksAtItsOwnServersAlone) {
    const acme::Ordered dovecots = ordered("mail.example.com", "dovecot /etc/dovecot");
    const acme::Ordered both = ordered("mail.example.com", "dovecot /etc/dovecot\npostfix /etc/postfix");
    servers::Installation ours = installation(servers::Stage::installed, dovecots.ordering.directory), bought = ours;
    bought.store = "";
    bought.servers = {{"postfix", "/etc/postfix"}};
    const Time late = kBegin + 80 * kDay;
    EXPECT_EQ(renewal_of(dovecots, {ours, bought}, late), Renewal::due);
    ours.servers.push_back({"postfix", "/etc/postfix"});
    EXPECT_EQ(renewal_of(both, {ours, bought}, late), Renewal::due) << "Dovecot has it still";
    bought.servers.push_back({"dovecot", "/etc/dovecot"});
    EXPECT_EQ(renewal_of(both, {ours, bought}, late), Renewal::replaced);
}

TEST(StillInPlace, IsWhatNothingElseTookThePlaceOf) {
    servers::Installation issued = installation(servers::Stage::installed, "/srv/ca"), bought = issued, undone = issued;
    issued.number = 1;
    issued.servers.push_back({"postfix", "/etc/postfix"});
    bought.store = "";
    bought.names.emplace_back("imap.example.com");
    undone.stage = servers::Stage::undone;
    const auto left = still_in_place({issued, bought, undone}, "/srv/ca");
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left.front().number, 1);
    EXPECT_THAT(left.front().servers, ElementsAre(servers::ServerEntry{"postfix", "/etc/postfix"})) << "Dovecot has the bought one";
    EXPECT_EQ(still_in_place({issued, issued}, "/srv/ca").size(), 1U) << "a renewal takes the place of what it renews";
    issued.servers = {{"dovecot", "/etc/./dovecot/"}};
    bought.servers = {{"dovecot", "/etc/dovecot"}};
    EXPECT_TRUE(still_in_place({issued, bought}, "/srv/ca").empty()) << "one instance, written in two ways";
    EXPECT_TRUE(still_in_place({issued}, "/srv/other").empty());
}

/// A book in a folder of its own, and a certificate that may be put into it.
class Book : public testing::Test {
  protected:
    Book() : book_(acme::OrderBook::open(scratch_.path() + "/state").value()) {
        const auto key = crypto::PrivateKey::generate_ec(crypto::Curve::p256);
        certificate_ = sample({"mail.example.com"}, *key, kBegin).value().chain.front();
    }

    [[nodiscard]] std::vector<std::string> places() {
        std::vector<std::string> list;
        const auto all = book_.all();
        for (const acme::Ordered& each : *all) list.push_back(each.place + ": " + join(each.ordering.names, " "));
        return list;
    }
    static Destination dovecot() { return {{}, {{servers::make_server("dovecot", "/etc/dovecot"), {}}}, false}; }

    Scratch scratch_;
    acme::OrderBook book_;
    ByteString certificate_;
};

TEST_F(Book, HasWhatGoesToServersBeforeItIsThere) {
    const acme::Ordering ordering = ordered("mail.example.com", "").ordering;
    {
        const auto entry = BookEntry::begin(book_, ordering, dovecot(), certificate_);
        ASSERT_TRUE(entry);
        EXPECT_THAT(places(), ElementsAre("dovecot /etc/dovecot: mail.example.com"));
    }
    EXPECT_THAT(places(), IsEmpty()) << "it did not come there";
    {
        auto entry = BookEntry::begin(book_, ordering, dovecot(), certificate_);
        entry->leave();
    }
    EXPECT_THAT(places(), ElementsAre("dovecot /etc/dovecot: mail.example.com")) << "it may still come there";
}

TEST_F(Book, KeepsWhatWasThereWhenOtherNamesDoNotGetThere) {
    acme::Ordering ordering = ordered("mail.example.com", "").ordering;
    ASSERT_TRUE(BookEntry::begin(book_, ordering, dovecot(), certificate_)->keep(nullptr));
    ordering.names.emplace_back("imap.example.com");
    {
        const auto entry = BookEntry::begin(book_, ordering, dovecot(), certificate_);
        EXPECT_THAT(places(), ElementsAre("dovecot /etc/dovecot: mail.example.com imap.example.com"));
    }
    EXPECT_THAT(places(), ElementsAre("dovecot /etc/dovecot: mail.example.com"));
}

TEST_F(Book, RenewsWhereItIsStillAlone) {
    const acme::Ordering ordering = ordered("mail.example.com", "").ordering;
    Destination both = dovecot();
    both.servers.push_back({servers::make_server("postfix", "/etc/postfix"), {}});
    ASSERT_TRUE(BookEntry::begin(book_, ordering, both, certificate_)->keep(nullptr));
    const acme::Ordered earlier = book_.all().value().front();
    ASSERT_TRUE(BookEntry::begin(book_, earlier.ordering, dovecot(), certificate_)->keep(&earlier));
    EXPECT_THAT(places(), ElementsAre("dovecot /etc/dovecot: mail.example.com"));
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
    EXPECT_EQ(destination_of(ordered("mail.example.com", "/srv/mail"), {}).value().folder, "/srv/mail");
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
