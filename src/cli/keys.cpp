#include "cli/keys.h"

#include <cstdlib>

#include "base/json.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/judging.h"
#include "cli/mail.h"
#include "cli/program.h"

namespace truename::cli {

namespace {

std::string key_folder(const Arguments& arguments) {
    if (const auto folder = arguments.get("store")) return std::string(*folder);
    const char* data = std::getenv("XDG_DATA_HOME");
    if (data != nullptr && *data == '/') return std::string(data) + "/truename/keys";
    const char* home = std::getenv("HOME");
    return (home != nullptr ? std::string(home) : std::string()) + "/.local/share/truename/keys";
}

/// The word of a key's standing, for scripts.
std::string_view state_of(const keys::Key& key) {
    if (key.is_held) return "held";
    if (key.is_usable()) return "usable";
    return key.vouched.empty() ? "not-vouched" : "unusable";
}

}  // namespace

Result<OpenedKeys, Stop> open_keys(const Arguments& arguments, const Program& program, sql::Access access) {
    auto store = keys::KeyStore::open(key_folder(arguments), access);
    if (!store) return Unexpected{Stop{access == sql::Access::create ? ExitCode::no_write : ExitCode::no_input, store.error()}};
    auto trust = read_trust(arguments);
    if (!trust) return forward_error(trust);
    const auto at = judging_time(arguments);
    if (!at) return forward_error(at);
    auto kept = std::make_unique<keys::KeyStore>(std::move(*store));
    auto directory = keys::Directory::open(*kept, std::move(*trust), at->value_or(program.clock().now()));
    if (!directory) return Unexpected{stop_for_mail(directory.error())};
    return OpenedKeys{std::move(kept), std::move(*directory)};
}

bool begins_with(const crypto::Sha256& fingerprint, std::string_view typed) {
    constexpr std::size_t kShortest = 8;  // hexadecimal digits
    std::string digits = ascii_lower(typed);
    std::erase_if(digits, [](char c) { return c == ':' || c == ' '; });
    return digits.size() >= kShortest && to_hex(fingerprint).starts_with(digits);
}

Result<std::vector<keys::Key>, Stop> named_keys(keys::Directory& directory, std::string_view name) {
    const bool is_address = name.find('@') != std::string_view::npos;
    auto keys = is_address ? directory.find(name) : directory.list();
    if (!keys) return Unexpected{stop_for_mail(keys.error())};
    if (!is_address) std::erase_if(*keys, [&](const keys::Key& key) { return !begins_with(key.fingerprint(), name); });
    return std::move(*keys);
}

std::string key_in_words(const keys::Key& key) {
    std::string text = key.owner + "  until " + format_date(key.not_after) + (key.is_usable() ? "" : "  NOT USED") + "\n";
    text += "  SHA-256 " + keys::fingerprint_text(key) + "\n";
    text += "  from " + printable(key.row.origin) + ", since " + format_date(key.row.added) + "\n";
    if (!key.vouched.empty()) text += "  vouched for by " + key.vouched + "\n";
    for (const std::string& reason : key.reasons) text += "  " + reason + ".\n";
    return text;
}

std::string authority_in_words(const keys::AuthorityRow& row) {
    const auto certificate = x509::parse_certificate(row.certificate);
    return (certificate ? printable(x509::to_string(certificate->subject)) : std::string("that cannot be read")) + "\n  SHA-256 " +
           to_hex(crypto::sha256(row.certificate), ':') + "\n  from " + printable(row.origin) + ", since " + format_date(row.added) + "\n";
}

std::string key_as_json(const keys::Key& key) {
    JsonWriter json;
    json.begin_object().member("owner", key.owner).member("fingerprint", keys::fingerprint_text(key)).member("state", state_of(key));
    json.member("origin", key.row.origin).member("since", format_time(key.row.added));
    json.member("not_before", format_time(key.not_before)).member("not_after", format_time(key.not_after));
    json.key("vouched_by");
    if (key.vouched.empty())
        json.null();
    else
        json.value(key.vouched);
    json.key("reasons").begin_array();
    for (const std::string& reason : key.reasons) json.value(reason);
    return json.end_array().end_object().take();
}

namespace {

const Command kSubcommands[] = {kKeysAddCommand,    kKeysConfirmCommand, kKeysListCommand,  kKeysFindCommand,
                                kKeysExportCommand, kKeysBundleCommand,  kKeysForgetCommand};

}  // namespace

const Command kKeysCommand = {
    .name = "keys",
    .summary = "Know whose key it is: people's certificates by address, and who vouches for each",
    .subcommands = kSubcommands,
};

}  // namespace truename::cli
