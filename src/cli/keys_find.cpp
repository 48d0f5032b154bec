#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "cli/keys.h"
#include "cli/mail.h"
#include "cli/program.h"
#include "cli/shared_options.h"

namespace truename::cli {

namespace {

ExitCode run_list(const Arguments& arguments, Program& program) {
    auto opened = open_keys(arguments, program);
    if (!opened) return program.stop(opened.error());
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
    auto opened = open_keys(arguments, program);
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
        for (const keys::Key& key : *keys) program.print(key_in_words(key));
    return chosen != nullptr ? ExitCode::silent : ExitCode::warns;
}

constexpr Option kOptions[] = {
    option::kKeyStore, {.name = "json", .help = "Write JSON: an object, or for `list` one on each line."}, option::kKeyTrust, option::kAt};

}  // namespace

const Command kKeysListCommand = {
    .name = "keys list",
    .summary = "List all keys that are known",
    .options = kOptions,
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
