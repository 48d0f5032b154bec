#include "authority/store.h"

#include <cstring>
#include <filesystem>
#include <utility>

#include "authority/audit.h"
#include "authority/compromised.h"
#include "base/file_lock.h"
#include "base/replace_file.h"
#include "base/text.h"
#include "x509/print.h"

namespace truename::authority {

namespace {

constexpr std::string_view kFile = "authority.db";

/// Steps are only added at the end: those that are here have been run on the disks of other people.
constexpr std::string_view kSteps[] = {R"(
CREATE TABLE audit (
  number INTEGER PRIMARY KEY, at INTEGER NOT NULL, event TEXT NOT NULL, subject BLOB NOT NULL, digest BLOB NOT NULL, hash BLOB NOT NULL
) STRICT;
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL, audit INTEGER NOT NULL REFERENCES audit) STRICT;
CREATE TABLE issuers (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, certificate BLOB NOT NULL, audit INTEGER NOT NULL UNIQUE REFERENCES audit
) STRICT;
CREATE TABLE certificates (
  serial BLOB NOT NULL UNIQUE, issuer INTEGER NOT NULL REFERENCES issuers, profile TEXT NOT NULL, names TEXT NOT NULL,
  not_before INTEGER NOT NULL, not_after INTEGER NOT NULL, shard INTEGER NOT NULL, tbs BLOB NOT NULL, signature BLOB,
  audit INTEGER NOT NULL REFERENCES audit, signed_audit INTEGER REFERENCES audit
) STRICT;
CREATE TABLE revocations (
  issuer INTEGER NOT NULL REFERENCES issuers, shard INTEGER NOT NULL, serial BLOB NOT NULL REFERENCES certificates (serial),
  not_after INTEGER NOT NULL, at INTEGER NOT NULL, reason INTEGER NOT NULL, audit INTEGER NOT NULL REFERENCES audit,
  PRIMARY KEY (issuer, shard, serial)
) STRICT, WITHOUT ROWID;
CREATE TABLE lists (
  issuer INTEGER NOT NULL REFERENCES issuers, shard INTEGER NOT NULL, number INTEGER NOT NULL, this_update INTEGER NOT NULL,
  next_update INTEGER NOT NULL, entries INTEGER NOT NULL, fingerprint BLOB NOT NULL, audit INTEGER NOT NULL REFERENCES audit,
  PRIMARY KEY (issuer, shard, number)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the log is only appended to'); END;
CREATE TRIGGER audit_keeps BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the log is only appended to'); END;
)",
                                       R"(
CREATE TABLE compromised (serial BLOB PRIMARY KEY REFERENCES certificates (serial), key BLOB) STRICT, WITHOUT ROWID;
CREATE INDEX compromised_keys ON compromised (key);
INSERT INTO compromised (serial) SELECT serial FROM revocations WHERE reason = 1;
)"};

Failure file_failure(std::string_view doing, const std::string& path, int error) {
    return {FailureKind::local, std::string(doing), printable(path), std::strerror(error), ""};
}

CertificateRow certificate_of(const sql::Row& row) {
    return {to_owned(row.blob(0)), row.integer(1), std::string(row.text(2)), std::string(row.text(3)), row.integer(4),
            row.integer(5),        row.integer(6), to_owned(row.blob(7)),    to_owned(row.blob(8))};
}

RevocationRow revocation_of(const CertificateRow& row, std::int64_t at, std::int64_t reason) {
    return {row.issuer, row.shard, row.not_after, row.serial, at, reason};
}

Result<std::int64_t, sql::Error> newest_issuer(sql::Database& database) {
    std::int64_t id = 0;
    const auto read = database.query("SELECT ifnull(max(id), 0) FROM issuers", {}, [&](const sql::Row& row) { id = row.integer(0); });
    if (!read) return forward_error(read);
    return id;
}

/// Adds an entry to the log, and then a row that names it.
template <class Insert>
Result<void, sql::Error> with_audit(sql::Database& database, Time at, const AuditEntry& entry, Insert&& insert) {
    const auto number = append_audit(database, at, entry);
    if (!number) return forward_error(number);
    const Result<std::int64_t, sql::Error> inserted = insert(*number);
    if (!inserted) return forward_error(inserted);
    if (*inserted != 1) return Unexpected{sql::Error{sql::ErrorKind::other, "the row was not written"}};
    return {};
}

}  // namespace

