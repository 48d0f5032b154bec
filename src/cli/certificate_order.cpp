#include <algorithm>
#include <charconv>
#include <filesystem>
#include <thread>

#include "acme/issuance.h"
#include "acme/public_authority.h"
#include "base/read_file.h"
#include "base/text.h"
#include "cli/asking.h"
#include "cli/ca.h"
#include "cli/certificate.h"
#include "cli/judging.h"
#include "cli/out_folder.h"
#include "cli/preflight.h"
#include "cli/program.h"
#include "cli/shared_options.h"
#include "crypto/digest.h"
#include "doctor/render.h"
#include "servers/command.h"
#include "servers/offer.h"
#include "x509/pem.h"
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

/// The account's key with that authority: of `--account-key`, or the one that was made for its directory.
Result<acme::AccountKey, Stop> account_key(const Arguments& arguments, Program& program, std::string_view directory) {
    constexpr std::string_view kDoing = "reading the account's key in";
    const std::string folder = state_folder(arguments) + "/accounts";
    const std::string own = folder + "/" + to_hex(crypto::sha256(as_bytes(directory))).substr(0, 16) + ".pem";
    const std::string path(arguments.get("account-key").value_or(own));
    std::error_code error;
    if (arguments.has("account-key") || std::filesystem::exists(path, error)) {
        auto pem = read_own_file(path);
        if (!pem)
            return Unexpected{
                Stop{ExitCode::no_input, {FailureKind::local, std::string(kDoing), printable(path), "it cannot be read", ""}}};
        const crypto::Secret secret(std::move(*pem));
        auto key = acme::AccountKey::from_pem(secret.view());
        if (!key)
            return Unexpected{
                Stop{ExitCode::bad_input,
                     {FailureKind::input, std::string(kDoing), printable(path), "it is no key on P-256 in PEM without a passphrase",
                      "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 makes one"}}};
        return std::move(*key);
    }
    auto key = acme::AccountKey::generate();
    if (!key)
        return Unexpected{
            Stop{ExitCode::internal, {FailureKind::local, "making the account's key for", printable(directory), "OpenSSL could not", ""}}};
    std::filesystem::create_directories(state_folder(arguments), error);
    const auto opened = OutFolder::open(folder);
    if (!opened) return forward_error(opened);
    const crypto::Secret pem(key->to_pem());
    if (auto written = opened->write(std::filesystem::path(own).filename().string(), pem.view(), Readers::owner); !written)
        return forward_error(written);
    program.detail("The account's key is " + printable(own) + ": who has it can have certificates made for these names.");
    return std::move(*key);
}

Result<acme::Registration, Stop> registration(const Arguments& arguments, Program& program) {
    acme::Registration wanted;
    wanted.mailbox = arguments.get("mailbox").value_or("");
    wanted.key_id = arguments.get("eab-key-id").value_or("");
    const auto file = arguments.get("eab-key-file");
    if (wanted.key_id.empty() == file.has_value())
        return Unexpected{usage_stop("the command line", "--eab-key-id and --eab-key-file belong together")};
    if (!file) return wanted;
    const auto text = read_secret(std::string(*file), "reading the key in", program);
    if (!text) return forward_error(text);
    auto key = from_base64url(text->view());
    if (!key || key->empty())
        return Unexpected{
            Stop{ExitCode::bad_input, {FailureKind::input, "reading the key in", printable(*file), "it is not base64url", ""}}};
    wanted.mac_key = std::move(*key);
    return wanted;
}

