#include "sql/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <unordered_map>
#include <utility>

namespace truename::sql {

namespace {

constexpr int kBusyMilliseconds = 5'000;

ErrorKind kind_of(int code) {
    switch (code & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return ErrorKind::busy;
        case SQLITE_FULL:
            return ErrorKind::full;
        case SQLITE_CONSTRAINT:
            return ErrorKind::constraint;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return ErrorKind::corrupt;
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return ErrorKind::io;
        default:
            return ErrorKind::other;
    }
}

/// SQLite makes its files readable for everybody and gives the others beside them the mode of the first: so the first is made here.
Result<void, Error> make_file(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return Unexpected{Error{errno == ENOSPC ? ErrorKind::full : ErrorKind::io, std::strerror(errno)}};
    ::close(file);
    return {};
}

/// SQLite takes what begins with `file:` for a URI with settings in it.
std::string as_file_name(const std::string& path) {
    return path.starts_with("file:") ? "./" + path : path;
}

/// Where nobody can write SQLite cannot make the files that it locks by; it need not, when it is told that nothing will change.
std::string as_unchanging(const std::string& path) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string uri = "file:";
    for (const char c : path) {
        const auto octet = static_cast<unsigned char>(c);
        const bool is_plain = octet > 0x20 && octet < 0x7F && c != '%' && c != '?' && c != '#';
        if (is_plain)
            uri += c;
        else
            uri += {'%', kDigits[octet >> 4], kDigits[octet & 15]};
    }
    return uri + "?immutable=1";
}

struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
};

sqlite3_stmt* of(void* statement) {
    return static_cast<sqlite3_stmt*>(statement);
}

int bind(sqlite3_stmt* statement, int at, const Parameter& parameter) {
    struct Binder {
        sqlite3_stmt* statement;
        int at;
        int operator()(std::monostate) const { return sqlite3_bind_null(statement, at); }
        int operator()(std::int64_t number) const { return sqlite3_bind_int64(statement, at, number); }
        int operator()(std::string_view text) const {
            const char* data = text.data() == nullptr ? "" : text.data();  // a null pointer would be NULL
            return sqlite3_bind_text64(statement, at, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
        }
        int operator()(Bytes bytes) const {
            if (bytes.empty()) return sqlite3_bind_zeroblob(statement, at, 0);
            return sqlite3_bind_blob64(statement, at, bytes.data(), bytes.size(), SQLITE_STATIC);
        }
    };
    return std::visit(Binder{statement, at}, parameter);
}

}  // namespace

bool Row::is_null(int column) const {
    return sqlite3_column_type(of(statement_), column) == SQLITE_NULL;
}
std::int64_t Row::integer(int column) const {
    return sqlite3_column_int64(of(statement_), column);
}
std::string_view Row::text(int column) const {
    const unsigned char* text = sqlite3_column_text(of(statement_), column);
    return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(sqlite3_column_bytes(of(statement_), column))};
}
Bytes Row::blob(int column) const {
    const void* bytes = sqlite3_column_blob(of(statement_), column);
    return {static_cast<const std::uint8_t*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(of(statement_), column))};
}

struct Database::Impl {
    std::unique_ptr<sqlite3, Close> connection;
    std::unordered_map<std::string, Statement> statements;  // of `connection`, so closed before it

    [[nodiscard]] Unexpected<Error> error(int code) const { return {Error{kind_of(code), sqlite3_errmsg(connection.get())}}; }

    /// The statement of that text, made now or before, with its parameters in place.
    Result<sqlite3_stmt*, Error> ready(std::string_view text, std::initializer_list<Parameter> parameters) {
        Statement& kept = statements[std::string(text)];
        if (!kept) {
            sqlite3_stmt* made = nullptr;
            const int code =
                sqlite3_prepare_v3(connection.get(), text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT, &made, nullptr);
            if (code != SQLITE_OK) return error(code);
            kept.reset(made);
        }
        int at = 0;
        for (const Parameter& parameter : parameters) {
            if (const int code = bind(kept.get(), ++at, parameter); code != SQLITE_OK) return error(code);
        }
        return kept.get();
    }
    Result<void, Error> execute(const char* statements_text) const {
        const int code = sqlite3_exec(connection.get(), statements_text, nullptr, nullptr, nullptr);
        if (code != SQLITE_OK) return error(code);
        return {};
    }
};

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

bool is_read_only(const std::string& path) {
    struct statvfs status {};
    return ::statvfs(path.c_str(), &status) == 0 && (status.f_flag & ST_RDONLY) != 0;
}

