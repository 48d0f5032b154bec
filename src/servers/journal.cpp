#include "servers/journal.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/file_lock.h"
#include "base/replace_file.h"
#include "base/text.h"
#include "servers/permission.h"
#include "sql/seconds.h"

namespace truename::servers {

namespace {

/// Steps are only added at the end: those that are here have been run on the disks of other people.
constexpr std::string_view kSteps[] = {R"(
CREATE TABLE installations (
  number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, stage TEXT NOT NULL, servers TEXT NOT NULL, maps TEXT NOT NULL,
  names TEXT NOT NULL, fingerprint TEXT NOT NULL, serial TEXT NOT NULL, not_after INTEGER NOT NULL, origin TEXT NOT NULL,
  not_before INTEGER NOT NULL, store TEXT NOT NULL
) STRICT;
CREATE TABLE changes (
  installation INTEGER NOT NULL REFERENCES installations, place INTEGER NOT NULL, path TEXT NOT NULL,
  old_exists INTEGER NOT NULL, old_link TEXT, old_bytes BLOB NOT NULL, old_mode INTEGER NOT NULL, old_owner INTEGER NOT NULL, old_group INTEGER NOT NULL,
  new_exists INTEGER NOT NULL, new_link TEXT, new_bytes BLOB NOT NULL, new_mode INTEGER NOT NULL, new_owner INTEGER NOT NULL, new_group INTEGER NOT NULL,
  PRIMARY KEY (installation, place)
) STRICT;
)",
                                       "ALTER TABLE installations ADD COLUMN by_name INTEGER NOT NULL DEFAULT 0"};

constexpr std::pair<Stage, std::string_view> kStages[] = {{Stage::writing, "writing"},   {Stage::installed, "installed"},
                                                          {Stage::unproved, "unproved"}, {Stage::undoing, "undoing"},
                                                          {Stage::undone, "undone"},     {Stage::rolled_back, "rolled-back"}};

Stage stage_of(std::string_view name) {
    for (const auto& [stage, word] : kStages) {
        if (word == name) return stage;
    }
    return Stage::writing;  // the careful one: it will be looked after
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    if (text.empty()) return lines;
    for (const std::string_view line : split(text, '\n')) lines.emplace_back(line);
    return lines;
}

std::string text_of(const std::vector<ServerEntry>& servers) {
    std::vector<std::string> lines;
    lines.reserve(servers.size());
    for (const ServerEntry& server : servers) lines.push_back(server.id + " " + server.config);
    return join(lines, "\n");
}

std::vector<ServerEntry> servers_of(std::string_view text) {
    std::vector<ServerEntry> servers;
    for (const std::string& line : lines_of(text)) {
        const std::size_t blank = line.find(' ');
        servers.push_back({line.substr(0, blank), blank == std::string::npos ? "" : line.substr(blank + 1)});
    }
    return servers;
}

Installation installation_of(const sql::Row& row) {
    Installation installation;
    installation.number = row.integer(0);
    installation.at = sql::from_seconds(row.integer(1));
    installation.stage = stage_of(row.text(2));
    installation.servers = servers_of(row.text(3));
    installation.maps = lines_of(row.text(4));
    installation.names = lines_of(row.text(5));
    installation.fingerprint = row.text(6);
    installation.serial = row.text(7);
    installation.not_after = sql::from_seconds(row.integer(8));
    installation.origin = row.text(9);
    installation.not_before = sql::from_seconds(row.integer(10));
    installation.store = row.text(11);
    installation.by_name = row.integer(12) != 0;
    return installation;
}

/// The six columns of a state, from `first` on.
FileState state_of(const sql::Row& row, int first) {
    FileState state;
    state.exists = row.integer(first) != 0;
    if (!row.is_null(first + 1)) state.link = row.text(first + 1);
    state.bytes = crypto::Secret(std::string(as_text(row.blob(first + 2))));
    state.mode = static_cast<mode_t>(row.integer(first + 3));
    state.owner = static_cast<uid_t>(row.integer(first + 4));
    state.group = static_cast<gid_t>(row.integer(first + 5));
    return state;
}

sql::Parameter link_of(const FileState& state) {
    return state.link ? sql::Parameter(std::string_view(*state.link)) : sql::Parameter();
}

}  // namespace

std::string_view name_of(Stage stage) {
    return kStages[static_cast<std::size_t>(stage)].second;
}

Journal::Journal(std::string folder, Descriptor lock, sql::Database database)
    : folder_(std::move(folder)), lock_(std::move(lock)), database_(std::make_unique<sql::Database>(std::move(database))) {}

Failure Journal::failure(const sql::Error& error) const {
    return {FailureKind::local, "keeping the record of installations in", printable(folder_), error.text,
            error.kind == sql::ErrorKind::full ? "Make room on that disk" : ""};
}

