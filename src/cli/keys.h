#pragma once

#include <string>

#include "base/result.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "keys/directory.h"

namespace truename::cli {

class Program;

// The subcommands of `keys`; keys.cpp lists them.
extern const Command kKeysAddCommand;      ///< keys_add.cpp
extern const Command kKeysBundleCommand;   ///< keys_bundle.cpp
extern const Command kKeysConfirmCommand;  ///< keys_confirm.cpp
extern const Command kKeysListCommand;     ///< keys_find.cpp
extern const Command kKeysFindCommand;     ///< keys_find.cpp
extern const Command kKeysExportCommand;   ///< keys_export.cpp
extern const Command kKeysForgetCommand;   ///< keys_export.cpp

namespace option {

inline constexpr Option kKeyStore = {
    .name = "store",
    .argument = "FOLDER",
    .help = "Where people's keys are kept (`~/.local/share/truename/keys`).",
    .offers = Offers::folder,
};

inline constexpr Option kKeyTrust = {
    .name = "trust",
    .argument = "WHAT",
    .help =
        "Whose word counts besides the authorities that were added: a file of certificates, or `system` (this machine's list, which counts "
        "where there is no `--trust`).",
    .repeatable = true,
    .offers = Offers::file,
    .words = "system",
    .open_words = true,
};

}  // namespace option

/// The keys of `--store`, and the directory over them, judged by `--trust` at `--at`.
struct OpenedKeys {
    std::unique_ptr<keys::KeyStore> store;  // the directory borrows it
    keys::Directory directory;
};
/// Only `create` makes them where there are none.
[[nodiscard]] Result<OpenedKeys, Stop> open_keys(const Arguments& arguments, const Program& program, sql::Access access);

/// The keys of an address, or the one whose fingerprint begins so; none where none is known.
[[nodiscard]] Result<std::vector<keys::Key>, Stop> named_keys(keys::Directory& directory, std::string_view name);

/// Whether a fingerprint begins with what somebody has typed, colons or not: eight digits at least.
[[nodiscard]] bool begins_with(const crypto::Sha256& fingerprint, std::string_view typed);

/// A key in some lines: whose, its fingerprint, who vouches, and why it is not used.
[[nodiscard]] std::string key_in_words(const keys::Key& key);

/// An authority in a line: its name, its fingerprint, where it is from.
[[nodiscard]] std::string authority_in_words(const keys::AuthorityRow& row);

/// A key as one JSON object.
[[nodiscard]] std::string key_as_json(const keys::Key& key);

}  // namespace truename::cli
