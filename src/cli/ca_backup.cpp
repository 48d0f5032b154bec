#include "authority/backup.h"
#include "base/text.h"
#include "cli/ca.h"
#include "cli/judging.h"
#include "cli/program.h"

namespace truename::cli {

namespace {

ExitCode run_ca_backup(const Arguments& arguments, Program& program) {
    const auto folder = store_folder(arguments);
    if (!folder) return program.stop(folder.error());
    const std::string out(arguments.get("out").value_or(""));
    if (out.empty())
        return program.stop(usage_stop("the command line", "--out is missing", "Name the folder of the backup, which is not there yet"));
    auto store = authority::Store::open(*folder);
    if (!store) return program.stop(stop_for(store.error()));
    if (const auto made = authority::make_backup(*store, out); !made) return program.stop(stop_for(made.error()));
    program.print("The backup is made and was looked through: " + printable(out) + "\n");
    return ExitCode::silent;
}

ExitCode run_ca_restore(const Arguments& arguments, Program& program) {
    const auto folder = store_folder(arguments);
    if (!folder) return program.stop(folder.error());
    const std::string from(arguments.get("from").value_or(""));
    if (from.empty()) return program.stop(usage_stop("the command line", "--from is missing", "Name the folder of the backup"));
    const auto pin = read_pin(arguments, program);
    if (!pin) return program.stop(pin.error());
    const auto passphrase = read_passphrase(arguments, program, pin->empty());
    if (!passphrase) return program.stop(passphrase.error());
    const auto restored = authority::restore_backup(from, *folder, *passphrase, program.clock().now(), *pin);
    if (!restored) return program.stop(stop_for(restored.error()));
    program.print("The authority is there again, in " + printable(*folder) +
                  ", as it was at the backup.\nWhat was revoked since then has to be revoked again.\n");
    return ExitCode::silent;
}

constexpr Option kBackupOptions[] = {
    option::kStore,
    {.name = "out",
     .argument = "FOLDER",
     .help = "The folder of the backup, which is not there yet. Always needed.",
     .offers = Offers::folder},
};

constexpr Option kRestoreOptions[] = {
    option::kStore,
    {.name = "from", .argument = "FOLDER", .help = "The folder of a backup. Always needed.", .offers = Offers::folder},
    option::kPassphraseFile,
    option::kPinFile,
};

}  // namespace

const Command kCaBackupCommand = {
    .name = "ca backup",
    .summary = "Copy the authority, at one moment and while others work with it",
    .options = kBackupOptions,
    .run = run_ca_backup,
};

const Command kCaRestoreCommand = {
    .name = "ca restore",
    .summary = "Make an authority of a backup, in a folder that is not there yet",
    .options = kRestoreOptions,
    .run = run_ca_restore,
};

}  // namespace truename::cli