Result<Journal, Failure> Journal::open(const std::string& folder) {
    const auto failed = [&](FailureKind kind, std::string reason, std::string next) {
        if (const std::string root = root_needed(reason); !root.empty()) next = root;
        return Unexpected{Failure{kind, "opening the record of installations in", printable(folder), std::move(reason), std::move(next)}};
    };
    if (const auto own = own_folder(folder); !own) return failed(FailureKind::local, own.error(), "--state FOLDER names another place");
    auto lock = lock_file(folder + "/lock", WhenTaken::fail);
    if (!lock && lock.error() == EWOULDBLOCK)
        return failed(FailureKind::limited, "another truename is installing just now", "Wait until it has ended");
    if (!lock) return failed(FailureKind::local, std::strerror(lock.error()), "");
    auto database = sql::Database::open(folder + "/installations.db", sql::Access::create);
    if (!database) return failed(FailureKind::local, database.error().text, "");
    Journal journal(folder, std::move(*lock), std::move(*database));
    if (auto made = journal.database_->migrate(kSteps); !made) return Unexpected{journal.failure(made.error())};
    return journal;
}

Result<std::int64_t, Failure> Journal::begin(const Installation& installation, const std::vector<FileChange>& changes) {
    std::int64_t number = 0;
    const std::string servers = text_of(installation.servers), maps = join(installation.maps, "\n"), names = join(installation.names, "\n");
    const auto done = database_->transact([&]() -> Result<void, sql::Error> {
        auto inserted = database_->run(
            "INSERT INTO installations (at, stage, servers, maps, names, fingerprint, serial, not_after, origin, "
            "not_before, store, by_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            {sql::to_seconds(installation.at), name_of(installation.stage), servers, maps, names, installation.fingerprint,
             installation.serial, sql::to_seconds(installation.not_after), installation.origin, sql::to_seconds(installation.not_before),
             installation.store, std::int64_t{installation.by_name}});
        if (!inserted) return forward_error(inserted);
        auto read = database_->query("SELECT max(number) FROM installations", {}, [&](const sql::Row& row) { number = row.integer(0); });
        if (!read) return read;
        for (std::size_t i = 0; i < changes.size(); ++i) {
            const auto& [path, before, after] = changes[i];
            inserted = database_->run("INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                      {number, static_cast<std::int64_t>(i), path, std::int64_t{before.exists}, link_of(before),
                                       as_bytes(before.bytes.view()), std::int64_t{before.mode}, std::int64_t{before.owner},
                                       std::int64_t{before.group}, std::int64_t{after.exists}, link_of(after), as_bytes(after.bytes.view()),
                                       std::int64_t{after.mode}, std::int64_t{after.owner}, std::int64_t{after.group}});
            if (!inserted) return forward_error(inserted);
        }
        return {};
    });
    if (!done) return Unexpected{failure(done.error())};
    return number;
}

Result<void, Failure> Journal::set_stage(std::int64_t number, Stage stage) {
    const auto done = database_->run("UPDATE installations SET stage = ? WHERE number = ?", {name_of(stage), number});
    if (!done) return Unexpected{failure(done.error())};
    return {};
}

Result<void, Failure> Journal::check_none_broken_off() {
    const auto list = installations();
    if (!list) return forward_error(list);
    for (const Installation& each : *list) {
        if (each.stage != Stage::writing && each.stage != Stage::undoing) continue;
        return Unexpected{Failure{FailureKind::usage, "changing", "the mail servers",
                                  "installation " + std::to_string(each.number) + " was broken off",
                                  "First go on with it (truename certificate resume) or take it back (truename certificate undo)"}};
    }
    return {};
}

Result<std::vector<Installation>, Failure> Journal::installations() {
    std::vector<Installation> list;
    const auto read = database_->query(
        "SELECT number, at, stage, servers, maps, names, fingerprint, serial, not_after, origin, not_before, store, by_name FROM "
        "installations "
        "ORDER BY number",
        {}, [&](const sql::Row& row) { list.push_back(installation_of(row)); });
    if (!read) return Unexpected{failure(read.error())};
    return list;
}

Result<Installation, Failure> Journal::installation(std::int64_t number) {
    auto list = installations();
    if (!list) return forward_error(list);
    for (Installation& each : *list) {
        if (each.number == number) return std::move(each);
    }
    return Unexpected{Failure{FailureKind::usage, "looking for", "installation " + std::to_string(number), "there is none of that number",
                              "truename certificate list shows them"}};
}

Result<std::vector<FileChange>, Failure> Journal::changes(std::int64_t number) {
    std::vector<FileChange> list;
    const auto read = database_->query(
        "SELECT path, old_exists, old_link, old_bytes, old_mode, old_owner, old_group, new_exists, new_link, new_bytes, new_mode, "
        "new_owner, new_group "
        "FROM changes WHERE installation = ? ORDER BY place",
        {number}, [&](const sql::Row& row) {
            list.push_back({std::string(row.text(0)), state_of(row, 1), state_of(row, 7)});
        });
    if (!read) return Unexpected{failure(read.error())};
    return list;
}

}  // namespace truename::servers
