#include <algorithm>
#include <set>

#include "base/text.h"
#include "cli/keys.h"
#include "cli/mail.h"
#include "cli/program.h"
#include "cli/shared_options.h"
#include "keys/smimea.h"
#include "mail/certificates_message.h"
#include "x509/pem.h"

namespace truename::cli {

namespace {

Stop unknown(std::string_view doing, std::string_view name) {
    return {ExitCode::usage,
            {FailureKind::usage, std::string(doing), printable(name), "no such key is known", "See those that are: truename keys list"}};
}

/// The address that is meant: the one that was given, or the key's first.
std::string address_of(const keys::Key& key, std::string_view name) {
    if (name.find('@') != std::string_view::npos) return std::string(name);
    const auto certificate = x509::parse_certificate(key.row.certificate);
    const auto addresses = certificate ? keys::addresses_of(*certificate) : std::vector<std::string>();
    return addresses.empty() ? "" : addresses.front();
}

/// As people compare it by telephone: half of it on a line.
std::string fingerprint_in_lines(const keys::Key& key) {
    const std::string text = keys::fingerprint_text(key);
    constexpr std::size_t kHalf = 48;  // of `ab:` each
    return "  " + text.substr(0, kHalf) + "\n  " + text.substr(kHalf) + "\n";
}

/// A message to everybody who shall write to the owner.
std::optional<std::string> message_of(const std::string& address, const keys::Key& key, const std::vector<ByteString>& issuers) {
    std::vector<ByteString> certificates = {key.row.certificate};
    certificates.insert(certificates.end(), issuers.begin(), issuers.end());
    const std::string text = "My certificate is attached: with it, what you write to " + address +
                             "\ncan be encrypted so that only I can read it.\n\n"
                             "Anybody could have sent this message. Please compare the fingerprint with me,\n"
                             "by telephone for one, before you trust it (SHA-256):\n\n" +
                             fingerprint_in_lines(key) + "\nIt is valid until " + format_date(key.not_after) + ".\n";
    return mail::certificates_message(address, "My certificate for encrypted mail", text, certificates);
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
    if (arguments.has("smimea") && arguments.has("message"))
        return program.stop(usage_stop("the command line", "--smimea and --message are two forms", "Take one after the other"));
    const std::string address = address_of(key, name);
    const std::vector<ByteString> issuers = opened->directory.issuers_of(key);
    if (arguments.has("smimea") || arguments.has("message")) {
        auto text = arguments.has("message") ? message_of(address, key, issuers) : keys::smimea_record(address, key.row.certificate);
        if (!text)
            return program.stop(
                {ExitCode::bad_input,
                 {FailureKind::input, "exporting the key of", printable(address), "that is no address that a message could be from", ""}});
        if (!arguments.has("message")) *text += "\n";
        program.print(*text);
        return ExitCode::silent;
    }
    std::string text = x509::to_pem("CERTIFICATE", key.row.certificate);
    for (const ByteString& issuer : issuers) text += x509::to_pem("CERTIFICATE", issuer);
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

/// The fingerprints of the keys that are used.
Result<std::set<std::string>, Stop> usable_keys(keys::Directory& directory) {
    const auto all = directory.list();
    if (!all) return Unexpected{stop_for_mail(all.error())};
    std::set<std::string> usable;
    for (const keys::Key& key : *all) {
        if (key.is_usable()) usable.insert(keys::fingerprint_text(key));
    }
    return usable;
}

/// Says which keys are used no more, those that are still there.
Result<void, Stop> tell_unused(const Arguments& arguments, const std::set<std::string>& before, Program& program) {
    auto opened = open_keys(arguments, program, sql::Access::read);
    if (!opened) return forward_error(opened);
    const auto all = opened->directory.list();
    if (!all) return Unexpected{stop_for_mail(all.error())};
    for (const keys::Key& key : *all) {
        if (!key.is_usable() && before.contains(keys::fingerprint_text(key)))
            program.note("The key of " + key.owner + " is not used any more. " + key.reasons.front() + ".");
    }
    return {};
}

ExitCode run_forget(const Arguments& arguments, Program& program) {
    auto opened = open_keys(arguments, program, sql::Access::write);
    if (!opened) return program.stop(opened.error());
    const auto before = usable_keys(opened->directory);
    if (!before) return program.stop(before.error());
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
    if (const auto told = tell_unused(arguments, *before, program); !told) return program.stop(told.error());
    return ExitCode::silent;
}

constexpr Option kExportOptions[] = {
    option::kKeyStore,
    {.name = "message", .help = "Write it as a message to send: a text with the fingerprint, and the certificates as a file."},
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