Store::Store(std::string folder, sql::Database database)
    : folder_(std::move(folder)),
      database_(std::make_unique<sql::Database>(std::move(database))),
      commits_(std::make_unique<sql::GroupCommit>(*database_)) {}

Result<Store, Failure> Store::create(const std::string& folder) {
    constexpr std::string_view kDoing = "making the authority in";
    auto database = sql::Database::open(folder + "/" + std::string(kFile), sql::Access::create);
    if (!database) return Unexpected{Failure{FailureKind::local, std::string(kDoing), printable(folder), database.error().text, ""}};
    Store store(folder, std::move(*database));
    if (auto made = store.database_->migrate(kSteps); !made) return Unexpected{store.failure(kDoing, made.error())};
    return store;
}

Result<Descriptor, Failure> Store::lock() const {
    auto lock = lock_file(path("lock"), WhenTaken::wait);
    if (!lock) return Unexpected{file_failure("waiting for other programs in", folder_, lock.error())};
    return std::move(*lock);
}

std::string expected_schema() {
    auto database = sql::Database::open(":memory:", sql::Access::write);
    if (!database || !database->migrate(kSteps)) return {};
    return schema_of(*database).value_or("");
}

Result<std::string, sql::Error> schema_of(sql::Database& database) {
    std::string text;
    const auto read =
        database.query("SELECT type, name, ifnull(sql, '') FROM sqlite_schema ORDER BY type, name", {}, [&](const sql::Row& row) {
            for (int column = 0; column < 3; ++column) text += std::string(row.text(column)) + (column == 2 ? "\n" : " ");
        });
    if (!read) return forward_error(read);
    return text;
}

void Store::remove_leftovers() const {
    const auto lock = lock_file(path("lock"), WhenTaken::fail);
    if (!lock) return;  // somebody is writing
    std::error_code error;
    for (std::filesystem::directory_iterator it(folder_, error), end; !error && it != end; it.increment(error)) {
        const std::string name = it->path().filename().string();
        const std::string_view file = leftover_of(name);
        std::error_code ignored;
        if (file.ends_with(".crl") || file.ends_with(".pem") || file.ends_with(".uri")) std::filesystem::remove(it->path(), ignored);
    }
}

Result<Store, Failure> Store::open(const std::string& folder) {
    const std::string path = folder + "/" + std::string(kFile);
    std::error_code error;
    if (!std::filesystem::exists(path, error))
        return Unexpected{Failure{FailureKind::usage, "opening the authority in", printable(folder), "there is none",
                                  "Make one: truename ca init --store " + printable(folder) + " --name ... --passphrase-file ..."}};
    const bool is_unchanging = sql::is_read_only(path);
    auto database = sql::Database::open(path, is_unchanging ? sql::Access::read : sql::Access::write);
    if (!database) return Unexpected{Failure{FailureKind::local, "opening the authority in", printable(folder), database.error().text, ""}};
    Store store(folder, std::move(*database));
    if (auto made = store.database_->migrate(kSteps); !made) return Unexpected{store.failure("opening the authority in", made.error())};
    if (!is_unchanging) store.remove_leftovers();
    return store;
}

Failure Store::failure(std::string_view doing, const sql::Error& error) const {
    Failure failure{FailureKind::local, std::string(doing), printable(folder_), error.text, ""};
    switch (error.kind) {
        case sql::ErrorKind::busy:
            failure.next = "Another program writes there; try again when it is done";
            break;
        case sql::ErrorKind::full:
            failure.next = "Nothing of it was done. Make room and do it again";
            break;
        case sql::ErrorKind::corrupt:
            failure.next = "Look what is left with truename ca audit, and take the last backup";
            break;
        case sql::ErrorKind::newer:
            failure.next = "Use that version, or a later one";
            break;
        case sql::ErrorKind::constraint:
        case sql::ErrorKind::io:
        case sql::ErrorKind::other:
            break;
    }
    return failure;
}

Result<void, Failure> Store::write(std::string_view doing, const sql::GroupCommit::Job& job) {
    if (const auto done = commits_->commit(job); !done) return Unexpected{failure(doing, done.error())};
    return {};
}

