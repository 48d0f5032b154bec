#include "keys/key_store.h"

#include <unistd.h>

#include "base/replace_file.h"
#include "base/text.h"
#include "sql/seconds.h"
#include "x509/mailbox.h"

namespace truename::keys {

namespace {

/// Steps are only added at the end: those that are here have been run on the disks of other people.
constexpr std::string_view kSteps[] = {R"(
CREATE TABLE keys (
  fingerprint BLOB PRIMARY KEY, certificate BLOB NOT NULL, added INTEGER NOT NULL, origin TEXT NOT NULL, confirmed INTEGER
) STRICT;
CREATE TABLE addresses (
  address TEXT NOT NULL, fingerprint BLOB NOT NULL REFERENCES keys ON DELETE CASCADE, PRIMARY KEY (address, fingerprint)
) STRICT, WITHOUT ROWID;
CREATE TABLE authorities (
  fingerprint BLOB PRIMARY KEY, certificate BLOB NOT NULL, added INTEGER NOT NULL, origin TEXT NOT NULL, is_trusted INTEGER NOT NULL
) STRICT;
)",
                                       "ALTER TABLE keys ADD COLUMN was_vouched INTEGER NOT NULL DEFAULT 1"};

constexpr std::string_view kKeyColumns = "SELECT certificate, added, origin, confirmed, was_vouched FROM keys ";

using sql::from_seconds;
using sql::to_seconds;

KeyRow key_of(const sql::Row& row) {
    KeyRow key{to_owned(row.blob(0)), from_seconds(row.integer(1)), std::string(row.text(2)), std::nullopt, row.integer(4) != 0};
    if (!row.is_null(3)) key.confirmed = from_seconds(row.integer(3));
    return key;
}

}  // namespace

std::optional<std::string> address_key(std::string_view address) {
    const auto mailbox = x509::parse_mailbox(address);
    if (!mailbox) return std::nullopt;
    return mailbox->local_part + "@" + mailbox->host;
}

KeyStore::KeyStore(std::string folder, sql::Database database)
    : folder_(std::move(folder)), database_(std::make_unique<sql::Database>(std::move(database))) {}

Failure KeyStore::failure(const sql::Error& error) const {
    return {FailureKind::local, "opening the keys in", printable(folder_), error.text, ""};
}

Result<KeyStore, Failure> KeyStore::open(const std::string& folder, sql::Access access) {
    const auto failed = [&](std::string reason) {
        return Unexpected{
            Failure{FailureKind::local, "opening the keys in", printable(folder), std::move(reason), "--store FOLDER names another place"}};
    };
    const std::string file = folder + "/keys.db";
    const bool is_read_only = access == sql::Access::read && sql::is_read_only(file);
    if (access != sql::Access::create && ::access(file.c_str(), F_OK) != 0) return failed("there are none");
    if (!is_read_only) {
        if (const auto own = own_folder(folder); !own) return failed(own.error());
    }
    // What only reads writes, too, where it can: to bring an older database to its present form.
    auto database = sql::Database::open(file, is_read_only ? sql::Access::read : sql::Access::create);
    if (!database) return failed(database.error().text);
    KeyStore store(folder, std::move(*database));
    if (is_read_only) return store;
    if (auto ready = store.database_->migrate(kSteps); !ready) return Unexpected{store.failure(ready.error())};
    return store;
}

Result<void, Failure> KeyStore::put(const KeyRow& row, const std::vector<std::string>& addresses) {
    const crypto::Sha256 fingerprint = crypto::sha256(row.certificate);
    const auto done = database_->transact([&]() -> Result<void, sql::Error> {
        // Somebody else may add the same key just now: what was confirmed stays so.
        const auto written = database_->run(
            "INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (fingerprint) DO UPDATE SET confirmed = ifnull(excluded.confirmed, "
            "confirmed)",
            {Bytes(fingerprint), Bytes(row.certificate), to_seconds(row.added), std::string_view(row.origin),
             row.confirmed ? sql::Parameter(to_seconds(*row.confirmed)) : sql::Parameter(), std::int64_t{row.was_vouched}});
        if (!written) return forward_error(written);
        for (const std::string& address : addresses) {
            const auto named =
                database_->run("INSERT OR IGNORE INTO addresses VALUES (?, ?)", {std::string_view(address), Bytes(fingerprint)});
            if (!named) return forward_error(named);
        }
        return {};
    });
    if (!done) return Unexpected{failure(done.error())};
    return {};
}

Result<void, Failure> KeyStore::put(const AuthorityRow& row) {
    const crypto::Sha256 fingerprint = crypto::sha256(row.certificate);
    const auto done = database_->run(
        "INSERT INTO authorities VALUES (?, ?, ?, ?, ?) ON CONFLICT (fingerprint) DO UPDATE SET added = excluded.added, "
        "origin = excluded.origin, is_trusted = 1 WHERE excluded.is_trusted AND NOT authorities.is_trusted",
        {Bytes(fingerprint), Bytes(row.certificate), to_seconds(row.added), std::string_view(row.origin), std::int64_t{row.is_trusted}});
    if (!done) return Unexpected{failure(done.error())};
    return {};
}

Result<void, Failure> KeyStore::forget(const crypto::Sha256& fingerprint) {
    const auto done = database_->run("DELETE FROM keys WHERE fingerprint = ?", {Bytes(fingerprint)});
    if (!done) return Unexpected{failure(done.error())};
    return {};
}

Result<void, Failure> KeyStore::forget_authority(const crypto::Sha256& fingerprint) {
    const auto done = database_->run("DELETE FROM authorities WHERE fingerprint = ?", {Bytes(fingerprint)});
    if (!done) return Unexpected{failure(done.error())};
    return {};
}

Result<std::vector<KeyRow>, Failure> KeyStore::read_keys(std::string_view condition, std::initializer_list<sql::Parameter> parameters) {
    std::vector<KeyRow> rows;
    const auto done = database_->query(std::string(kKeyColumns) + std::string(condition), parameters,
                                       [&](const sql::Row& row) { rows.push_back(key_of(row)); });
    if (!done) return Unexpected{failure(done.error())};
    return rows;
}

Result<std::vector<KeyRow>, Failure> KeyStore::keys_of(std::string_view address) {
    return read_keys("WHERE fingerprint IN (SELECT fingerprint FROM addresses WHERE address = ?) ORDER BY added, rowid", {address});
}

Result<std::vector<KeyRow>, Failure> KeyStore::all_keys() {
    return read_keys("ORDER BY added, rowid", {});
}

Result<std::vector<AuthorityRow>, Failure> KeyStore::authorities() {
    std::vector<AuthorityRow> rows;
    const auto done = database_->query(
        "SELECT certificate, added, origin, is_trusted FROM authorities ORDER BY added, rowid", {}, [&](const sql::Row& row) {
            rows.push_back({to_owned(row.blob(0)), from_seconds(row.integer(1)), std::string(row.text(2)), row.integer(3) != 0});
        });
    if (!done) return Unexpected{failure(done.error())};
    return rows;
}

}  // namespace truename::keys
