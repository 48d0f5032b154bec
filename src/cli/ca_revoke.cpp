#include <algorithm>
#include <array>

#include "base/text.h"
#include "cli/ca.h"
#include "cli/judging.h"
#include "cli/out_folder.h"
#include "cli/program.h"

namespace truename::cli {

namespace {

/// CRLReason (RFC 5280 5.3.1) as far as it is said of a certificate of a server or a person.
constexpr std::array<std::pair<std::string_view, std::int64_t>, 6> kReasons = {{{"unspecified", 0},
                                                                                {"keyCompromise", 1},
                                                                                {"affiliationChanged", 3},
                                                                                {"superseded", 4},
                                                                                {"cessationOfOperation", 5},
                                                                                {"privilegeWithdrawn", 9}}};

void print_lists(const std::vector<authority::PublishedList>& lists, Program& program) {
    for (const authority::PublishedList& list : lists) program.print("Made " + describe(list) + "\n");
}

/// The folder of `--out`, before anything is done; nothing when it was not given.
Result<std::optional<OutFolder>, Stop> served_folder(const Arguments& arguments) {
    if (!arguments.has("out")) return std::optional<OutFolder>();
    auto out = OutFolder::open(*arguments.get("out"));
    if (!out) return forward_error(out);
    return std::optional(std::move(*out));
}

/// Copies the lists to where a web server has them.
ExitCode serve_lists(authority::Authority& authority, const std::optional<OutFolder>& out, Program& program) {
    if (!out) return ExitCode::silent;
    const auto copied = authority.copy_lists(out->path(), program.clock().now());
    if (!copied) return program.stop(stop_for(copied.error()));
    for (const std::string& path : *copied) program.print("Copied " + printable(path) + "\n");
    return ExitCode::silent;
}

ExitCode run_ca_revoke(const Arguments& arguments, Program& program) {
    const std::string_view word = arguments.get("reason").value_or("unspecified");
    const auto* reason = std::ranges::find(kReasons, word, [](const auto& row) { return row.first; });
    auto opened = unlocked_authority(arguments, program);
    if (!opened) return program.stop(opened.error());
    const auto out = served_folder(arguments);
    if (!out) return program.stop(out.error());
    const auto serial = read_serial(arguments.positionals().front(), *opened);
    if (!serial) return program.stop(serial.error());
    opened->set_root_key(std::string(arguments.get("root-key").value_or("")));
    const auto lists = opened->revoke(*serial, reason->second, program.clock().now());
    if (!lists) return program.stop(stop_for(lists.error()));
    program.print("Revoked.\n");
    print_lists(*lists, program);
    return serve_lists(*opened, *out, program);
}

ExitCode run_ca_crl(const Arguments& arguments, Program& program) {
    auto opened = unlocked_authority(arguments, program);
    if (!opened) return program.stop(opened.error());
    const auto out = served_folder(arguments);
    if (!out) return program.stop(out.error());
    program.set_activity("making revocation lists");
    opened->set_root_key(std::string(arguments.get("root-key").value_or("")));
    const auto lists = opened->publish_lists(program.clock().now(), !arguments.has("due"));
    program.end_activity();
    if (!lists) return program.stop(stop_for(lists.error()));
    if (lists->empty()) program.print("No revocation list is due.\n");
    print_lists(*lists, program);
    const auto waits = opened->root_list_waits(program.clock().now());
    if (!waits) return program.stop(stop_for(waits.error()));
    if (*waits) program.note("The list of the root is due, too, and its key is not there: truename ca crl --root-key FILE makes it.");
    return serve_lists(*opened, *out, program);
}

constexpr Option kOut = {
    .name = "out",
    .argument = "FOLDER",
    .help = "Copy the newest lists there, for a web server, under the names that certificates have in their addresses.",
    .offers = Offers::folder};

constexpr Option kRevokeOptions[] = {
    option::kStore,
    option::kPassphraseFile,
    option::kPinFile,
    {.name = "reason",
     .argument = "WORD",
     .help = "Why (RFC 5280 5.3.1): `unspecified` (the default), `keyCompromise` ...",
     .offers = Offers::words,
     .words = "unspecified keyCompromise affiliationChanged superseded cessationOfOperation privilegeWithdrawn"},
    kOut,
    option::kRootKey,
};

constexpr Option kCrlOptions[] = {
    option::kStore, option::kPassphraseFile, option::kPinFile, {.name = "due", .help = "Only those whose time is half over: for a timer."},
    kOut,           option::kRootKey,
};

}  // namespace

const Command kCaRevokeCommand = {
    .name = "ca revoke",
    .summary = "Take a certificate back, by its serial number or its file, and make the revocation list that says so",
    .positionals = "SERIAL|FILE",
    .least = 1,
    .most = 1,
    .offers = Offers::file,
    .options = kRevokeOptions,
    .run = run_ca_revoke,
};

const Command kCaCrlCommand = {
    .name = "ca crl",
    .summary = "Make the revocation lists anew",
    .options = kCrlOptions,
    .run = run_ca_crl,
};

}  // namespace truename::cli
