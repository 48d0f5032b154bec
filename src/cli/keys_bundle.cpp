#include <cstring>

#include "base/replace_file.h"
#include "base/text.h"
#include "cli/ca.h"
#include "cli/keys.h"
#include "cli/mail.h"
#include "cli/out_folder.h"
#include "cli/program.h"
#include "cli/shared_options.h"
#include "crypto/pkcs12.h"
#include "mail/mail_program.h"
#include "mail/signer_trust.h"

namespace truename::cli {

namespace {

/// The program of `--for`, one whose way to take a key is known.
Result<const mail::MailProgram*, Stop> chosen_program(const Arguments& arguments) {
    const auto wanted = arguments.get("for");
    std::string known;
    for (const mail::MailProgram& program : mail::mail_programs()) {
        if (!program.import_lock) continue;
        if (wanted && program.id == *wanted) return &program;
        known += (known.empty() ? "" : ", ") + program.id;
    }
    const std::string reason = wanted ? "of \"" + printable(*wanted) + "\" it is not known which files it takes" : "the program is missing";
    return Unexpected{usage_stop("--for", reason, "There are: " + known)};
}

std::vector<ByteString> certificates_of(const mail::Identity& identity) {
    std::vector<ByteString> certificates{identity.certificate};
    certificates.insert(certificates.end(), identity.issuers.begin(), identity.issuers.end());
    return certificates;
}

ExitCode run_bundle(const Arguments& arguments, Program& program) {
    const auto reader = chosen_program(arguments);
    if (!reader) return program.stop(reader.error());
    const auto path = arguments.get("out");
    if (!path || path->empty()) return program.stop(usage_stop("the command line", "--out is missing", "Name the file: --out ann.p12"));
    const auto identity = read_identity(arguments, program, true);
    if (!identity) return program.stop(identity.error());
    const auto file = arguments.get("p12-passphrase-file");
    if (!file)
        return program.stop(usage_stop("the command line", "--p12-passphrase-file is missing",
                                       "Name a file with the passphrase that the file is to be locked with, in its first line"));
    const auto passphrase = read_secret(std::string(*file), "reading the passphrase in", program);
    if (!passphrase) return program.stop(passphrase.error());
    const std::string name = mail::describe_owner((*identity)->own());
    const auto bundle =
        crypto::write_pkcs12((*identity)->key, certificates_of(**identity), name, passphrase->view(), *(*reader)->import_lock);
    if (!bundle)
        return program.stop(
            {ExitCode::bad_input, {FailureKind::input, "putting together", printable(*path), "OpenSSL does not take the key", ""}});
    if (const auto written = replace_file(std::string(*path), as_text(bundle->view()), Readers::owner); !written)
        return program.stop({ExitCode::no_write, {FailureKind::local, "writing", printable(*path), std::strerror(written.error()), ""}});
    program.print("Wrote " + printable(*path) + " for " + (*reader)->title + ", of " + name + ":\n");
    for (const std::string& step : (*reader)->import_steps) {
        std::string text = step;
        if (const std::size_t at = text.find("{file}"); at != std::string::npos) text.replace(at, 6, printable(*path));
        program.print("  " + text + "\n");
    }
    program.print("Tell the owner the passphrase by another way than the file.\n");
    return ExitCode::silent;
}

constexpr Option kOptions[] = {
    option::kMailKey,
    option::kMailCert,
    option::kMailPassphrase,
    {.name = "for",
     .argument = "PROGRAM",
     .help = "Who has to open it: `thunderbird`, `outlook-2016`, `apple-mail`, `gpgsm`, `nss`, `openssl-cms`."},
    {.name = "p12-passphrase-file",
     .argument = "FILE",
     .help = "The passphrase that the new file is locked with, in the first line of this file.",
     .offers = Offers::file},
    {.name = "out", .argument = "FILE", .help = "The file to write; only its owner may read it.", .offers = Offers::file},
};

}  // namespace

const Command kKeysBundleCommand = {
    .name = "keys bundle",
    .summary = "Put a key and its certificates into one file (PKCS #12) that a mail program takes, and say how",
    .options = kOptions,
    .run = run_bundle,
};

}  // namespace truename::cli
