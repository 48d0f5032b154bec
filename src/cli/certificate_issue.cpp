#include <algorithm>

#include "base/text.h"
#include "cli/ca.h"
#include "cli/certificate.h"
#include "cli/judging.h"
#include "cli/order_options.h"
#include "cli/preflight.h"
#include "cli/program.h"
#include "cli/shared_options.h"
#include "request/foretell.h"
#include "request/renewal.h"
#include "wizard/wizard.h"

namespace truename::cli {

namespace {

using servers::Installation;

/// Makes a key and a certificate for it; with `--dry-run` one that nobody has signed. Nothing: some program would warn or refuse, and that
/// has been said.
Result<std::optional<servers::Completed>, Stop> make_credential(const Arguments& arguments, Program& program,
                                                                authority::Authority& authority, const std::vector<std::string>& names) {
    const Time now = program.clock().now();
    const auto key = authority::make_key(authority::KeyType::p256);
    if (!key) return Unexpected{stop_for(key.error())};
    authority::Order order;
    order.profile = authority::find_certificate_profile("server");
    order.names = names;
    order.public_key_info = key->public_key_info();
    auto draft = authority.draft(order, now);
    if (!draft) return Unexpected{stop_for(draft.error())};
    const Result<ExitCode, Stop> told = preflight(*draft, authority, arguments, program);
    if (!told) return forward_error(told);
    if (*told != ExitCode::silent && !arguments.has("force")) return std::optional<servers::Completed>();
    if (arguments.has("dry-run")) {
        const ByteString unsigned_one = authority::signed_certificate(draft->row, draft->algorithm);
        return std::optional(servers::Completed{{{unsigned_one, authority.intermediate()}, *key}, {}});
    }
    auto issued = authority.issue(std::move(*draft), now);
    if (!issued) return Unexpected{stop_for(issued.error())};
    servers::Completed completed{{{std::move(issued->certificate)}, *key}, {}};
    for (ByteString& above : issued->above) completed.credential.chain.push_back(std::move(above));
    return std::optional(std::move(completed));
}

/// Issues for these names and installs in these servers.
ExitCode issue_and_install(const Arguments& arguments, Program& program, authority::Authority& authority,
                           const std::vector<std::shared_ptr<const servers::Server>>& chosen, servers::Audience audience) {
    const auto store = store_folder(arguments);
    if (!store) return program.stop(store.error());
    const auto settings = installing_settings(arguments, program, {{"the authority's root", authority.root()}});
    if (!settings) return program.stop(settings.error());
    // Before anything is issued: a server that cannot take it.
    const auto surveyed = servers::survey_all(chosen);
    if (!surveyed) return program.stop(stop_for(surveyed.error()));
    auto completed = make_credential(arguments, program, authority, audience.names);
    if (!completed) return program.stop(completed.error());
    if (!*completed) {
        program.note("Nothing was issued; --force issues it all the same.");
        return ExitCode::warns;
    }
    return install(arguments, program, *surveyed, {std::move(**completed), std::move(audience), {"issue", absolute(*store)}}, *settings);
}

/// Where the first certificate of an authority would go that is still to be made.
ExitCode show_first(const Arguments& arguments, Program& program, const std::vector<std::shared_ptr<const servers::Server>>& chosen,
                    std::vector<std::string> names) {
    const auto settings = installing_settings(arguments, program);
    if (!settings) return program.stop(settings.error());
    const auto surveyed = servers::survey_all(chosen);
    if (!surveyed) return program.stop(stop_for(surveyed.error()));
    const auto key = authority::make_key(authority::KeyType::p256);
    if (!key) return program.stop(stop_for(key.error()));
    auto sample = request::sample(names, *key, program.clock().now());
    if (!sample) return program.stop(stop_for(sample.error()));
    program.note("There is no authority in " + printable(*arguments.get("store")) + " yet. This is where its first certificate would go:");
    return install(arguments, program, *surveyed, {{std::move(*sample), {}}, audience_for(std::move(names), arguments), {"issue"}},
                   *settings);
}

ExitCode run_issue(const Arguments& arguments, Program& program) {
    auto names = names_to_serve(arguments);
    if (!names) return program.stop(names.error());
    if (names->empty())
        return program.stop(
            usage_stop("the command line", "--name is missing", "Name the server as your users type it: --name mail.example.com"));
    const auto chosen = chosen_servers(arguments);
    if (!chosen) return program.stop(chosen.error());
    const auto store = store_folder(arguments);
    if (!store) return program.stop(store.error());
    if (arguments.has("dry-run") && !authority::Authority::is_in(*store)) return show_first(arguments, program, *chosen, std::move(*names));
    auto authority = unlocked_authority(arguments, program);
    if (!authority) return program.stop(authority.error());
    const ExitCode code = issue_and_install(arguments, program, *authority, *chosen, audience_for(std::move(*names), arguments));
    const bool is_made = code == ExitCode::silent || code == ExitCode::not_judged;
    if (is_made && !arguments.has("dry-run")) {
        const std::string folder = absolute(*store);
        program.note(renewing(arguments, " " + wizard::shell_line({"--store", folder}), "truename-certificate-renew.timer",
                              folder == "/var/lib/truename/ca"));
    }
    return code;
}

/// When a certificate is to be renewed: when two thirds of its time are over.
Time due_at(const Installation& installation) {
    return installation.not_before + (installation.not_after - installation.not_before) * 2 / 3;
}

/// Issues and installs anew what the authority of `--store` made.
ExitCode renew_issued(const Arguments& arguments, Program& program, const std::vector<Installation>& installations) {
    const auto store = store_folder(arguments);
    if (!store) return program.stop(store.error());
    const std::vector<Installation> current = request::still_in_place(installations, absolute(*store));
    if (current.empty()) {
        program.print("Nothing that this authority issued is installed.\n");
        return ExitCode::silent;
    }
    const Time now = program.clock().now();
    std::optional<authority::Authority> authority;
    ExitCode code = ExitCode::silent;
    for (const Installation& each : current) {
        if (due_at(each) > now && !arguments.has("all")) {
            program.print(printable(each.names.front()) + ": not due before " + format_date(due_at(each)) + ".\n");
            continue;
        }
        if (!authority) {
            auto opened = unlocked_authority(arguments, program);
            if (!opened) return program.stop(opened.error());
            authority.emplace(std::move(*opened));
        }
        const auto recorded = servers::servers_of(each);
        if (!recorded) return program.stop(stop_for(recorded.error()));
        code = graver(code, issue_and_install(arguments, program, *authority, *recorded, {each.names, each.by_name}));
    }
    return code;
}

ExitCode run_renew(const Arguments& arguments, Program& program) {
    const auto claim = claim_orders(arguments, program);
    if (!claim) return program.stop(claim.error());
    std::vector<Installation> installations;
    if (has_journal(arguments)) {
        auto journal = open_journal(arguments);
        if (!journal) return program.stop(journal.error());
        auto list = journal->installations();
        if (!list) return program.stop(stop_for(list.error()));
        installations = std::move(*list);
    }
    const ExitCode ordered = renew_ordered(arguments, program, installations);
    return arguments.has("store") ? graver(ordered, renew_issued(arguments, program, installations)) : ordered;
}

constexpr Option kForce = {.name = "force", .help = "Issue and install it although some mail program would warn or refuse."};

constexpr Option kIssueOptions[] = {
    option::kStore,
    option::kPassphraseFile,
    option::kPinFile,
    {.name = "name",
     .argument = "NAME",
     .help = "A name of the server; the first is the one that users type, because some programs look at no other.",
     .repeatable = true},
    option::kServer,
    option::kConfig,
    option::kSni,
    option::kDryRun,
    option::kJson,
    kForce,
    option::kState,
    option::kPatience,
    option::kTrust,
    option::kClient,
    option::kAt,
    option::kLang,
    option::kData,
};

constexpr Option kRenewOptions[] = {
    {.name = "store",
     .argument = "FOLDER",
     .help = "The folder of one's own authority, whose certificates are renewed, too.",
     .offers = Offers::folder},
    option::kPassphraseFile,
    option::kPinFile,
    {.name = "all", .help = "Renew what is not due yet, too."},
    option::kDryRun,
    option::kJson,
    kForce,
    option::kState,
    option::kPatience,
    option::kTrust,
    option::kClient,
    option::kAt,
    option::kLang,
    option::kData,
};

}  // namespace

const Command kCertificateIssueCommand = {
    .name = "certificate issue",
    .summary = "Have one's own authority make a key and a certificate, and install them",
    .options = kIssueOptions,
    .run = run_issue,
};

const Command kCertificateRenewCommand = {
    .name = "certificate renew",
    .summary = "Order or issue, and install anew, what `order` and `issue` made, when two thirds of its time are over",
    .options = kRenewOptions,
    .run = run_renew,
};

}  // namespace truename::cli