Result<void, Failure> Store::read(std::string_view doing, const std::function<Result<void, sql::Error>(sql::Database&)>& work) {
    // A connection of its own: the other one belongs to whoever writes just now.
    auto database = sql::Database::open(path(kFile), sql::Access::read);
    if (!database) return Unexpected{failure(doing, database.error())};
    if (const auto done = work(*database); !done) return Unexpected{failure(doing, done.error())};
    return {};
}

Result<void, Failure> Store::copy_to(const std::string& target) {
    return read("copying the authority in", [&](sql::Database& database) { return database.copy_to(target); });
}

Result<void, Failure> Store::write_private(std::string_view name, std::string_view contents) const {
    if (auto done = replace_file(path(name), contents, Readers::owner); !done)
        return Unexpected{file_failure("writing", path(name), done.error())};
    return {};
}

Result<void, Failure> Store::write_public(std::string_view name, std::string_view contents) const {
    if (auto done = replace_file(path(name), contents, Readers::everybody); !done)
        return Unexpected{file_failure("writing", path(name), done.error())};
    return {};
}

Result<void, Failure> Store::set(Time at, const SettingRow& row) {
    return write("writing a setting in", [&, at](sql::Database& database) {
        return with_audit(database, at, {AuditEvent::setting, as_bytes(row.name), row.digest()}, [&](std::int64_t audit) {
            return database.run(
                "INSERT INTO settings VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value, audit = excluded.audit",
                {std::string_view(row.name), std::string_view(row.value), audit});
        });
    });
}

Result<std::string, Failure> Store::setting(std::string_view name) {
    std::string value;
    const auto done = read("reading a setting of", [&](sql::Database& database) {
        return database.query("SELECT value FROM settings WHERE name = ?", {name}, [&](const sql::Row& row) { value = row.text(0); });
    });
    if (!done) return forward_error(done);
    return value;
}

Result<void, Failure> Store::add_issuer(Time at, const IssuerRow& row) {
    return write("recording an issuer in", [&, at](sql::Database& database) -> Result<void, sql::Error> {
        const auto newest = newest_issuer(database);
        if (!newest) return forward_error(newest);
        if (row.id != *newest + 1) return Unexpected{sql::Error{sql::ErrorKind::constraint, "another program made an issuer meanwhile"}};
        const crypto::Sha256 subject = crypto::sha256(row.certificate);
        return with_audit(database, at, {AuditEvent::issuer, subject, row.digest()}, [&](std::int64_t audit) {
            return database.run("INSERT INTO issuers VALUES (?, ?, ?, ?)",
                                {row.id, std::string_view(row.kind), Bytes(row.certificate), audit});
        });
    });
}

Result<std::vector<IssuerRow>, Failure> Store::issuers() {
    std::vector<IssuerRow> rows;
    const auto done = read("reading the issuers of", [&](sql::Database& database) {
        return database.query("SELECT id, kind, certificate FROM issuers ORDER BY id", {}, [&](const sql::Row& row) {
            rows.push_back({row.integer(0), std::string(row.text(1)), to_owned(row.blob(2))});
        });
    });
    if (!done) return forward_error(done);
    return rows;
}

Result<void, sql::Error> insert_record(sql::Database& database, Time at, const CertificateRow& row) {
    return with_audit(database, at, {AuditEvent::recorded, row.serial, row.digest()}, [&](std::int64_t audit) {
        return database.run(
            "INSERT INTO certificates (serial, issuer, profile, names, not_before, not_after, shard, tbs, audit) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            {Bytes(row.serial), row.issuer, std::string_view(row.profile), std::string_view(row.names), row.not_before, row.not_after,
             row.shard, Bytes(row.tbs), audit});
    });
}

Result<void, sql::Error> insert_signature(sql::Database& database, Time at, const CertificateRow& row) {
    return with_audit(database, at, {AuditEvent::signed_, row.serial, row.signature_digest()}, [&](std::int64_t audit) {
        return database.run("UPDATE certificates SET signature = ?, signed_audit = ? WHERE serial = ? AND signature IS NULL",
                            {Bytes(row.signature), audit, Bytes(row.serial)});
    });
}

