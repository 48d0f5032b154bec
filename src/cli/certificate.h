#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "base/result.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "doctor/doctor.h"
#include "servers/installer.h"

namespace truename::cli {

class Program;

// The subcommands of `certificate`; certificate.cpp lists them.
extern const Command kCertificateImportCommand;   ///< certificate_import.cpp
extern const Command kCertificateIssueCommand;    ///< certificate_issue.cpp
extern const Command kCertificateOrderCommand;    ///< certificate_order.cpp
extern const Command kCertificateRequestCommand;  ///< certificate_request.cpp
extern const Command kCertificateRenewCommand;    ///< certificate_issue.cpp
extern const Command kCertificateUseCommand;      ///< certificate_import.cpp
extern const Command kCertificateListCommand;     ///< certificate_list.cpp
extern const Command kCertificateUndoCommand;     ///< certificate_undo.cpp
extern const Command kCertificateResumeCommand;   ///< certificate_undo.cpp

namespace option {

inline constexpr Option kServer = {
    .name = "server",
    .argument = "NAME",
    .help = "A mail server of this machine: `dovecot` or `postfix`. Otherwise those that it has.",
    .repeatable = true,
    .offers = Offers::words,
    .words = servers::kServers,
};

inline constexpr Option kConfig = {
    .name = "config",
    .argument = "FOLDER",
    .help = "Where its configuration is, if not where Debian has it; the first for the first `--server`, and so on.",
    .repeatable = true,
    .offers = Offers::folder,
};

inline constexpr Option kState = {
    .name = "state",
    .argument = "FOLDER",
    .help = "Where the record of installations is kept (`/var/lib/truename/certificates`).",
    .offers = Offers::folder,
};

inline constexpr Option kPatience = {
    .name = "patience",
    .argument = "SECONDS",
    .help = "Wait at most this long until every process of a server shows what it should (120); then all is put back.",
};

inline constexpr Option kJson = {.name = "json", .help = "Write what would be or was done as one JSON object."};

inline constexpr Option kSni = {
    .name = "sni",
    .help =
        "Show it only to who asks for one of its names (SNI), from a place of its own that is made where there is none; everybody else "
        "is shown what they are shown now.",
};

inline constexpr Option kDryRun = {.name = "dry-run", .help = "Say what would be done, and do nothing."};

}  // namespace option

/// The servers of `--server` and `--config`, or those that this machine has. Stops with usage when there are none.
[[nodiscard]] Result<std::vector<std::shared_ptr<const servers::Server>>, Stop> chosen_servers(const Arguments& arguments);

/// The folder of `--state`.
[[nodiscard]] std::string state_folder(const Arguments& arguments);

/// What has to run so that a certificate is renewed, with these options, in a sentence; `timer` runs it for the usual folders.
[[nodiscard]] std::string renewing(const Arguments& arguments, std::string_view options, std::string_view timer, bool is_usual_folder);

/// Whether there is a record in it.
[[nodiscard]] bool has_journal(const Arguments& arguments);

/// The record of `--state`, made when there is none.
[[nodiscard]] Result<servers::Journal, Stop> open_journal(const Arguments& arguments);

/// How verdicts are made: `--client`, `--trust`, `--lang` and `--data`, with these roots added.
[[nodiscard]] Result<doctor::Settings, Stop> installing_settings(const Arguments& arguments, const Program& program,
                                                                 std::vector<doctor::NamedFile> added_roots = {});

/// How long `--patience` waits.
[[nodiscard]] Result<servers::Patience, Stop> read_patience(const Arguments& arguments);

/// An installer that says what it does, and stops when Ctrl-C is pressed. Borrows all of them.
[[nodiscard]] servers::Installer make_installer(servers::Journal& journal, const doctor::Settings& settings,
                                                const servers::Patience& patience, Program& program);

/// What is to be installed, and for whom.
struct Installing {
    servers::Completed completed;
    servers::Audience audience;
    servers::Origin origin;
};

/// For whom a certificate with these names is: `--sni`.
[[nodiscard]] servers::Audience audience_for(std::vector<std::string> names, const Arguments& arguments);

/// The names of `--name`, in A-labels.
[[nodiscard]] Result<std::vector<std::string>, Stop> names_to_serve(const Arguments& arguments);

/// Installs it, or with `--dry-run` says what would be done. Needs the options above and `--force`; `--json` may be among
/// them.
[[nodiscard]] ExitCode install(const Arguments& arguments, Program& program, const std::vector<servers::Surveyed>& servers,
                               const Installing& installing, const doctor::Settings& settings);

/// certificate_order.cpp: waits until no other program orders or renews with the folder of `--state`; empty where there is none yet.
[[nodiscard]] Result<Descriptor, Stop> claim_orders(const Arguments& arguments, Program& program);

/// certificate_order.cpp: orders anew what was ordered and is due, `--all` of it otherwise; `installations` are those of the record.
[[nodiscard]] ExitCode renew_ordered(const Arguments& arguments, Program& program, const std::vector<servers::Installation>& installations);

/// The number of an installation.
[[nodiscard]] Result<std::int64_t, Stop> read_number(std::string_view text);

}  // namespace truename::cli
