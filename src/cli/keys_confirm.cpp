#include <algorithm>

#include "base/text.h"
#include "cli/keys.h"
#include "cli/mail.h"
#include "cli/program.h"
#include "cli/shared_options.h"

namespace truename::cli {

namespace {

ExitCode run_confirm(const Arguments& arguments, Program& program) {
    auto opened = open_keys(arguments, program, sql::Access::write);
    if (!opened) return program.stop(opened.error());
    const std::string_view fingerprint = arguments.positionals().front();
    if (fingerprint.find('@') != std::string_view::npos)
        return program.stop(usage_stop("the command line", printable(fingerprint) + " is an address",
                                       "Give the fingerprint that the owner has read to you: an address may have several keys"));
    // Somebody can make a key that begins as another one does, as long as few digits are compared.
    constexpr auto kDigits = 32;
    if (std::ranges::count_if(fingerprint, [](char c) { return c != ':' && c != ' '; }) < kDigits)
        return program.stop(usage_stop("the fingerprint " + printable(fingerprint), "half of it is the least that has to be compared",
                                       "Give 32 digits or all 64; truename keys list shows them"));
    const auto keys = named_keys(opened->directory, fingerprint);
    if (!keys) return program.stop(keys.error());
    if (keys->size() != 1)
        return program.stop(usage_stop("the fingerprint " + printable(fingerprint),
                                       keys->empty() ? "no key that is known begins so" : counted(keys->size(), "key") + " begin so",
                                       "truename keys list shows them"));
    const auto confirmed = opened->directory.confirm(keys->front());
    if (!confirmed) return program.stop(stop_for_mail(confirmed.error()));
    program.print(key_in_words(*confirmed));
    return confirmed->is_usable() ? ExitCode::silent : ExitCode::warns;
}

constexpr Option kOptions[] = {option::kKeyStore, option::kKeyTrust, option::kAt};

}  // namespace

const Command kKeysConfirmCommand = {
    .name = "keys confirm",
    .summary = "Say that you have compared a key's fingerprint with its owner, by telephone for one",
    .positionals = "FINGERPRINT",
    .least = 1,
    .most = 1,
    .options = kOptions,
    .run = run_confirm,
};

}  // namespace truename::cli
