#include <algorithm>
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
#include "servers/offer.h"
#include "x509/certificate.h"
#include "x509/server_request.h"

namespace truename::cli {

namespace {

constexpr std::chrono::seconds kHookDeadline{600};

/// Waits unless somebody presses Ctrl-C.
acme::Wait make_wait(std::stop_token stop) {
    return [stop = std::move(stop)](std::chrono::seconds time) {
        const auto until = std::chrono::steady_clock::now() + time;
        while (!stop.stop_requested() && std::chrono::steady_clock::now() < until)
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        return !stop.stop_requested();
    };
}

/// Says what programs would say under the first name to what the authority makes of the names; `warns` or `refuses` when some would.
Result<ExitCode, Stop> predict_order(const acme::PublicAuthority& authority, const std::vector<std::string>& names,
                                     const crypto::PrivateKey& key, const doctor::Settings& settings, Program& program) {
    ExitCode worst_code = ExitCode::silent;
    for (const std::vector<std::string>& order : acme::orders_of(authority, names)) {
        const auto report = judge_request(order, names.front(), {}, key, settings, program.clock().now());
        if (!report) return forward_error(report);
        const auto code = static_cast<ExitCode>(report->exit);
        if (code != ExitCode::warns && code != ExitCode::refuses) continue;
        if (order == names || authority.names == acme::NameOrder::sorted) {
            worst_code = worst(worst_code, code);
            program.print(
                doctor::render_text(*report, {.colour = program.colours(), .width = program.width(), .verbose = program.verbose()}));
        }
        if (order == names) continue;
        program.note(printable(authority.title) + (authority.names == acme::NameOrder::sorted ? " puts" : " may put") +
                     " names in alphabetical order, so that " + printable(order.front()) +
                     " would be the first: some programs look at no other. " +
                     "Order one certificate for each name (servers choose by name), or only " + printable(names.front()) + ".");
    }
    return worst_code;
}

/// The names of a certificate when they stand in another order than was asked for.
void tell_order(const servers::Credential& credential, const std::vector<std::string>& names, Program& program) {
    const std::vector<std::string> got = servers::host_names(credential.chain.front());
    if (got != names) program.note("The authority has put the names in this order: " + printable(join(got, ", ")) + ".");
}

Result<void, Stop> write_out(const OutFolder& out, const servers::Credential& credential) {
    // The key first: a chain without its key is of no use, and the other way round nobody is misled.
    const crypto::Secret key = credential.key_pem();
    if (auto written = out.write("privkey.pem", key.view(), Readers::owner); !written) return written;
    return out.write("fullchain.pem", credential.chain_pem(), Readers::everybody);
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
    surroundings.telling.step = [&](const std::string& line) {
        program.detail(line);
        program.set_activity(line);
    };
    surroundings.telling.warn = [&](const std::string& line) { program.note(line); };
    program.stop_on_interrupt(stop, "Order again: what was proved to the authority stays proved for a while");
    const auto request = x509::sign_server_request(ordering.names, key);
    if (!request)
        return Unexpected{
            Stop{ExitCode::internal, {FailureKind::local, "making the request for", ordering.names.front(), "OpenSSL could not", ""}}};
    const auto delivery = acme::order(ordering, *request, registration, surroundings);
    program.end_activity();
    if (!delivery) return Unexpected{stop_for(delivery.error())};
    if (!delivery->agreed_terms.empty())
        program.note("A new account was made; with it these terms are agreed to: " + printable(delivery->agreed_terms));
    servers::Offer offer;
    if (auto added = offer.add("what the authority sent", as_bytes(delivery->chain), ""); !added)
        return Unexpected{stop_for(added.error())};
    auto completed =
        servers::complete(offer, {{key, "the key that was made for it"}}, [](const ByteString&) { return std::vector<ByteString>(); });
    if (!completed) return Unexpected{stop_for(completed.error())};
    completed->notes.clear();  // that the root is not at hand is as it should be
    if (const auto good = servers::check_credential(completed->credential, ordering.names, program.clock().now()); !good)
        return Unexpected{stop_for(good.error())};
    return std::move(*completed);
}

/// Where a certificate goes: to a folder, or to servers.
struct Destination {
    std::string folder = {};  ///< absolute; empty: to the servers
    std::vector<servers::Surveyed> servers = {};