Result<void, sql::Error> insert_revocation(sql::Database& database, Time at, const RevocationRow& row) {
    auto done = with_audit(database, at, {AuditEvent::revoked, row.serial, row.digest()}, [&](std::int64_t audit) {
        return database.run("INSERT INTO revocations VALUES (?, ?, ?, ?, ?, ?, ?)",
                            {row.issuer, row.shard, Bytes(row.serial), row.not_after, row.at, row.reason, audit});
    });
    if (!done || row.reason != kKeyCompromise) return done;
    return insert_compromised(database, row.serial);
}

Result<void, Failure> Store::record(Time at, const CertificateRow& row) {
    std::optional<ByteString> compromised;
    const crypto::Sha256 key_hash = key_hash_of(row.tbs);
    auto done = write("recording a certificate in", [&, at](sql::Database& database) -> Result<void, sql::Error> {
        // Here and not before, so that no revocation comes in between.
        auto found = find_compromised(database, key_hash);
        if (!found) return forward_error(found);
        compromised = std::move(*found);
        if (compromised) return Unexpected{sql::Error{sql::ErrorKind::constraint, ""}};
        const auto newest = newest_issuer(database);
        if (!newest) return forward_error(newest);
        if (row.issuer != *newest)
            return Unexpected{sql::Error{sql::ErrorKind::constraint, "another intermediate was made meanwhile: open the authority anew"}};
        return insert_record(database, at, row);
    });
    if (!compromised) return done;
    return Unexpected{Failure{FailureKind::input, "making a certificate for", row.names.substr(0, row.names.find('\n')),
                              "its key was given up: certificate " + x509::serial_hex(*compromised) +
                                  ", which has the same, was revoked because somebody else may have the key",
                              "Make a new key"}};
}

Result<void, Failure> Store::complete(Time at, const CertificateRow& row) {
    return write("keeping a certificate in", [&, at](sql::Database& database) { return insert_signature(database, at, row); });
}

Result<void, Failure> Store::revoke(Time at, const RevocationRow& row) {
    return write("recording a revocation in", [&, at](sql::Database& database) { return insert_revocation(database, at, row); });
}

namespace {

#define TRUENAME_CERTIFICATE_COLUMNS \
    "c.serial, c.issuer, c.profile, c.names, c.not_before, c.not_after, c.shard, c.tbs, ifnull(c.signature, x'')"

}  // namespace

Result<std::optional<CertificateRow>, Failure> Store::certificate(Bytes serial) {
    std::optional<CertificateRow> found;
    const auto done = read("looking for a certificate in", [&](sql::Database& database) {
        return database.query("SELECT " TRUENAME_CERTIFICATE_COLUMNS " FROM certificates c WHERE c.serial = ?", {serial},
                              [&](const sql::Row& row) { found = certificate_of(row); });
    });
    if (!done) return forward_error(done);
    return found;
}

Result<std::optional<RevocationRow>, Failure> Store::revocation(const CertificateRow& certificate) {
    std::optional<RevocationRow> found;
    const auto done = read("looking for a revocation in", [&](sql::Database& database) {
        return database.query("SELECT at, reason FROM revocations WHERE issuer = ? AND shard = ? AND serial = ?",
                              {certificate.issuer, certificate.shard, Bytes(certificate.serial)},
                              [&](const sql::Row& row) { found = revocation_of(certificate, row.integer(0), row.integer(1)); });
    });
    if (!done) return forward_error(done);
    return found;
}

Result<void, Failure> Store::each_certificate(const std::function<void(const CertificateRow&, const std::optional<RevocationRow>&)>& see) {
    return read("reading the certificates of", [&](sql::Database& database) {
        return database.query("SELECT " TRUENAME_CERTIFICATE_COLUMNS
                              ", r.at, r.reason FROM certificates c LEFT JOIN revocations r "
                              "ON r.issuer = c.issuer AND r.shard = c.shard AND r.serial = c.serial ORDER BY c.audit",
                              {}, [&](const sql::Row& row) {
                                  const CertificateRow certificate = certificate_of(row);
                                  std::optional<RevocationRow> revoked;
                                  if (!row.is_null(9)) revoked = revocation_of(certificate, row.integer(9), row.integer(10));
                                  see(certificate, revoked);
                              });
    });
}

namespace {

#define TRUENAME_REVOKED_OF_LIST "FROM revocations WHERE issuer = ? AND shard = ? AND not_after >= ?"

}  // namespace

