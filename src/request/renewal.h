#pragma once

#include <memory>
#include <optional>
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

/// Where a certificate of the record went, without servers that have another one since. `installations` are those of the record of the same
/// folder. Fails as servers::survey_all().
Result<Destination, Failure> destination_of(const acme::Ordered& ordered, const std::vector<servers::Installation>& installations);

/// That place, in words that are safe to print: `/srv/mail`, `dovecot /etc/dovecot, postfix /etc/postfix`.
std::string place_in_words(const acme::Ordered& ordered);

/// An order's entry in the book while its certificate is brought to its place.
///
/// What goes to servers for the first time is in the book before they are touched, so that it is renewed, too, where the program ends on
/// the way and `certificate resume` brings it to its end. An entry that is not kept puts back what was there. Files are written first: what
/// is remembered and not there would be renewed too late, and what is there and not remembered can be ordered again.
class BookEntry {
  public:
    /// `certificate` (DER) says when it ends. Fails with `local`, with `input` when it cannot be read. Borrows the book.
    static Result<BookEntry, Failure> begin(acme::OrderBook& book, const acme::Ordering& ordering, const Destination& destination,
                                            const ByteString& certificate);
    BookEntry(BookEntry&& other) noexcept;
    BookEntry(const BookEntry&) = delete;
    BookEntry& operator=(const BookEntry&) = delete;
    BookEntry& operator=(BookEntry&&) = delete;
    ~BookEntry();

    /// It is in its place and is renewed from now on. Forgets orders for the same servers whose names are all in it, which would take its
    /// place again, and `renewed` (may be null), where that went to other servers, too.
    Result<void, Failure> keep(const acme::Ordered* renewed);
    /// It was broken off and may still come to its place: what is in the book stays.
    void leave() { book_ = nullptr; }

  private:
    BookEntry(acme::OrderBook& book, acme::Ordered ordered) : book_(&book), ordered_(std::move(ordered)) {}

    acme::OrderBook* book_;  ///< null when it is kept
    acme::Ordered ordered_;
    std::optional<acme::Ordered> before_;  ///< with the same first name at the same place
    bool is_begun_ = false;
};

/// What was ordered and has come to its place by `certificate resume` is due by its own dates from now on, and not by those of what it
/// renewed. Does nothing where it was not ordered. `state` is the folder of the records. Fails with `local`.
Result<void, Failure> keep_resumed(const std::string& state, const servers::Installation& installation);

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
    replaced,  ///< each of its servers has another certificate now
};

/// `installations` are those of the record of the same folder.
Renewal renewal_of(const acme::Ordered& ordered, const std::vector<servers::Installation>& installations, Time now);

/// Those that came from the authority in `store`, each with the servers alone where nothing else was put for its first name since.
std::vector<servers::Installation> still_in_place(const std::vector<servers::Installation>& installations, const std::string& store);

}  // namespace truename::request
