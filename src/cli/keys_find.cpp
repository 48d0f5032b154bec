#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "cli/keys.h"
#include "cli/mail.h"
#include "cli/program.h"
#include "cli/shared_options.h"

namespace truename::cli {

namespace {

/// The authorities that are known, those whose word counts first.
ExitCode list_authorities(const keys::Directory& directory, bool as_json, Program& program) {
    for (const bool is_trusted : {true, false}) {
        for (const keys::AuthorityRow& row : directory.authorities()) {
            if (row.is_trusted != is_trusted) continue;
            if (!as_json) {
                program.print(authority_in_words(row) + (is_trusted
                                                             ? "  its word counts\n"
                                                             : "  its word does not count: it leads to an authority whose word does\n"));
                continue;
            }
            JsonWriter json;
            const auto certificate = x509::parse_certificate(row.certificate);
            json.begin_object()
                .member("name", certificate ? x509::to_string(certificate->subject) : "")
                .member("fingerprint", to_hex(crypto::sha256(row.certificate), ':'))
                .member("trusted", is_trusted);
            json.member("origin", row.origin).member("since", format_time(row.added)).end_object();
            program.print(json.text() + "\n");
        }
    }
    return ExitCode::silent;
}

ExitCode run_list(const Arguments& arguments, Program& program) {
    auto opened = open_keys(arguments, program, sql::Access::read);
    if (!opened) return program.stop(opened.error());
    if (arguments.has("authorities")) return list_authorities(opened->directory, arguments.has("json"), program);
    const auto keys = opened->directory.list();
    if (!keys) return program.stop(stop_for_mail(keys.error()));
    if (keys->empty() && !arguments.has("json")) program.print("No keys are known.\n");
    for (const keys::Key& key : *keys) program.print(arguments.has("json") ? key_as_json(key) + "\n" : key_in_words(key));
    return ExitCode::silent;
}

std::string found_as_json(std::string_view address, const std::vector<keys::Key>& keys, const keys::Key* use) {
    std::string text = "{\"address\":" + json_quoted(address) +
                       ",\"use\":" + (use != nullptr ? json_quoted(keys::fingerprint_text(*use)) : "null") + ",\"keys\":[";
    for (const keys::Key& key : keys) text += (&key == keys.data() ? "" : ",") + key_as_json(key);
    return text + "]}\n";
}

ExitCode run_find(const Arguments& arguments, Program& program) {
    auto opened = open_keys(arguments, program, sql::Access::read);
    if (!opened) return program.stop(opened.error());
    const std::string_view address = arguments.positionals().front();
    const auto keys = opened->directory.find(address);
    if (!keys) return program.stop(stop_for_mail(keys.error()));
    const auto use = std::ranges::find_if(*keys, &keys::Key::is_usable);
    const keys::Key* chosen = use == keys->end() ? nullptr : &*use;
    if (arguments.has("json"))
        program.print(found_as_json(address, *keys, chosen));
    else if (keys->empty())
        program.print("No key of " + printable(address) + " is known.\n");
    else
        for (const keys::Key& key : *keys) program.print(key_in_words(key) + (&key == chosen ? "  This one is used.\n" : ""));
    return chosen != nullptr ? ExitCode::silent : ExitCode::warns;
}

constexpr Option kOptions[] = {option::kKeyStore, {.name = "json", .help = "Write one JSON object."}, option::kKeyTrust, option::kAt};

constexpr Option kListOptions[] = {option::kKeyStore,
                                   {.name = "authorities", .help = "List the authorities that are known instead, and whose word counts."},
                                   {.name = "json", .help = "Write JSON: an object on each line."},
                                   option::kKeyTrust,
                                   option::kAt};

}  // namespace

const Command kKeysListCommand = {
    .name = "keys list",
    .summary = "List all keys that are known",
    .options = kListOptions,
    .run = run_list,
};

const Command kKeysFindCommand = {
    .name = "keys find",
    .summary = "Show the keys of an address, who vouches for each, and which would be used",
    .positionals = "ADDRESS",
    .least = 1,
    .most = 1,
    .options = kOptions,
    .run = run_find,
};

}  // namespace truename::cli
