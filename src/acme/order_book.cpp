#include "acme/order_book.h"

#include "base/replace_file.h"
#include "base/text.h"
#include "sql/seconds.h"

namespace truename::acme {

namespace {

/// Steps are only added at the end: those that are here have been run on the disks of other people.
constexpr std::string_view kSteps[] = {R"(
CREATE TABLE orders (
  name TEXT NOT NULL, place TEXT NOT NULL, names TEXT NOT NULL, directory TEXT NOT NULL, proof TEXT NOT NULL, proof_value TEXT NOT NULL,
  dns_wait INTEGER NOT NULL, account_key TEXT NOT NULL, directory_roots TEXT NOT NULL, is_forced INTEGER NOT NULL,
  not_before INTEGER NOT NULL, not_after INTEGER NOT NULL,
  PRIMARY KEY (name, place)
) STRICT;
)",
                                       "ALTER TABLE orders ADD COLUMN key_file TEXT NOT NULL DEFAULT ''",
                                       "ALTER TABLE orders ADD COLUMN by_name INTEGER NOT NULL DEFAULT 0"};

constexpr std::pair<Proof::Kind, std::string_view> kProofs[] = {{Proof::Kind::http_port, "http-port"},
                                                                {Proof::Kind::webroot, "webroot"},
                                                                {Proof::Kind::dns_hook, "dns-hook"},
                                                                {Proof::Kind::dns_update, "dns-update"}};

std::string_view word_of(Proof::Kind kind) {
    return kProofs[static_cast<std::size_t>(kind)].second;
}

Proof::Kind proof_of(std::string_view word) {
    for (const auto& [kind, name] : kProofs) {
        if (name == word) return kind;
    }
    return Proof::Kind::http_port;
}

Ordered ordered_of(const sql::Row& row) {
    Ordered ordered;
    ordered.place = row.text(0);
    for (const std::string_view name : split(row.text(1), '\n')) ordered.ordering.names.emplace_back(name);
    ordered.ordering.directory = row.text(2);
    ordered.ordering.proof = {proof_of(row.text(3)), std::string(row.text(4)), std::string(row.text(11)),
                              std::chrono::seconds(row.integer(5))};
    ordered.ordering.account_key = row.text(6);
    ordered.ordering.directory_roots = row.text(7);
    ordered.ordering.is_forced = row.integer(8) != 0;
    ordered.ordering.by_name = row.integer(12) != 0;
    ordered.not_before = sql::from_seconds(row.integer(9));
    ordered.not_after = sql::from_seconds(row.integer(10));
    return ordered;
}

}  // namespace

OrderBook::OrderBook(std::string folder, sql::Database database)
    : folder_(std::move(folder)), database_(std::make_unique<sql::Database>(std::move(database))) {}

Failure OrderBook::failure(const sql::Error& error) const {
    return {FailureKind::local, "opening the record of orders in", printable(folder_), error.text, ""};
}

Result<OrderBook, Failure> OrderBook::open(const std::string& folder) {
    if (const auto own = own_folder(folder); !own)
        return Unexpected{
            Failure{FailureKind::local, "opening the folder", printable(folder), own.error(), "--state FOLDER names another place"}};
    auto database = sql::Database::open(folder + "/orders.db", sql::Access::create);
    if (!database)
        return Unexpected{Failure{FailureKind::local, "opening the record of orders in", printable(folder), database.error().text, ""}};
    OrderBook book(folder, std::move(*database));
    if (auto ready = book.database_->migrate(kSteps); !ready) return Unexpected{book.failure(ready.error())};
    return book;
}

Result<void, Failure> OrderBook::keep(const Ordered& ordered) {
    const Ordering& how = ordered.ordering;
    const std::string names = join(how.names, "\n");
    const auto done = database_->transact([&]() -> Result<void, sql::Error> {
        const auto written =
            database_->run("INSERT OR REPLACE INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                           {std::string_view(how.names.front()), std::string_view(ordered.place), std::string_view(names),
                            std::string_view(how.directory), word_of(how.proof.kind), std::string_view(how.proof.value),
                            static_cast<std::int64_t>(how.proof.dns_wait.count()), std::string_view(how.account_key),
                            std::string_view(how.directory_roots), std::int64_t{how.is_forced}, sql::to_seconds(ordered.not_before),
                            sql::to_seconds(ordered.not_after), std::string_view(how.proof.key_file), std::int64_t{how.by_name}});
        if (!written) return forward_error(written);
        return {};
    });
    if (!done) return Unexpected{failure(done.error())};
    return {};
}

Result<void, Failure> OrderBook::forget(const Ordered& ordered) {
    const auto done = database_->run("DELETE FROM orders WHERE name = ? AND place = ?",
                                     {std::string_view(ordered.ordering.names.front()), std::string_view(ordered.place)});
    if (!done) return Unexpected{failure(done.error())};
    return {};
}

Result<std::vector<Ordered>, Failure> OrderBook::all() {
    std::vector<Ordered> list;
    const auto done = database_->query(
        "SELECT place, names, directory, proof, proof_value, dns_wait, account_key, directory_roots, is_forced, not_before, not_after, "
        "key_file, by_name FROM orders ORDER BY name, place",
        {}, [&](const sql::Row& row) { list.push_back(ordered_of(row)); });
    if (!done) return Unexpected{failure(done.error())};
    return list;
}

}  // namespace truename::acme
