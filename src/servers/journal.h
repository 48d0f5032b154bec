#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "base/result.h"
#include "base/time.h"
#include "finding/failure.h"
#include "servers/file_state.h"
#include "sql/database.h"

namespace truename::servers {

/// How far an installation came.
enum class Stage : std::uint8_t {
    writing,      ///< it is all recorded, and files are being changed, copies of them made, servers told
    installed,    ///< and proved on the wire
    unproved,     ///< in place, but a server that does not run could not show it
    undoing,      ///< the files are being put back
    undone,       ///< put back
    rolled_back,  ///< put back because it did not work
};

/// `writing`, `installed`, ...: the word in the journal and in JSON.
std::string_view name_of(Stage stage);

/// Whether all that it changed was put back.
constexpr bool is_put_back(Stage stage) {
    return stage == Stage::undone || stage == Stage::rolled_back;
}

/// A file that an installation changes.
struct FileChange {
    std::string path;
    FileState before, after;
};

/// A server that an installation changes files of.
struct ServerEntry {
    std::string id, config;  ///< as make_server() takes them
    friend bool operator==(const ServerEntry&, const ServerEntry&) = default;
};

/// An installation as the journal knows it, without its files.
struct Installation {
    std::int64_t number = 0;
    Time at{};
    Stage stage = Stage::writing;
    std::vector<ServerEntry> servers;
    std::vector<std::string> maps;   ///< whose copies have to be made anew, `SERVER MAP`: `postfix hash:/etc/postfix/sni`
    std::vector<std::string> names;  ///< of the certificate
    std::string fingerprint;         ///< SHA-256 of the certificate, in hexadecimal
    std::string serial;
    Time not_before{}, not_after{};
    bool by_name = false;  ///< shown only to who asks for one of its names (SNI)
    std::string origin;    ///< `import`, `issue`, `use`; `address`: a name of the servers was set, and no certificate put anywhere
    std::string store;     ///< the authority that made it (`ca --store`), to be asked for the next one; empty: none of ours

    [[nodiscard]] bool has_certificate() const { return !fingerprint.empty(); }
};

/// What was installed, and everything that is needed to put it back: a SQLite database in a folder that only its owner can enter, because
/// private keys are in it. One program at a time has it.
class Journal {
  public:
    /// Makes the folder where there is none. Fails with `limited` when another program has it.
    static Result<Journal, Failure> open(const std::string& folder);
    /// Records what is about to be done; when it returns, that is on the disk. Gives the number.
    Result<std::int64_t, Failure> begin(const Installation& installation, const std::vector<FileChange>& changes);
    Result<void, Failure> set_stage(std::int64_t number, Stage stage);

    /// The newest last.
    Result<std::vector<Installation>, Failure> installations();
    /// Fails with `usage` when one was broken off: nothing else is begun before that has come to its end.
    Result<void, Failure> check_none_broken_off();
    /// Fails with `usage` when there is none of that number.
    Result<Installation, Failure> installation(std::int64_t number);
    Result<std::vector<FileChange>, Failure> changes(std::int64_t number);

  private:
    Journal(std::string folder, Descriptor lock, sql::Database database);
    [[nodiscard]] Failure failure(const sql::Error& error) const;

    std::string folder_;
    Descriptor lock_;  // closed with it, and the lock goes then
    std::unique_ptr<sql::Database> database_;
};

}  // namespace truename::servers
