#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.h"
#include "base/result.h"

namespace truename::sql {

/// What kind of trouble a database had, as far as somebody acts on the difference.
enum class ErrorKind : std::uint8_t {
    busy,        ///< another process holds it, for longer than five seconds
    full,        ///< the disk is full; nothing of the transaction happened
    constraint,  ///< the row is there already, or lacks what it must have
    corrupt,     ///< the file is damaged, or no database
    io,          ///< it cannot be opened, read or written
    newer,       ///< a later version of the program made it
    other,       ///< a mistake in a statement: a bug
};

/// Why a statement did not work. `text` is what the database said; no key or passphrase is ever given to one, so none is in it.
struct Error {
    ErrorKind kind = ErrorKind::other;
    std::string text;
};

/// A value for a `?` of a statement; borrowed for the call.
using Parameter = std::variant<std::monostate, std::int64_t, std::string_view, Bytes>;

/// The present row of a query. What it gives is borrowed until the next row; columns count from 0.
class Row {
  public:
    explicit Row(void* statement) : statement_(statement) {}
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] Bytes blob(int column) const;

  private:
    void* statement_;
};

/// What a connection may do.
enum class Access : std::uint8_t {
    read,    ///< of what is there
    write,   ///< of what is there
    create,  ///< and made when it is not there, so that only its owner may read it (mode 0600)
};

/// Whether the file is where nobody can write: on a CD, in a snapshot. Then it can be opened for reading, if it was closed in order.
bool is_read_only(const std::string& path);

/// A connection to a SQLite database in WAL mode whose commits are on the disk when they return (synchronous=FULL). For one thread at a
/// time. Statements are kept by their text, so give literals, and values as parameters.
class Database {
  public:
    static Result<Database, Error> open(const std::string& path, Access access);
    Database(Database&&) noexcept;
    Database& operator=(Database&&) noexcept;
    ~Database();

    /// Runs one statement and gives how many rows it changed.
    Result<std::int64_t, Error> run(std::string_view statement, std::initializer_list<Parameter> parameters = {});
    /// Runs one statement and shows each row to `see`.
    Result<void, Error> query(std::string_view statement, std::initializer_list<Parameter> parameters,
                              const std::function<void(const Row&)>& see);
    /// Runs `work` in a transaction that nobody else writes in. When it fails, nothing of it has happened.
    Result<void, Error> transact(const std::function<Result<void, Error>()>& work);
    /// Runs `work` inside of a transaction; when it fails, only what it did is undone.
    Result<void, Error> attempt(const std::function<Result<void, Error>()>& work);

    /// False outside of transact(), and when a full disk or a damaged file has ended the transaction before its work was done.
    [[nodiscard]] bool is_in_transaction() const;

    /// Brings the schema to the newest form: runs those of `steps` (several statements each) that have not been run, each in a transaction.
    /// Steps are only ever added at the end. Fails with `newer` when more have been run than there are.
    Result<void, Error> migrate(std::span<const std::string_view> steps);
    /// Looks at every page and index; what is wrong is the text of the error.
    Result<void, Error> check();
    /// Writes a copy as of now to a file that must not be there yet.
    Result<void, Error> copy_to(const std::string& path);

  private:
    struct Impl;
    explicit Database(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace truename::sql
