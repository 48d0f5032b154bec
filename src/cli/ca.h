#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "authority/authority.h"
#include "base/result.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/exit_code.h"

namespace truename::cli {

class Program;

// The subcommands of `ca`, one file each; ca.cpp lists them.
extern const Command kCaInitCommand;     ///< ca_init.cpp
extern const Command kCaIssueCommand;    ///< ca_issue.cpp
extern const Command kCaSignCommand;     ///< ca_issue.cpp
extern const Command kCaRenewCommand;    ///< ca_issue.cpp
extern const Command kCaRevokeCommand;   ///< ca_revoke.cpp
extern const Command kCaCrlCommand;      ///< ca_revoke.cpp
extern const Command kCaListCommand;     ///< ca_list.cpp
extern const Command kCaShowCommand;     ///< ca_show.cpp
extern const Command kCaAuditCommand;    ///< ca_audit.cpp
extern const Command kCaExportCommand;   ///< ca_export.cpp
extern const Command kCaBackupCommand;   ///< ca_backup.cpp
extern const Command kCaRestoreCommand;  ///< ca_backup.cpp

namespace option {

inline constexpr Option kStore = {
    .name = "store", .argument = "FOLDER", .help = "The folder of the authority. Always needed.", .offers = Offers::folder};

inline constexpr Option kPassphraseFile = {
    .name = "passphrase-file",
    .argument = "FILE",
    .help = "The file whose first line opens the authority's keys; without it the systemd credential `truename-ca`.",
    .offers = Offers::file,
};

inline constexpr Option kPinFile = {
    .name = "pin-file",
    .argument = "FILE",
    .help = "The file whose first line is the PIN of the token that keys are in; without it the systemd credential `truename-ca-pin`.",
    .offers = Offers::file,
};

inline constexpr Option kRootKey = {
    .name = "root-key",
    .argument = "FILE",
    .help = "The root's key, a file or a PKCS #11 URI, where it is not in the folder of the authority; only what the root signs needs it.",
    .offers = Offers::file,
};

}  // namespace option

/// `--store`; stops when it is missing.
[[nodiscard]] Result<std::string, Stop> store_folder(const Arguments& arguments);

/// A note when others than its owner can read a file with something secret.
void warn_if_open(const std::string& path, Program& program);

/// The first line of a file, for its owner alone: a note says when others can read it. Stops when the line is empty or too long.
[[nodiscard]] Result<crypto::Secret, Stop> read_secret(const std::string& path, std::string_view doing, Program& program);

/// The first line of the file of `--passphrase-file`; nothing when there is none and it is not needed. Stops when it is needed and there is
/// none, or it is empty.
[[nodiscard]] Result<crypto::Secret, Stop> read_passphrase(const Arguments& arguments, Program& program, bool is_needed = true);

/// The first line of the file of `--pin-file`; nothing when there is none.
[[nodiscard]] Result<crypto::Secret, Stop> read_pin(const Arguments& arguments, Program& program);

/// The authority of `--store`, its keys closed.
[[nodiscard]] Result<authority::Authority, Stop> opened_authority(const Arguments& arguments);

/// The authority of `--store`, with its key opened.
[[nodiscard]] Result<authority::Authority, Stop> unlocked_authority(const Arguments& arguments, Program& program);

/// The number of a certificate of the authority: as it is in hexadecimal, or that of the first certificate of a file. Stops with bad_input
/// when the authority has issued another certificate with that number.
[[nodiscard]] Result<ByteString, Stop> read_serial(std::string_view text, authority::Authority& authority);

/// `revocation list 4 with 12 entries until 2026-12-05: FILE`.
[[nodiscard]] std::string describe(const authority::PublishedList& list);

}  // namespace truename::cli
