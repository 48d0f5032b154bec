#include <algorithm>

#include "base/text.h"
#include "cli/keys.h"
#include "cli/mail.h"
#include "cli/program.h"
#include "cli/shared_options.h"
#include "keys/smimea.h"
#include "x509/pem.h"

namespace truename::cli {

namespace {

Stop unknown(std::string_view doing, std::string_view name) {
    return {ExitCode::usage,
            {FailureKind::usage, std::string(doing), printable(name), "no such key is known", "See those that are: truename keys list"}};
}

ExitCode run_export(const Arguments& arguments, Program& program) {
    auto opened = open_keys(arguments, program, sql::Access::read);
    if (!opened) return program.stop(opened.error());
    const std::string_view name = arguments.positionals().front();
    const auto keys = named_keys(opened->directory, name);
    if (!keys) return program.stop(keys.error());
    if (keys->empty()) return program.stop(unknown("exporting", name));
    // One that can be used before others; they are in the order of their beginning, the newest first.
    const auto usable = std::ranges::find_if(*keys, &keys::Key::is_usable);
    const keys::Key& key = usable != keys->end() ? *usable : keys->front();
    for (const std::string& reason : key.reasons) program.note(reason + ".");
    if (arguments.has("smimea")) {
        const std::string address = name.find('@') != std::string_view::npos ? std::string(name) : key.owner.substr(0, key.owner.find(','));
        const auto record = keys::smimea_record(address, key.row.certificate);
        if (!record) return program.stop(unknown("making a record for", address));
        program.print(*record + "\n");
        return ExitCode::silent;
    }
    std::string text = x509::to_pem("CERTIFICATE", key.row.certificate);
    for (const ByteString& issuer : opened->directory.issuers_of(key)) text += x509::to_pem("CERTIFICATE", issuer);
    program.print(text);
    return ExitCode::silent;
}

/// Authorities whose fingerprint begins so: their word counts no more. Gives how many there were.
Result<std::size_t, Stop> forget_authorities(OpenedKeys& opened, std::string_view name, Program& program) {
    std::size_t gone = 0;
    for (const keys::AuthorityRow& row : opened.directory.authorities()) {
        const crypto::Sha256 fingerprint = crypto::sha256(row.certificate);
        if (!begins_with(fingerprint, name)) continue;
        if (const auto done = opened.store->forget_authority(fingerprint); !done) return Unexpected{stop_for_mail(done.error())};
        program.print("Forgotten: the authority " + authority_in_words(row));
        ++gone;
    }
    return gone;
}

ExitCode run_forget(const Arguments& arguments, Program& program) {
    auto opened = open_keys(arguments, program, sql::Access::write);
    if (!opened) return program.stop(opened.error());
    const std::string_view name = arguments.positionals().front();
    const auto keys = named_keys(opened->directory, name);
    if (!keys) return program.stop(keys.error());
    const auto gone = forget_authorities(*opened, name, program);
    if (!gone) return program.stop(gone.error());
    if (keys->empty() && *gone == 0) return program.stop(unknown("forgetting", name));
    for (const keys::Key& key : *keys) {
        if (const auto done = opened->store->forget(key.fingerprint()); !done) return program.stop(stop_for_mail(done.error()));
        program.print("Forgotten: " + key.owner + ", " + keys::fingerprint_text(key) + "\n");
    }
    return ExitCode::silent;
}

constexpr Option kExportOptions[] = {
    option::kKeyStore,
    {.name = "smimea", .help = "Write it as a SMIMEA record (RFC 8162), a line for the zone of the address."},
    option::kKeyTrust,
    option::kAt,
};

constexpr Option kForgetOptions[] = {option::kKeyStore, option::kKeyTrust, option::kAt};

}  // namespace

const Command kKeysExportCommand = {
    .name = "keys export",
    .summary = "Write a key as one hands it to others: its certificate and those of its issuers",
    .positionals = "ADDRESS|FINGERPRINT",
    .least = 1,
    .most = 1,
    .options = kExportOptions,
    .run = run_export,
};

const Command kKeysForgetCommand = {
    .name = "keys forget",
    .summary = "Forget the keys of an address, or a key or an authority by the beginning of its fingerprint",
    .positionals = "ADDRESS|FINGERPRINT",
    .least = 1,
    .most = 1,
    .options = kForgetOptions,
    .run = run_forget,
};

}  // namespace truename::cli
