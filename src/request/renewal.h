#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "acme/order_book.h"
#include "base/result.h"
#include "base/time.h"
#include "servers/installer.h"
#include "servers/journal.h"
#include "servers/server.h"

namespace truename::request {

/// Where a certificate goes: to a folder, or to servers.
struct Destination {
    std::string folder = {};  ///< absolute; empty: to the servers
    std::vector<servers::Surveyed> servers = {};
    bool by_name = false;  ///< to places of its names in them (SNI)

    /// As the record of orders has it: the folder, or a line for each server, and one that says so where it is by name.
    [[nodiscard]] std::string text() const;
};

/// Where a certificate of the record went. Fails as servers::survey_all().
Result<Destination, Failure> destination_of(const acme::Ordered& ordered);

/// That place, in words that are safe to print: `/srv/mail`, `dovecot /etc/dovecot, postfix /etc/postfix`.
std::string place_in_words(const acme::Ordered& ordered);

/// So that it is renewed: remembers what was ordered and when it ends, by the certificate itself (DER), and forgets orders for the same
/// servers whose names are all in it, which would take its place again.
Result<void, Failure> remember(acme::OrderBook& book, const acme::Ordering& ordering, const Destination& destination,
                               const ByteString& certificate);

/// Every order that is remembered in the folder; none where nothing was ordered. Makes nothing there.
Result<std::vector<acme::Ordered>, Failure> remembered_orders(const std::string& state);

/// Fails with `usage` where another order is renewed into that folder, so that the two would take turns, or a key is in it that no order
/// has made.
Result<void, Failure> check_folder(const std::vector<acme::Ordered>& orders, const acme::Ordering& ordering, const std::string& folder);

/// The same for servers: where one shows everybody the same certificate, a second order would take the place of the first, whose name would
/// be served no more. Not when the new certificate has all names of the other, or the server has places by name for one of the two. Fails,
/// too, where an order by name and another one share a name: each would be renewed into the other's place.
Result<void, Failure> check_servers(const std::vector<acme::Ordered>& orders, const acme::Ordering& ordering,
                                    const Destination& destination);

/// What is to be done with something that was ordered.
enum class Renewal : std::uint8_t {
    due,
    later,     ///< less than two thirds of its time are over
    replaced,  ///< its servers have another certificate now
};

/// `installations` are those of the record of the same folder.
Renewal renewal_of(const acme::Ordered& ordered, const std::vector<servers::Installation>& installations, Time now);

}  // namespace truename::request
