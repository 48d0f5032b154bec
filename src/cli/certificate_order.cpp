#include <filesystem>
#include <thread>

#include "acme/order_book.h"
#include "acme/public_authority.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/certificate.h"
#include "cli/certificate_tell.h"
#include "cli/dns_options.h"
#include "cli/judging.h"
#include "cli/order_options.h"
#include "cli/out_folder.h"
#include "cli/preflight.h"
#include "cli/program.h"
#include "cli/shared_options.h"
#include "doctor/render.h"
#include "request/claim.h"
#include "request/foretell.h"
#include "request/obtain.h"
#include "request/renewal.h"
#include "x509/dns_name.h"

namespace truename::cli {

namespace {

/// How long a hook may take; and what takes away again, which goes on when somebody has pressed Ctrl-C.
constexpr std::chrono::seconds kHookDeadline{600}, kCleanDeadline{15};

/// Waits unless somebody presses Ctrl-C.
acme::Wait make_wait(std::stop_token stop) {
    return [stop = std::move(stop)](std::chrono::seconds time) {
        const auto until = std::chrono::steady_clock::now() + time;
        while (!stop.stop_requested() && std::chrono::steady_clock::now() < until)
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        return !stop.stop_requested();
    };
}

/// Says what programs would say to what the authority makes of the names; `warns` or `refuses` when some would.
Result<ExitCode, Stop> predict_order(const acme::Ordering& ordering, const crypto::PrivateKey& key, const doctor::Settings& settings,
                                     Program& program) {
    const auto stumbles =
        request::foretell_order(acme::authority_at(ordering.directory), ordering.names, key, settings, program.clock().now());
    if (!stumbles) return Unexpected{stop_for(stumbles.error())};
    ExitCode code = ExitCode::silent;
    for (const request::Stumble& each : *stumbles) {
        if (each.is_expected) {
            code = worst(code, static_cast<ExitCode>(each.report.exit));
            program.print(
                doctor::render_text(each.report, {.colour = program.colours(), .width = program.width(), .verbose = program.verbose()}));
        }
        if (!each.advice.empty()) program.note(each.advice);
    }
    return code;
}

Result<void, Stop> write_out(const OutFolder& out, const servers::Credential& credential) {
    const crypto::Secret key = credential.key_pem();
    const std::string chain = credential.chain_pem();
    return out.write_together({{"privkey.pem", key.view(), Readers::owner}, {"fullchain.pem", chain, Readers::everybody}});
}

/// Has the authority make a certificate for the key.
Result<servers::Completed, Stop> obtain(const acme::Ordering& ordering, const acme::Registration& registration,
                                        const crypto::PrivateKey& key, const std::string& state, Program& program) {
    std::stop_source stop;
    acme::Surroundings surroundings;
    surroundings.state = state;
    surroundings.wait = make_wait(stop.get_token());
    surroundings.stop = stop.get_token();
    surroundings.run = run_program(kHookDeadline, stop.get_token());
    surroundings.clean = run_program(kCleanDeadline, {});
    surroundings.telling.step = [&](const std::string& line) {
        program.detail(line);
        program.set_activity(line);
    };
    surroundings.telling.warn = [&](const std::string& line) { program.note(line); };
    program.stop_on_interrupt(stop, "Order again: what was proved to the authority stays proved for a while");
    auto obtained = request::obtain(ordering, registration, key, surroundings, program.clock());
    program.end_activity();
    if (!obtained && stop.stop_requested())
        return Unexpected{Stop{ExitCode::interrupted,
                               {FailureKind::local, "ordering from", printable(ordering.directory), "it was interrupted",
                                "Nothing was installed; what was shown as a proof was taken away again"}}};
    if (!obtained) return Unexpected{stop_for(obtained.error())};
    if (!obtained->agreed_terms.empty())
        program.note("A new account was made; with it these terms are agreed to: " + printable(obtained->agreed_terms));
    if (!obtained->other_order.empty()) program.note("The authority has put the names in this order: " + obtained->other_order + ".");
    return std::move(obtained->completed);
}

void tell_planned(const acme::Ordering& ordering, bool as_json, Program& program) {
    if (!as_json)
        return program.print("Would order a certificate for " + servers::first_few(ordering.names) + " from " +
                             printable(ordering.directory) + ". Nothing was asked of it.\n");
    JsonWriter json(2);
    write_texts(json.begin_object().member("state", "planned").member("directory", ordering.directory), "names", ordering.names);
    program.print(json.end_object().take() + "\n");
}

void tell_written(const OutFolder& out, const std::vector<std::string>& names, bool as_json, Program& program) {
    if (!as_json)
        return program.print("Wrote " + printable(out.path()) + "/fullchain.pem and privkey.pem for " + servers::first_few(names) + ".\n");
    JsonWriter json(2);
    json.begin_object()
        .member("state", "written")
        .member("chain", out.path() + "/fullchain.pem")
        .member("key", out.path() + "/privkey.pem");
    write_texts(json, "names", names);
    program.print(json.end_object().take() + "\n");
}

/// What would be ordered, and where it would go.
ExitCode show_plan(const Arguments& arguments, Program& program, const acme::Ordering& ordering, const request::Destination& destination,
                   const crypto::PrivateKey& key, const doctor::Settings& settings) {
    if (destination.servers.empty()) {
        tell_planned(ordering, arguments.has("json"), program);
        return ExitCode::silent;
    }
    auto sample = request::sample(ordering.names, key, program.clock().now());
    if (!sample) return program.stop(stop_for(sample.error()));
    return install(arguments, program, destination.servers,
                   {{std::move(*sample), {}}, {ordering.names, ordering.by_name}, {"order", ordering.directory}}, settings);
}

/// Before anything is ordered, of which authorities allow so many a week: whether there is a place for it, and nothing is in the way.
Result<void, Stop> check_ready(const Arguments& arguments, Program& program, const acme::Ordering& ordering,
                               const request::Destination& destination, const crypto::PrivateKey& key) {
    if (destination.servers.empty()) return {};
    const auto sample = request::sample(ordering.names, key, program.clock().now());
    if (!sample) return Unexpected{stop_for(sample.error())};
    const auto plan = servers::plan_installation(destination.servers, *sample, {ordering.names, ordering.by_name});
    if (!plan) return Unexpected{stop_for(plan.error())};
    auto journal = open_journal(arguments);
    if (!journal) return Unexpected{journal.error()};
    if (const auto none = journal->check_none_broken_off(); !none) return Unexpected{stop_for(none.error())};
    return {};
}

/// Whether something waits for `certificate resume`.
bool is_broken_off(const Arguments& arguments) {
    auto journal = open_journal(arguments);
    return !journal || !journal->check_none_broken_off();
}

/// Orders, and brings it where it belongs. `earlier` is the order that is renewed; null for a new one.
ExitCode order_and_deliver(const Arguments& arguments, Program& program, const acme::Ordering& ordering,
                           const acme::Registration& registration, const request::Destination& destination, const acme::Ordered* earlier,
                           const crypto::PrivateKey& key, const doctor::Settings& settings) {
    std::optional<OutFolder> out;
    if (!destination.folder.empty()) {
        auto opened = OutFolder::open(destination.folder);  // before anything is ordered: one that cannot be written to
        if (!opened) return program.stop(opened.error());
        out = std::move(*opened);
    }
    if (const auto ready = check_ready(arguments, program, ordering, destination, key); !ready) return program.stop(ready.error());
    const std::string state = state_folder(arguments);
    auto book = acme::OrderBook::open(state);
    if (!book) return program.stop({ExitCode::no_write, book.error()});
    auto completed = obtain(ordering, registration, key, state, program);
    if (!completed) return program.stop(completed.error());
    const ByteString certificate = completed->credential.chain.front();
    auto entry = request::BookEntry::begin(*book, ordering, destination, certificate);
    if (!entry) return program.stop({ExitCode::no_write, entry.error()});
    ExitCode code = ExitCode::silent;
    if (out) {
        if (auto written = write_out(*out, completed->credential); !written) return program.stop(written.error());
        tell_written(*out, ordering.names, arguments.has("json"), program);
    } else {
        code = install(arguments, program, destination.servers,
                       {std::move(*completed), {ordering.names, ordering.by_name}, {"order", ordering.directory}}, settings);
    }
    if (code != ExitCode::silent && code != ExitCode::not_judged) {
        if (is_broken_off(arguments)) entry->leave();
        return code;
    }
    if (auto kept = entry->keep(earlier); !kept) return program.stop({ExitCode::no_write, kept.error()});
    if (earlier == nullptr) program.note(renewing(arguments, "", "truename-certificate-order.timer", true));
    return code;
}

/// Foretells what programs would say first. That stops a new order, but no renewal: what ends on its day is worse.
ExitCode foretell_and_order(const Arguments& arguments, Program& program, const acme::Ordering& ordering,
                            const acme::Registration& registration, const request::Destination& destination,
                            const acme::Ordered* earlier = nullptr) {
    crypto::forbid_dumps();
    const auto key = authority::make_key(authority::KeyType::p256);
    if (!key) return program.stop(stop_for(key.error()));
    const auto foretelling = settings_for_request(arguments);
    if (!foretelling) return program.stop(foretelling.error());
    const auto settings = installing_settings(arguments, program);
    if (!settings) return program.stop(settings.error());
    const auto predicted = predict_order(ordering, *key, *foretelling, program);
    if (!predicted) return program.stop(predicted.error());
    if (*predicted != ExitCode::silent && !ordering.is_forced && earlier == nullptr) {
        program.note("Nothing was ordered; --force orders it all the same.");
        return *predicted;
    }
    if (arguments.has("dry-run")) return show_plan(arguments, program, ordering, destination, *key, *settings);
    return order_and_deliver(arguments, program, ordering, registration, destination, earlier, *key, *settings);
}

/// Every order that is remembered in the folder of `--state`.
Result<std::vector<acme::Ordered>, Stop> read_orders(const Arguments& arguments) {
    auto orders = request::remembered_orders(state_folder(arguments));
    if (!orders) return Unexpected{stop_for(orders.error())};
    return std::move(*orders);
}

ExitCode list_orders(const Arguments& arguments, Program& program) {
    const auto orders = read_orders(arguments);
    if (!orders) return program.stop(orders.error());
    if (orders->empty() && !arguments.has("json")) program.print("Nothing was ordered that is to be renewed.\n");
    for (const acme::Ordered& each : *orders) {
        if (!arguments.has("json")) {
            program.print(servers::first_few(each.ordering.names) + "\n  from " + printable(each.ordering.directory) + ", " + "to " +
                          request::place_in_words(each) + "\n  until " + format_date(each.not_after) + ", to be renewed from " +
                          format_date(each.due_at()) + " on\n");
            continue;
        }
        JsonWriter json;
        write_texts(json.begin_object(), "names", each.ordering.names);
        json.member("directory", each.ordering.directory).member("place", each.place);
        json.member("not_after", format_time(each.not_after)).member("due_at", format_time(each.due_at())).end_object();
        program.print(json.text() + "\n");
    }
    return ExitCode::silent;
}

/// Forgets the orders with this first name, or what is ordered to this folder.
ExitCode forget_orders(const Arguments& arguments, Program& program) {
    const std::string given(*arguments.get("forget"));
    const auto name = x509::to_a_labels(given);
    const std::string wanted = name ? *name : given;
    const std::string folder = absolute(given);
    const auto orders = read_orders(arguments);
    if (!orders) return program.stop(orders.error());
    std::size_t gone = 0;
    for (const acme::Ordered& each : *orders) {
        if (each.ordering.names.front() != wanted && each.place != folder) continue;
        auto book = acme::OrderBook::open(state_folder(arguments));
        if (!book) return program.stop({ExitCode::no_write, book.error()});
        if (const auto done = book->forget(each); !done) return program.stop({ExitCode::no_write, done.error()});
        program.print("Not renewed any more: " + servers::first_few(each.ordering.names) + ", to " + request::place_in_words(each) + "\n");
        ++gone;
    }
    if (gone != 0) return ExitCode::silent;
    return program.stop(usage_stop("--forget", "nothing was ordered with the first name " + printable(given),
                                   "truename certificate order --list shows what was"));
}

ExitCode run_order(const Arguments& arguments, Program& program) {
    if (arguments.has("list") && arguments.has("forget"))
        return program.stop(usage_stop("the command line", "--list and --forget are two things", "Do one after the other"));
    if (arguments.has("list")) return list_orders(arguments, program);
    if (arguments.has("forget")) return forget_orders(arguments, program);
    auto ordering = read_ordering(arguments);
    if (!ordering) return program.stop(ordering.error());
    const auto registration = read_registration(arguments, program);
    if (!registration) return program.stop(registration.error());
    if (arguments.get("out") == "") return program.stop(usage_stop("--out", "it is empty", "Name the folder for the files: --out ./files"));
    const auto claim = claim_orders(arguments, program);
    if (!claim) return program.stop(claim.error());
    if (const auto folder = arguments.get("out")) {
        const auto orders = read_orders(arguments);
        if (!orders) return program.stop(orders.error());
        if (const auto free = request::check_folder(*orders, *ordering, absolute(*folder)); !free)
            return program.stop(stop_for(free.error()));
        return foretell_and_order(arguments, program, *ordering, *registration, {absolute(*folder), {}});
    }
    const auto chosen = chosen_servers(arguments);
    if (!chosen) return program.stop(chosen.error());
    auto found = servers::survey_all(*chosen);
    if (!found) return program.stop(stop_for(found.error()));
    // Where nothing is shown yet, it is shown to everybody, and renewed so.
    ordering->by_name = ordering->by_name && servers::shows_anything(*found);
    const request::Destination destination{{}, std::move(*found), ordering->by_name};
    const auto orders = read_orders(arguments);
    if (!orders) return program.stop(orders.error());
    if (const auto free = request::check_servers(*orders, *ordering, destination); !free) return program.stop(stop_for(free.error()));
    return foretell_and_order(arguments, program, *ordering, *registration, destination);
}

constexpr Option kOrderOptions[] = {
    {.name = "directory",
     .argument = "URL",
     .help = "The address of the authority's directory: `https://acme-v02.api.letsencrypt.org/directory`."},
    {.name = "name",
     .argument = "NAME",
     .help = "A name of the server; the first is the one that users type, because some programs look at no other.",
     .repeatable = true},
    {.name = "http-port",
     .argument = "PORT",
     .help = "Prove the names by answering on this port, which the authority reaches as port 80 of each of them."},
    {.name = "webroot",
     .argument = "FOLDER",
     .help = "Prove them by files in this folder, from which a web server serves the names.",
     .offers = Offers::folder},
    {.name = "dns-hook",
     .argument = "PROGRAM",
     .help = "Prove them in the DNS: this is run as `PROGRAM present NAME VALUE` to add a TXT record, and as `PROGRAM cleanup NAME VALUE`.",
     .offers = Offers::file},
    {.name = "dns-update",
     .argument = "ADDRESS",
     .help =
         "Prove them in the DNS by asking the primary server of the zone to add the record (RFC 2136): `192.0.2.53`, `127.0.0.1:5353`."},
    {.name = "dns-update-key", .argument = "FILE", .help = "The key that this server knows you by (TSIG).", .offers = Offers::file},
    {.name = "dns-wait", .argument = "SECONDS", .help = "Wait so long until all name servers have the record (0)."},
    {.name = "out",
     .argument = "FOLDER",
     .help = "Write `fullchain.pem` and `privkey.pem` there, and install nothing.",
     .offers = Offers::folder},
    option::kServer,
    option::kConfig,
    option::kSni,
    {.name = "mailbox", .argument = "ADDRESS", .help = "Where the authority may tell of trouble, for a new account."},
    {.name = "account-key",
     .argument = "FILE",
     .help = "The key of the account, on P-256, if it is not to be made and kept in the folder of `--state`.",
     .offers = Offers::file},
    {.name = "eab-key-id", .argument = "ID", .help = "For authorities that want accounts bound: the name of the key that they gave."},
    {.name = "eab-key-file", .argument = "FILE", .help = "And the file with that key in base64url.", .offers = Offers::file},
    {.name = "directory-roots",
     .argument = "FILE",
     .help = "The certificates of authorities that the directory's own server may have, for one inside of a network.",
     .offers = Offers::file},
    {.name = "list", .help = "List what was ordered and is renewed."},
    {.name = "forget", .argument = "NAME", .help = "Do not renew what was ordered with this first name, or into this folder, any more."},
    option::kDryRun,
    option::kJson,
    {.name = "force", .help = "Order and install it although some mail program would warn or refuse."},
    option::kState,
    option::kPatience,
    option::kTrust,
    option::kClient,
    option::kAt,
    option::kLang,
    option::kData,
};

}  // namespace

Result<Descriptor, Stop> claim_orders(const Arguments& arguments, Program& program) {
    program.set_activity("waiting for another truename that orders");
    auto claim = request::claim_orders(state_folder(arguments));
    program.end_activity();
    if (!claim) return Unexpected{Stop{ExitCode::no_write, claim.error()}};
    return std::move(*claim);
}

ExitCode renew_ordered(const Arguments& arguments, Program& program, const std::vector<servers::Installation>& installations) {
    const auto list = read_orders(arguments);
    if (!list) return program.stop(list.error());
    ExitCode code = ExitCode::silent;
    for (const acme::Ordered& each : *list) {
        const std::string name = printable(each.ordering.names.front());
        const request::Renewal renewal = request::renewal_of(each, installations, program.clock().now());
        if (renewal == request::Renewal::replaced) {
            program.print(name + ": another certificate is installed now.\n");
            continue;
        }
        if (renewal == request::Renewal::later && !arguments.has("all")) {
            program.print(name + ": not due before " + format_date(each.due_at()) + ".\n");
            continue;
        }
        const auto destination = request::destination_of(each, installations);
        code = graver(code, destination ? foretell_and_order(arguments, program, each.ordering, {}, *destination, &each)
                                        : program.stop(stop_for(destination.error())));
    }
    return code;
}

const Command kCertificateOrderCommand = {
    .name = "certificate order",
    .summary = "Have a public authority make a certificate (ACME), and install it",
    .options = kOrderOptions,
    .run = run_order,
};

}  // namespace truename::cli