Result<Database, Error> Database::open(const std::string& path, Access access) {
    if (access == Access::create) {
        if (auto made = make_file(path); !made) return forward_error(made);
    }
    auto impl = std::make_unique<Impl>();
    sqlite3* connection = nullptr;
    const bool is_unchanging = access == Access::read && is_read_only(path);
    // What is in the journal would be overlooked.
    struct stat journal {};
    if (is_unchanging && ::stat((path + "-wal").c_str(), &journal) == 0 && journal.st_size > 0)
        return Unexpected{
            Error{ErrorKind::io, "it was not closed in order, and cannot be put in order where nobody can write: copy the folder"}};
    const std::string name = is_unchanging ? as_unchanging(path) : as_file_name(path);
    const int flags = (access == Access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | (is_unchanging ? SQLITE_OPEN_URI : 0) |
                      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(name.c_str(), &connection, flags, nullptr);
    impl->connection.reset(connection);
    if (connection == nullptr) return Unexpected{Error{ErrorKind::io, "out of memory"}};
    if (code != SQLITE_OK) return impl->error(code);
    sqlite3_busy_timeout(connection, kBusyMilliseconds);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    const char* settings = access == Access::read
                               ? "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON"
                               : "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                                 "PRAGMA foreign_keys=ON";
    if (auto set = impl->execute(settings); !set) return forward_error(set);
    return Database(std::move(impl));
}

Result<std::int64_t, Error> Database::run(std::string_view statement, std::initializer_list<Parameter> parameters) {
    const auto done = query(statement, parameters, [](const Row& /*row*/) {});
    if (!done) return forward_error(done);
    return sqlite3_changes64(impl_->connection.get());
}

Result<void, Error> Database::query(std::string_view statement, std::initializer_list<Parameter> parameters,
                                    const std::function<void(const Row&)>& see) {
    const auto ready = impl_->ready(statement, parameters);
    if (!ready) return forward_error(ready);
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(*ready)) == SQLITE_ROW) see(Row(*ready));
    Result<void, Error> result;
    if (code != SQLITE_DONE) result = impl_->error(code);
    sqlite3_reset(*ready);
    sqlite3_clear_bindings(*ready);  // they borrow from the caller
    return result;
}

Result<void, Error> Database::transact(const std::function<Result<void, Error>()>& work) {
    if (auto begun = run("BEGIN IMMEDIATE"); !begun) return forward_error(begun);
    auto done = work();
    if (done) {
        const auto committed = run("COMMIT");
        if (committed) return {};
        done = forward_error(committed);
    }
    if (is_in_transaction()) (void)impl_->execute("ROLLBACK");  // its failing tells nothing that `done` does not
    return done;
}

bool Database::is_in_transaction() const {
    return sqlite3_get_autocommit(impl_->connection.get()) == 0;
}

Result<void, Error> Database::attempt(const std::function<Result<void, Error>()>& work) {
    if (auto begun = run("SAVEPOINT attempt"); !begun) return forward_error(begun);
    auto done = work();
    if (!is_in_transaction()) return done;
    if (!done) {
        if (auto undone = run("ROLLBACK TO attempt"); !undone) return forward_error(undone);
    }
    if (auto released = run("RELEASE attempt"); !released) return forward_error(released);
    return done;
}

Result<void, Error> Database::migrate(std::span<const std::string_view> steps) {
    std::int64_t version = 0;
    const auto read_version = [&] { return query("PRAGMA user_version", {}, [&](const Row& row) { version = row.integer(0); }); };
    if (auto read = read_version(); !read) return read;
    if (version == static_cast<std::int64_t>(steps.size())) return {};
    return transact([&]() -> Result<void, Error> {
        if (auto read = read_version(); !read) return read;  // another process may have been quicker
        if (version > static_cast<std::int64_t>(steps.size()))
            return Unexpected{Error{ErrorKind::newer, "its schema has version " + std::to_string(version) + ", this program knows " +
                                                          std::to_string(steps.size())}};
        for (const std::string_view step : steps.subspan(static_cast<std::size_t>(version))) {
            if (auto done = impl_->execute(std::string(step).c_str()); !done) return done;
        }
        return impl_->execute(("PRAGMA user_version=" + std::to_string(steps.size())).c_str());
    });
}

Result<void, Error> Database::check() {
    std::string wrong;
    auto done = query("PRAGMA integrity_check", {}, [&](const Row& row) {
        if (row.text(0) != "ok") wrong += (wrong.empty() ? "" : "; ") + std::string(row.text(0));
    });
    if (!done) return done;
    if (!wrong.empty()) return Unexpected{Error{ErrorKind::corrupt, wrong}};
    return {};
}

Result<void, Error> Database::copy_to(const std::string& path) {
    if (::access(path.c_str(), F_OK) == 0) return Unexpected{Error{ErrorKind::io, "the file is there already"}};
    if (auto made = make_file(path); !made) return made;
    if (auto copied = run("VACUUM INTO ?", {std::string_view(as_file_name(path))}); !copied) return forward_error(copied);
    return {};
}

}  // namespace truename::sql