/// How the names are proved: exactly one of the three options.
Result<std::unique_ptr<acme::Solver>, Stop> make_solver(const Arguments& arguments, const acme::Wait& wait) {
    const auto port = arguments.get("http-port"), webroot = arguments.get("webroot"), hook = arguments.get("dns-hook");
    if (port.has_value() + webroot.has_value() + hook.has_value() != 1)
        return Unexpected{
            usage_stop("the command line", "one way to prove the names is needed",
                       "--http-port 80 where no web server runs, --webroot FOLDER where one does, --dns-hook PROGRAM for the DNS")};
    if (webroot) return acme::make_webroot(std::string(*webroot));
    if (port) {
        std::uint16_t number = 0;
        const auto [end, error] = std::from_chars(port->data(), port->data() + port->size(), number);
        if (error != std::errc() || end != port->data() + port->size() || number == 0)
            return Unexpected{usage_stop("--http-port", "\"" + printable(*port) + "\" is no port")};
        auto listener = acme::make_http_listener(number);
        if (!listener) return Unexpected{Stop{ExitCode::no_write, listener.error()}};
        return std::move(*listener);
    }
    std::chrono::seconds time{0};
    if (const auto text = arguments.get("dns-wait")) {
        const auto parsed = parse_seconds("--dns-wait", *text);
        if (!parsed) return forward_error(parsed);
        time = std::chrono::ceil<std::chrono::seconds>(*parsed);
    }
    const auto pause = [wait, time]() -> Result<void, Failure> {
        if (wait(time)) return {};
        return Unexpected{Failure{FailureKind::local, "waiting for", "the name servers", "it was interrupted", ""}};
    };
    const auto run = [](const std::vector<std::string>& command) -> Result<void, Failure> {
        const auto done = servers::run_successfully(command, kHookDeadline);
        if (!done) return forward_error(done);
        return {};
    };
    return acme::make_dns_hook(std::string(*hook), run, pause);
}

/// What each program would say to a certificate with these names in that order, under the name that users type.
Result<doctor::Report, Stop> judge_order(const std::vector<std::string>& names, const std::string& typed, const crypto::PrivateKey& key,
                                         const doctor::Settings& settings, Time now) {
    const auto request = x509::sign_server_request(names, key);
    if (!request)
        return Unexpected{Stop{ExitCode::internal, {FailureKind::local, "making the request for", typed, "OpenSSL could not", ""}}};
    doctor::PredictInput input;
    input.files = {{"the request", *request}};
    input.now = now;
    input.name = typed.starts_with("*.") ? "mail" + typed.substr(1) : typed;
    auto report = doctor::predict(input, settings);
    if (!report) return Unexpected{stop_for(report.error())};
    return std::move(*report);
}

