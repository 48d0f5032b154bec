#include "request/renewal.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/text.h"
#include "servers/sni_name.h"
#include "x509/certificate.h"

namespace truename::request {

namespace {

/// Where it is by name, it is another place: both may have orders of the same first name.
constexpr std::string_view kByName = "by name";

bool is_folder(std::string_view place) {
    return place.starts_with('/');
}

/// The servers that Destination::text() named.
std::vector<std::shared_ptr<const servers::Server>> servers_at(std::string_view place) {
    std::vector<std::shared_ptr<const servers::Server>> list;
    for (const std::string_view line : split(place, '\n')) {
        const std::size_t blank = std::min(line.find(' '), line.size());
        if (auto server = servers::make_server(line.substr(0, blank), std::string(line.substr(std::min(blank + 1, line.size())))))
            list.push_back(std::move(server));
    }
    return list;
}

bool has_all(const std::vector<std::string>& names, const std::vector<std::string>& wanted) {
    return std::ranges::all_of(wanted, [&](const std::string& name) { return std::ranges::find(names, name) != names.end(); });
}

/// One instance has one name, however it was written.
servers::ServerEntry normal(const servers::ServerEntry& entry) {
    const auto server = servers::make_server(entry.id, entry.config);
    return server ? servers::ServerEntry{entry.id, server->config()} : entry;
}

bool is_in(const servers::Installation& installation, const servers::ServerEntry& server) {
    const bool is_there = installation.stage == servers::Stage::installed || installation.stage == servers::Stage::unproved;
    return is_there && std::ranges::find(installation.servers, normal(server), normal) != installation.servers.end();
}

/// What was put into a server last for a first name, which users type, at that kind of place; null: nothing that is still there.
const servers::Installation* newest_in(const servers::ServerEntry& server, const std::string& name, bool by_name,
                                       const std::vector<servers::Installation>& installations) {
    const servers::Installation* newest = nullptr;
    for (const servers::Installation& each : installations) {
        if (is_in(each, server) && each.by_name == by_name && has_all(each.names, {name})) newest = &each;
    }
    return newest;
}

/// Whether it is a certificate of that order.
bool is_of(const servers::Installation& installation, const acme::Ordered& ordered) {
    return installation.store == ordered.ordering.directory && installation.names == ordered.ordering.names &&
           installation.by_name == ordered.ordering.by_name;
}

bool has_still(const servers::Server& server, const acme::Ordered& ordered, const std::vector<servers::Installation>& installations) {
    const servers::Installation* newest =
        newest_in({std::string(server.id()), server.config()}, ordered.ordering.names.front(), ordered.ordering.by_name, installations);
    return newest != nullptr && is_of(*newest, ordered);
}

/// Those of its servers that have it still.
std::vector<std::shared_ptr<const servers::Server>> servers_that_have(const acme::Ordered& ordered,
                                                                      const std::vector<servers::Installation>& installations) {
    auto servers = servers_at(ordered.place);
    std::erase_if(servers, [&](const auto& server) { return !has_still(*server, ordered, installations); });
    return servers;
}

/// Whether each of these servers has a place of its own for the name, where it chooses by the name that a program asks for (SNI).
bool have_place_for(const std::vector<servers::Surveyed>& servers, std::string_view name) {
    return !servers.empty() && std::ranges::all_of(servers, [&](const servers::Surveyed& each) {
        return std::ranges::any_of(each.survey.places,
                                   [&](const servers::Place& place) { return servers::any_stands_for(place.names, name); });
    });
}

}  // namespace

std::string Destination::text() const {
    if (!folder.empty()) return folder;
    std::vector<std::string> lines;
    lines.reserve(servers.size());
    for (const servers::Surveyed& each : servers) lines.push_back(std::string(each.server->id()) + " " + each.server->config());
    if (by_name) lines.emplace_back(kByName);
    return join(lines, "\n");
}

Result<Destination, Failure> destination_of(const acme::Ordered& ordered, const std::vector<servers::Installation>& installations) {
    if (is_folder(ordered.place)) return Destination{ordered.place, {}};
    auto found = servers::survey_all(servers_that_have(ordered, installations));
    if (!found) return forward_error(found);
    return Destination{{}, std::move(*found), ordered.ordering.by_name};
}

std::string place_in_words(const acme::Ordered& ordered) {
    std::vector<std::string> lines;
    for (const std::string_view line : split(ordered.place, '\n')) lines.emplace_back(line);
    return printable(join(lines, ", "));
}

Result<BookEntry, Failure> BookEntry::begin(acme::OrderBook& book, const acme::Ordering& ordering, const Destination& destination,
                                            const ByteString& certificate) {
    const auto read = x509::parse_certificate(certificate);
    if (!read) return Unexpected{Failure{FailureKind::input, "remembering", "the order", "its certificate cannot be read", ""}};
    const auto all = book.all();
    if (!all) return forward_error(all);
    BookEntry entry(book, {ordering, destination.text(), read->validity.not_before.time, read->validity.not_after.time});
    for (const acme::Ordered& each : *all) {
        if (each.place == entry.ordered_.place && each.ordering.names.front() == ordering.names.front()) entry.before_ = each;
    }
    // One with the same names is due when it is due, and what has not come to its end yet does not put that off.
    entry.is_begun_ = !destination.servers.empty() && (!entry.before_ || entry.before_->ordering.names != ordering.names);
    if (!entry.is_begun_) return entry;
    if (auto kept = book.keep(entry.ordered_); !kept) return forward_error(kept);
    return entry;
}

BookEntry::BookEntry(BookEntry&& other) noexcept
    : book_(std::exchange(other.book_, nullptr)),
      ordered_(std::move(other.ordered_)),
      before_(std::move(other.before_)),
      is_begun_(other.is_begun_) {}

BookEntry::~BookEntry() {
    if (book_ == nullptr || !is_begun_) return;
    // Nothing can be told any more; what is left is an order of which nothing is in place, and renewed is only what is.
    const auto ignored = before_ ? book_->keep(*before_) : book_->forget(ordered_);
    static_cast<void>(ignored);
}

Result<void, Failure> BookEntry::keep(const acme::Ordered* renewed) {
    acme::OrderBook& book = *std::exchange(book_, nullptr);
    if (auto kept = book.keep(ordered_); !kept) return kept;
    if (renewed != nullptr && renewed->place != ordered_.place) {
        if (auto forgotten = book.forget(*renewed); !forgotten) return forgotten;
    }
    const auto all = book.all();
    if (!all) return forward_error(all);
    for (const acme::Ordered& each : *all) {
        const bool is_other = each.place == ordered_.place && each.ordering.names.front() != ordered_.ordering.names.front();
        if (!is_other || !has_all(ordered_.ordering.names, each.ordering.names)) continue;
        if (auto forgotten = book.forget(each); !forgotten) return forgotten;
    }
    return {};
}

Result<void, Failure> keep_resumed(const std::string& state, const servers::Installation& installation) {
    const auto orders = remembered_orders(state);
    if (!orders) return forward_error(orders);
    for (acme::Ordered each : *orders) {
        const auto servers = servers_at(each.place);
        const bool is_there = std::ranges::any_of(servers, [&](const std::shared_ptr<const servers::Server>& server) {
            return is_in(installation, {std::string(server->id()), server->config()});
        });
        if (!is_there || !is_of(installation, each)) continue;
        each.not_before = installation.not_before;
        each.not_after = installation.not_after;
        auto book = acme::OrderBook::open(state);
        if (!book) return forward_error(book);
        if (auto kept = book->keep(each); !kept) return kept;
    }
    return {};
}

Result<std::vector<acme::Ordered>, Failure> remembered_orders(const std::string& state) {
    std::error_code error;
    if (!std::filesystem::exists(state + "/orders.db", error)) return std::vector<acme::Ordered>();
    auto book = acme::OrderBook::open(state);
    if (!book) return forward_error(book);
    return book->all();
}

Result<void, Failure> check_folder(const std::vector<acme::Ordered>& orders, const acme::Ordering& ordering, const std::string& folder) {
    for (const acme::Ordered& each : orders) {
        const std::string& other = each.ordering.names.front();
        if (each.place != folder || other == ordering.names.front()) continue;
        return Unexpected{Failure{FailureKind::usage, "ordering into", printable(folder),
                                  "the certificate for " + printable(other) + " is renewed into it",
                                  "Name another folder, or truename certificate order --forget " + printable(other)}};
    }
    std::error_code error;
    const bool is_ours = std::ranges::find(orders, folder, &acme::Ordered::place) != orders.end();
    if (is_ours || !std::filesystem::exists(folder + "/privkey.pem", error)) return {};
    return Unexpected{Failure{FailureKind::usage, "ordering into", printable(folder),
                              "there is a key in it already, which no order has made", "Name another folder, or take privkey.pem away"}};
}

namespace {

Unexpected<Failure> refused(const acme::Ordering& ordering, std::string reason, std::string next) {
    return Unexpected{Failure{FailureKind::usage, "ordering for", printable(ordering.names.front()), std::move(reason), std::move(next)}};
}

/// A name that both have; empty where there is none.
std::string shared_name(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    const auto found = std::ranges::find_first_of(a, b);
    return found == a.end() ? std::string() : *found;
}

}  // namespace

Result<void, Failure> check_servers(const std::vector<acme::Ordered>& orders, const acme::Ordering& ordering,
                                    const Destination& destination) {
    const auto is_by_name = [&](const std::vector<std::string>& names) {
        return std::ranges::all_of(names, [&](const std::string& name) { return have_place_for(destination.servers, name); });
    };
    const std::string here = destination.text(), otherwise = Destination{{}, destination.servers, !destination.by_name}.text();
    for (const acme::Ordered& each : orders) {
        const std::vector<std::string>& others = each.ordering.names;
        const std::string forget = "end that one first: truename certificate order --forget " + printable(others.front());
        const std::string shared = each.place == otherwise ? shared_name(ordering.names, others) : std::string();
        if (!shared.empty())
            return refused(ordering,
                           printable(shared) + " is in the certificate for " + printable(others.front()) +
                               " already, which is renewed into the same servers: each would take the other's place",
                           "Leave that name out, or " + forget);
        if (each.place != here || destination.by_name || has_all(ordering.names, others)) continue;
        if (is_by_name(others) || is_by_name(ordering.names)) continue;
        std::vector<std::string> all = others;  // the first stays the one that programs look at
        for (const std::string& name : ordering.names) {
            if (std::ranges::find(all, name) == all.end()) all.push_back(name);
        }
        std::string next = "Order one certificate for all of them:";
        for (const std::string& name : all) next += " --name " + printable(name);
        return refused(ordering,
                       "the servers show everybody the same certificate, and that for " + printable(others.front()) +
                           " was ordered for them, which would be served no more",
                       next + "; or order this one with --sni, which gives it a place of its own; or " + forget);
    }
    return {};
}

std::vector<servers::Installation> still_in_place(const std::vector<servers::Installation>& installations, const std::string& store) {
    std::vector<servers::Installation> current;
    for (const servers::Installation& each : installations) {
        if (each.store != store || each.names.empty()) continue;
        servers::Installation left = each;
        std::erase_if(left.servers, [&](const servers::ServerEntry& server) {
            return newest_in(server, each.names.front(), each.by_name, installations) != &each;
        });
        if (!left.servers.empty()) current.push_back(std::move(left));
    }
    return current;
}

Renewal renewal_of(const acme::Ordered& ordered, const std::vector<servers::Installation>& installations, Time now) {
    if (!is_folder(ordered.place) && servers_that_have(ordered, installations).empty()) return Renewal::replaced;
    return ordered.due_at() > now ? Renewal::later : Renewal::due;
}

}  // namespace truename::request
