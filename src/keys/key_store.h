#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "finding/failure.h"
#include "sql/database.h"

namespace truename::keys {

/// A certificate of somebody, and what is remembered of it.
struct KeyRow {
    ByteString certificate;  ///< DER
    Time added{};
    std::string origin;             ///< where it is from, in words: `the file ann.pem`, `a mail that ann@example.com signed`
    std::optional<Time> confirmed;  ///< when somebody compared its fingerprint with the owner
    bool was_vouched = true;        ///< somebody who was trusted then vouched for it when it was added
};

/// A certificate of an authority.
struct AuthorityRow {
    ByteString certificate;  ///< DER
    Time added{};
    std::string origin;
    bool is_trusted = false;  ///< its word counts; else it only helps to find a way to one whose does
};

/// People's certificates by their addresses: a SQLite database `keys.db` in a folder of its own.
class KeyStore {
  public:
    /// With `create`, makes folder and database where there are none; with `read` and `write` it fails with `local` where there is no
    /// database. With `read`, one on a medium that nobody can write to can be read.
    static Result<KeyStore, Failure> open(const std::string& folder, sql::Access access);

    /// Adds it under these addresses, or changes what is remembered of it.
    Result<void, Failure> put(const KeyRow& row, const std::vector<std::string>& addresses);
    /// Adds it; one that is trusted already stays so.
    Result<void, Failure> put(const AuthorityRow& row);
    Result<void, Failure> forget(const crypto::Sha256& fingerprint);
    Result<void, Failure> forget_authority(const crypto::Sha256& fingerprint);

    /// Those of that address, as address_key() writes it, the oldest first.
    Result<std::vector<KeyRow>, Failure> keys_of(std::string_view address);
    Result<std::vector<KeyRow>, Failure> all_keys();
    Result<std::vector<AuthorityRow>, Failure> authorities();

  private:
    KeyStore(std::string folder, sql::Database database);
    [[nodiscard]] Failure failure(const sql::Error& error) const;
    Result<std::vector<KeyRow>, Failure> read_keys(std::string_view condition, std::initializer_list<sql::Parameter> parameters);

    std::string folder_;
    std::unique_ptr<sql::Database> database_;
};

/// An address as two of them are compared: the local part as it stands, the host in A-labels and lower case. Nothing for what is none.
std::optional<std::string> address_key(std::string_view address);

}  // namespace truename::keys