    /// As the record of orders has it: the folder, or a line for each server.
    [[nodiscard]] std::string text() const {
        if (!folder.empty()) return folder;
        std::vector<std::string> lines;
        lines.reserve(servers.size());
        for (const servers::Surveyed& each : servers) lines.push_back(std::string(each.server->id()) + " " + each.server->config_folder());
        return join(lines, "\n");
    }
};

Result<Destination, Stop> to_servers(const std::vector<std::shared_ptr<const servers::Server>>& chosen) {
    auto found = servers::survey_all(chosen);
    if (!found) return Unexpected{stop_for(found.error())};
    return Destination{{}, std::move(*found)};
}

/// So that it is renewed.
Result<void, Stop> remember(acme::OrderBook& book, const acme::Ordering& ordering, const Destination& destination,
                            const servers::Credential& credential) {
    const auto certificate = x509::parse_certificate(credential.chain.front());
    const auto kept =
        book.keep({ordering, destination.text(), certificate->validity.not_before.time, certificate->validity.not_after.time});
    if (!kept) return Unexpected{Stop{ExitCode::no_write, kept.error()}};
    return {};
}

/// The servers that Destination::text() named.
std::vector<std::shared_ptr<const servers::Server>> servers_at(std::string_view place) {
    std::vector<std::shared_ptr<const servers::Server>> list;
    for (const std::string_view line : split(place, '\n')) {
        const std::size_t blank = std::min(line.find(' '), line.size());
        if (auto server = servers::make_server(line.substr(0, blank), std::string(line.substr(std::min(blank + 1, line.size())))))
            list.push_back(std::move(server));
    }
    return list;
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

/// Foretells, orders, and brings it where it belongs.
ExitCode order_and_deliver(const Arguments& arguments, Program& program, const acme::Ordering& ordering,
                           const acme::Registration& registration, const Destination& destination) {
    crypto::forbid_dumps();
    const auto key = authority::make_key(authority::KeyType::p256);
    if (!key) return program.stop(stop_for(key.error()));
    const auto foretelling = settings_for_request(arguments);
    if (!foretelling) return program.stop(foretelling.error());
    const auto settings = installing_settings(arguments, program);
    if (!settings) return program.stop(settings.error());
    const auto predicted = predict_order(acme::authority_at(ordering.directory), ordering.names, *key, *foretelling, program);
    if (!predicted) return program.stop(predicted.error());
    if (*predicted != ExitCode::silent && !ordering.is_forced) {
        program.note("Nothing was ordered; --force orders it all the same.");
        return *predicted;
    }
    if (arguments.has("dry-run")) {
        tell_planned(ordering, arguments.has("json"), program);
        return ExitCode::silent;
    }
    std::optional<OutFolder> out;
    if (!destination.folder.empty()) {
        auto opened = OutFolder::open(destination.folder);  // before anything is ordered: one that cannot be written to
        if (!opened) return program.stop(opened.error());
        out = std::move(*opened);
    }
    const std::string state = state_folder(arguments);
    auto book = acme::OrderBook::open(state);
    if (!book) return program.stop({ExitCode::no_write, book.error()});
    auto completed = obtain(ordering, registration, *key, state, program);
    if (!completed) return program.stop(completed.error());
    tell_order(completed->credential, ordering.names, program);
    // The files first: what is remembered and not there would be renewed too late, and what is there and not remembered can be ordered
    // again.
    ExitCode code = ExitCode::silent;
    const servers::Credential credential = completed->credential;
    if (out) {
        if (auto written = write_out(*out, credential); !written) return program.stop(written.error());
        tell_written(*out, ordering.names, arguments.has("json"), program);
    } else {
        code = install(arguments, program, destination.servers, {std::move(*completed), ordering.names, {"order", ordering.directory}},
                       *settings);
    }
    if (code != ExitCode::silent && code != ExitCode::not_judged) return code;
    if (auto kept = remember(*book, ordering, destination, credential); !kept) return program.stop(kept.error());
    return code;
}

/// Every order that is remembered.
Result<std::vector<acme::Ordered>, Stop> read_orders(const std::string& state) {
    std::error_code error;
    if (!std::filesystem::exists(state + "/orders.db", error)) return std::vector<acme::Ordered>();
    auto book = acme::OrderBook::open(state);
    if (!book) return Unexpected{Stop{ExitCode::no_write, book.error()}};
    auto all = book->all();
    if (!all) return Unexpected{stop_for(all.error())};
    return std::move(*all);
}

/// `to /srv/mail`, `to dovecot /etc/dovecot, postfix /etc/postfix`.
std::string place_in_words(const acme::Ordered& ordered) {
    std::string place = ordered.place;
    for (std::size_t at = place.find('\n'); at != std::string::npos; at = place.find('\n', at)) place.replace(at, 1, ", ");
    return "to " + printable(place);
}

ExitCode list_orders(const Arguments& arguments, Program& program) {
    const auto orders = read_orders(state_folder(arguments));
    if (!orders) return program.stop(orders.error());
    if (orders->empty() && !arguments.has("json")) program.print("Nothing was ordered that is to be renewed.\n");
    for (const acme::Ordered& each : *orders) {
        if (!arguments.has("json")) {
            program.print(servers::first_few(each.ordering.names) + "\n  from " + printable(each.ordering.directory) + ", " +
                          place_in_words(each) + "\n  until " + format_date(each.not_after) + ", to be renewed from " +
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
    const std::string wanted(*arguments.get("forget"));
    const auto orders = read_orders(state_folder(arguments));
    if (!orders) return program.stop(orders.error());
    std::size_t gone = 0;
    for (const acme::Ordered& each : *orders) {
        if (each.ordering.names.front() != wanted && each.place != absolute(wanted)) continue;
        auto book = acme::OrderBook::open(state_folder(arguments));
        if (!book) return program.stop({ExitCode::no_write, book.error()});
        if (const auto done = book->forget(each); !done) return program.stop({ExitCode::no_write, done.error()});
        program.print("Not renewed any more: " + servers::first_few(each.ordering.names) + ", " + place_in_words(each) + "\n");
        ++gone;
    }
    if (gone != 0) return ExitCode::silent;
    return program.stop(usage_stop("--forget", "nothing was ordered with the first name " + printable(wanted),
                                   "truename certificate order --list shows what was"));
}

/// Two orders that write the same files would take turns.
Result<void, Stop> check_folder(const acme::Ordering& ordering, const std::string& folder, const std::string& state) {
    const auto orders = read_orders(state);
    if (!orders) return forward_error(orders);
    for (const acme::Ordered& each : *orders) {
        if (each.place != folder || each.ordering.names.front() == ordering.names.front()) continue;
        return Unexpected{
            usage_stop("--out", "the certificate for " + printable(each.ordering.names.front()) + " is renewed into " + printable(folder),
                       "Name another folder, or truename certificate order --forget " + printable(each.ordering.names.front()))};
    }
    return {};
}

ExitCode run_order(const Arguments& arguments, Program& program) {
    if (arguments.has("list")) return list_orders(arguments, program);
    if (arguments.has("forget")) return forget_orders(arguments, program);
    const auto ordering = read_ordering(arguments);
    if (!ordering) return program.stop(ordering.error());
    const auto registration = read_registration(arguments, program);
    if (!registration) return program.stop(registration.error());
    if (arguments.get("out") == "") return program.stop(usage_stop("--out", "it is empty", "Name the folder for the files: --out ./files"));
    if (const auto folder = arguments.get("out")) {
        if (const auto free = check_folder(*ordering, absolute(*folder), state_folder(arguments)); !free) return program.stop(free.error());
        return order_and_deliver(arguments, program, *ordering, *registration, {absolute(*folder), {}});
    }
    const auto chosen = chosen_servers(arguments);
    if (!chosen) return program.stop(chosen.error());
    const auto destination = to_servers(*chosen);
    if (!destination) return program.stop(destination.error());
    return order_and_deliver(arguments, program, *ordering, *registration, *destination);
}

/// Whether something else than this order is in its servers now.
bool is_replaced(const acme::Ordered& ordered, const std::vector<servers::Installation>& installations) {
    const servers::Installation* newest = nullptr;
    for (const servers::Installation& each : installations) {
        const bool is_there = each.stage == servers::Stage::installed || each.stage == servers::Stage::unproved;
        if (is_there && each.names == ordered.ordering.names) newest = &each;
    }
    return newest == nullptr || newest->store != ordered.ordering.directory;
}

ExitCode order_again(const Arguments& arguments, Program& program, const acme::Ordered& ordered) {
    if (ordered.place.starts_with('/')) return order_and_deliver(arguments, program, ordered.ordering, {}, {ordered.place, {}});
    const auto destination = to_servers(servers_at(ordered.place));
    if (!destination) return program.stop(destination.error());
    return order_and_deliver(arguments, program, ordered.ordering, {}, *destination);
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

ExitCode renew_ordered(const Arguments& arguments, Program& program, const std::vector<servers::Installation>& installations) {
    const std::string state = state_folder(arguments);
    const auto list = read_orders(state);
    if (!list) return program.stop(list.error());
    const Time now = program.clock().now();
    ExitCode code = ExitCode::silent;
    for (const acme::Ordered& each : *list) {
        const std::string name = printable(each.ordering.names.front());
        if (!each.place.starts_with('/') && is_replaced(each, installations)) {
            program.print(name + ": another certificate is installed now.\n");
            continue;
        }
        if (each.due_at() > now && !arguments.has("all")) {
            program.print(name + ": not due before " + format_date(each.due_at()) + ".\n");
            continue;
        }
        code = graver(code, order_again(arguments, program, each));
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