/// Says what programs would say under the first name to what the authority makes of the names; `warns` or `refuses` when some would.
Result<ExitCode, Stop> predict_order(const acme::PublicAuthority& authority, const std::vector<std::string>& names,
                                     const crypto::PrivateKey& key, const doctor::Settings& settings, Program& program) {
    ExitCode worst_code = ExitCode::silent;
    for (const std::vector<std::string>& order : acme::orders_of(authority, names)) {
        const auto report = judge_order(order, names.front(), key, settings, program.clock().now());
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

/// Has the authority make a certificate for a new key.
Result<servers::Completed, Stop> order_certificate(const Arguments& arguments, Program& program, const std::string& directory,
                                                   const std::vector<std::string>& names, const crypto::PrivateKey& key) {
    std::stop_source stop;
    const acme::Wait wait = make_wait(stop.get_token());
    auto account = account_key(arguments, program, directory);
    if (!account) return forward_error(account);
    const auto wanted = registration(arguments, program);
    if (!wanted) return forward_error(wanted);
    const auto solver = make_solver(arguments, wait);
    if (!solver) return forward_error(solver);
    net::HttpsOptions options;
    options.roots_file = arguments.get("directory-roots").value_or("");
    options.stop = stop.get_token();
    auto https = net::HttpsClient::create(options);
    if (!https) return Unexpected{Stop{ExitCode::not_judged, https.error()}};
    program.stop_on_interrupt(stop);
    const auto tell = [&](const std::string& line) {
        program.detail(line);
        program.set_activity(line);
    };
    tell("Reading the directory");
    auto client = acme::Client::open(
        directory, std::move(*account), *wanted, [&](const net::HttpsRequest& request) { return https->send(request); }, wait);
    if (!client) return Unexpected{stop_for(client.error())};
    if (client->is_new() && !client->directory().terms.empty())
        program.note("A new account was made; with it these terms are agreed to: " + printable(client->directory().terms));
    const auto request = x509::sign_server_request(names, key);
    if (!request)
        return Unexpected{Stop{ExitCode::internal, {FailureKind::local, "making the request for", names.front(), "OpenSSL could not", ""}}};
    const auto chain = acme::obtain(*client, names, *request, **solver, tell);
    program.end_activity();
    if (!chain) return Unexpected{stop_for(chain.error())};
    servers::Offer offer;
    if (auto added = offer.add("what the authority sent", as_bytes(*chain), ""); !added) return Unexpected{stop_for(added.error())};
    auto completed = servers::complete(offer, {key}, [](const ByteString&) { return std::vector<ByteString>(); });
    if (!completed) return Unexpected{stop_for(completed.error())};
    completed->notes.clear();  // that the root is not at hand is as it should be
    return std::move(*completed);
}

ExitCode run_order(const Arguments& arguments, Program& program) {
    crypto::forbid_dumps();
    const auto names = names_to_serve(arguments);
    if (!names) return program.stop(names.error());
    const auto directory = arguments.get("directory");
    if (!directory)
        return program.stop(usage_stop("the command line", "--directory is missing",
                                       "Name the authority's: https://acme-v02.api.letsencrypt.org/directory is that of Let's Encrypt"));
    if (names->empty())
        return program.stop(
            usage_stop("the command line", "--name is missing", "Name the server as your users type it: --name mail.example.com"));
    const auto key = authority::make_key(authority::KeyType::p256);
    if (!key) return program.stop(stop_for(key.error()));
    const auto settings = installing_settings(arguments, program);
    if (!settings) return program.stop(settings.error());
    const auto predicted = predict_order(acme::authority_at(*directory), *names, *key, *settings, program);
    if (!predicted) return program.stop(predicted.error());
    if (*predicted != ExitCode::silent && !arguments.has("force")) {
        program.note("Nothing was ordered; --force orders it all the same.");
        return *predicted;
    }
    std::optional<OutFolder> out;
    std::vector<servers::Surveyed> surveyed;
    if (const auto folder = arguments.get("out")) {
        auto opened = OutFolder::open(*folder);
        if (!opened) return program.stop(opened.error());
        out = std::move(*opened);
    } else {
        const auto chosen = chosen_servers(arguments);
        if (!chosen) return program.stop(chosen.error());
        auto found = servers::survey_all(*chosen);  // before anything is ordered: a server that cannot take it
        if (!found) return program.stop(stop_for(found.error()));
        surveyed = std::move(*found);
    }
    if (arguments.has("dry-run")) {
        program.print("Would order a certificate for " + printable(join(*names, ", ")) + " from " + printable(*directory) +
                      ". Nothing was asked of it.\n");
        return ExitCode::silent;
    }
    auto completed = order_certificate(arguments, program, std::string(*directory), *names, *key);
    if (!completed) return program.stop(completed.error());
    if (const auto good = servers::check_credential(completed->credential, *names, program.clock().now()); !good)
        return program.stop(stop_for(good.error()));
    tell_order(completed->credential, *names, program);
    if (!out) return install(arguments, program, surveyed, {std::move(*completed), *names, {"order", std::string(*directory)}}, *settings);
    if (auto written = write_out(*out, completed->credential); !written) return program.stop(written.error());
    program.print("Wrote " + printable(out->path()) + "/fullchain.pem and privkey.pem for " + printable(join(*names, ", ")) + ".\n");
    return ExitCode::silent;
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
    option::kDryRun,
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

const Command kCertificateOrderCommand = {
    .name = "certificate order",
    .summary = "Have a public authority make a certificate (ACME), and install it",
    .options = kOrderOptions,
    .run = run_order,
};

}  // namespace truename::cli
