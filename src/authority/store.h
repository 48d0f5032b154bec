#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/rows.h"
#include "base/descriptor.h"
#include "finding/failure.h"
#include "sql/database.h"
#include "sql/group_commit.h"

namespace truename::authority {

// The rows with their entries in the log, in the transaction of the caller.
Result<void, sql::Error> insert_record(sql::Database& database, Time at, const CertificateRow& row);  ///< without its signature
Result<void, sql::Error> insert_signature(sql::Database& database, Time at, const CertificateRow& row);
Result<void, sql::Error> insert_revocation(sql::Database& database, Time at, const RevocationRow& row);

/// What the schema should be: types, names and texts, sorted, a line each.
std::string expected_schema();
/// What it is.
Result<std::string, sql::Error> schema_of(sql::Database& database);

/// Where an authority keeps what it must not lose: a folder that only its owner may read, with a database and encrypted keys. Every
/// function that writes returns when its work is on the disk, and writes an entry of the log in the same transaction. For any number of
/// threads.
class Store {
  public:
    /// Makes its tables in an empty folder.
    static Result<Store, Failure> create(const std::string& folder);
    /// Opens one that is there, brings its tables to the newest form, and removes what a killed program left half-written.
    /// Where nobody can write it can only be read, and only when its tables have the newest form already.
    static Result<Store, Failure> open(const std::string& folder);

    /// Keeps other threads and processes out of what has several steps, until the result dies; waits until they are done.
    [[nodiscard]] Result<Descriptor, Failure> lock() const;

    [[nodiscard]] const std::string& folder() const { return folder_; }
    /// The path of a file in the folder.
    [[nodiscard]] std::string path(std::string_view name) const { return folder_ + "/" + std::string(name); }
    /// Writes a file of the folder, whole or not at all.
    Result<void, Failure> write_private(std::string_view name, std::string_view contents) const;
    Result<void, Failure> write_public(std::string_view name, std::string_view contents) const;

    // The tables.
    Result<void, Failure> set(Time at, const SettingRow& row);
    /// Runs `job` in a transaction with what other threads write.
    Result<void, Failure> write(std::string_view doing, const sql::GroupCommit::Job& job);
    Result<std::string, Failure> setting(std::string_view name);  ///< empty when there is none
    /// Fails with `local` when the id is not the next one.
    Result<void, Failure> add_issuer(Time at, const IssuerRow& row);
    Result<std::vector<IssuerRow>, Failure> issuers();
    /// Without its signature. Fails with `input` when a certificate with the same key was revoked because somebody else has the key,
    /// with `local` when there is a newer intermediate, which issues from now on.
    Result<void, Failure> record(Time at, const CertificateRow& row);
    Result<void, Failure> complete(Time at, const CertificateRow& row);
    Result<void, Failure> revoke(Time at, const RevocationRow& row);
    Result<std::optional<CertificateRow>, Failure> certificate(Bytes serial);
    Result<std::optional<RevocationRow>, Failure> revocation(const CertificateRow& certificate);
    Result<void, Failure> each_certificate(const std::function<void(const CertificateRow&, const std::optional<RevocationRow>&)>& see);
    /// The revocations of one list, those of certificates that ended before `from` left out; gives how many the database counts at the same
    /// moment.
    Result<std::int64_t, Failure> each_revocation(std::int64_t issuer, std::int64_t shard, Time from,
                                                  const std::function<void(const RevocationRow&)>& see);
    /// How many revocations have been recorded since the newest list of these.
    Result<std::int64_t, Failure> revocations_since_list(std::int64_t issuer, std::int64_t shard);
    /// The numbers of its lists, as far as they were made.
    struct Shards {
        std::int64_t first = 0, last = 0;
    };
    Result<std::optional<Shards>, Failure> shards_of(std::int64_t issuer);
    Result<std::optional<ListRow>, Failure> last_list(std::int64_t issuer, std::int64_t shard);
    /// The newest list of each number of each issuer.
    Result<std::vector<ListRow>, Failure> newest_lists();
    /// Fails with `local` when the number is not larger than that of the last list.
    Result<void, Failure> add_list(Time at, const ListRow& row);

    /// Runs something of another file that reads the tables.
    Result<void, Failure> read(std::string_view doing, const std::function<Result<void, sql::Error>(sql::Database&)>& work);
    /// A copy of the database as of now, in a file that is not there yet.
    Result<void, Failure> copy_to(const std::string& path);

  private:
    Store(std::string folder, sql::Database database);
    /// What a killed program left half-written, unless somebody writes just now.
    void remove_leftovers() const;
    [[nodiscard]] Failure failure(std::string_view doing, const sql::Error& error) const;

    std::string folder_;
    std::unique_ptr<sql::Database> database_;
    std::unique_ptr<sql::GroupCommit> commits_;
};

}  // namespace truename::authority