Result<std::int64_t, Failure> Store::each_revocation(std::int64_t issuer, std::int64_t shard, Time from,
                                                     const std::function<void(const RevocationRow&)>& see) {
    std::int64_t count = 0;
    const auto done = read("reading the revocations of", [&](sql::Database& database) -> Result<void, sql::Error> {
        if (auto begun = database.run("BEGIN"); !begun) return forward_error(begun);  // so that both see the same rows
        auto seen = database.query("SELECT not_after, serial, at, reason " TRUENAME_REVOKED_OF_LIST " ORDER BY serial",
                                   {issuer, shard, to_seconds(from)}, [&](const sql::Row& row) {
                                       see({issuer, shard, row.integer(0), to_owned(row.blob(1)), row.integer(2), row.integer(3)});
                                   });
        if (!seen) return seen;
        return database.query("SELECT count(*) " TRUENAME_REVOKED_OF_LIST, {issuer, shard, to_seconds(from)},
                              [&](const sql::Row& row) { count = row.integer(0); });
    });
    if (!done) return forward_error(done);
    return count;
}

Result<std::int64_t, Failure> Store::revocations_since_list(std::int64_t issuer, std::int64_t shard) {
    std::int64_t count = 0;
    const auto done = read("counting the revocations of", [&](sql::Database& database) {
        return database.query(
            "SELECT count(*) FROM revocations WHERE issuer = ? AND shard = ? AND audit > "
            "(SELECT ifnull(max(audit), 0) FROM lists WHERE issuer = ? AND shard = ?)",
            {issuer, shard, issuer, shard}, [&](const sql::Row& row) { count = row.integer(0); });
    });
    if (!done) return forward_error(done);
    return count;
}

Result<std::optional<Store::Shards>, Failure> Store::shards_of(std::int64_t issuer) {
    std::optional<Shards> found;
    const auto done = read("reading the revocation lists of", [&](sql::Database& database) {
        return database.query("SELECT min(shard), max(shard) FROM lists WHERE issuer = ?", {issuer}, [&](const sql::Row& row) {
            if (!row.is_null(0)) found = {row.integer(0), row.integer(1)};
        });
    });
    if (!done) return forward_error(done);
    return found;
}

Result<std::optional<ListRow>, Failure> Store::last_list(std::int64_t issuer, std::int64_t shard) {
    std::optional<ListRow> found;
    const auto done = read("reading the revocation lists of", [&](sql::Database& database) {
        return database.query(
            "SELECT number, this_update, next_update, entries, fingerprint FROM lists WHERE issuer = ? AND shard = ? ORDER BY number DESC "
            "LIMIT 1",
            {issuer, shard}, [&](const sql::Row& row) {
                found = {issuer, shard, row.integer(0), row.integer(1), row.integer(2), row.integer(3), to_owned(row.blob(4))};
            });
    });
    if (!done) return forward_error(done);
    return found;
}

Result<std::vector<ListRow>, Failure> Store::newest_lists() {
    std::vector<ListRow> rows;
    const auto done = read("reading the revocation lists of", [&](sql::Database& database) {
        return database.query(
            "SELECT issuer, shard, max(number), this_update, next_update, entries, fingerprint FROM lists GROUP BY issuer, shard", {},
            [&](const sql::Row& row) {
                rows.push_back({row.integer(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4), row.integer(5),
                                to_owned(row.blob(6))});
            });
    });
    if (!done) return forward_error(done);
    return rows;
}

Result<void, Failure> Store::add_list(Time at, const ListRow& row) {
    return write("recording a revocation list in", [&, at](sql::Database& database) -> Result<void, sql::Error> {
        std::int64_t last = 0;
        auto read = database.query("SELECT ifnull(max(number), 0) FROM lists WHERE issuer = ? AND shard = ?", {row.issuer, row.shard},
                                   [&](const sql::Row& found) { last = found.integer(0); });
        if (!read) return read;
        if (row.number <= last)
            return Unexpected{sql::Error{sql::ErrorKind::constraint, "another program made list " + std::to_string(last) + " meanwhile"}};
        const Number subject(row.issuer);
        return with_audit(database, at, {AuditEvent::list, subject, row.digest()}, [&](std::int64_t audit) {
            return database.run(
                "INSERT INTO lists VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                {row.issuer, row.shard, row.number, row.this_update, row.next_update, row.entries, Bytes(row.fingerprint), audit});
        });
    });
}

}  // namespace truename::authority
