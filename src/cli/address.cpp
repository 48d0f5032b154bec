#include "net/address.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <functional>
#include <thread>

#include "address/client_files.h"
#include "address/making.h"
#include "address/render.h"
#include "address/survey.h"
#include "base/replace_file.h"
#include "base/text.h"
#include "cli/address_set_up.h"
#include "cli/arguments.h"
#include "cli/asking.h"
#include "cli/certificate.h"
#include "cli/commands.h"
#include "cli/dns_options.h"
#include "cli/file.h"
#include "cli/judging.h"
#include "cli/program.h"
#include "cli/shared_options.h"
#include "cli/wizard_terminal.h"
#include "wizard/facts.h"

namespace truename::cli {

namespace {

constexpr std::chrono::seconds kUpdateDeadline{30};

/// Everything that the command line says.
struct Task {
    address::Question question;
    net::DnsOptions dns;
    probe::Limits limits;
    address::FetchOptions fetch;
    doctor::Options mail, web;
    std::string files;  // a folder; empty: none are written
    std::optional<net::UpdateServer> update;
    std::chrono::milliseconds wait{0};  // how long records are waited for
};

Result<std::vector<std::string>, Stop> read_addresses(const Arguments& arguments) {
    std::vector<std::string> addresses;
    for (const std::string_view text : arguments.all("address")) {
        const auto parsed = net::SocketAddress::from_text(text, 0);
        if (!parsed) return Unexpected{usage_stop("--address", "\"" + printable(text) + "\" is no IPv4 or IPv6 address")};
        addresses.push_back(parsed->text());
    }
    return addresses;
}

Result<address::Question, Stop> read_question(const Arguments& arguments) {
    const auto domain = arguments.get("domain");
    if (!domain)
        return Unexpected{
            usage_stop("the command line", "--domain is missing", "Name what stands behind the @ of your addresses: example.com")};
    const auto name = address::make_internet_address(*domain, arguments.get("prefix").value_or(address::kPrefixes.front()));
    if (!name) return Unexpected{stop_for(name.error())};
    auto addresses = read_addresses(arguments);
    if (!addresses) return forward_error(addresses);
    address::Question question{*name, std::move(*addresses), {}, arguments.has("files")};
    if (const auto text = arguments.get("ports")) {
        auto ports = probe::parse_ports(*text);
        if (!ports) return Unexpected{stop_for(ports.error())};
        question.ports = std::move(*ports);
    }
    return question;
}

Result<Task, Stop> read_task(const Arguments& arguments, const Program& program) {
    Task task;
    auto question = read_question(arguments);
    if (!question) return forward_error(question);
    task.question = std::move(*question);
    if (const auto text = arguments.get("resolver")) {
        auto resolver = read_server("--resolver", *text);
        if (!resolver) return forward_error(resolver);
        task.dns.resolver = std::move(*resolver);
    }
    task.dns.anchor_file = arguments.get("dns-anchor").value_or("");
    const auto limits = asking_limits(arguments);
    if (!limits) return forward_error(limits);
    task.limits = *limits;
    task.dns.deadline = task.limits.resolve;
    task.fetch.deadline = std::min(task.fetch.deadline, task.limits.fetch);
    for (const std::string_view trusted : arguments.all("trust")) {
        std::error_code error;
        if (std::filesystem::is_regular_file(trusted, error)) task.fetch.roots_file = trusted;
    }
    auto judging = judging_options(arguments, program);
    if (!judging) return forward_error(judging);
    task.mail = std::move(*judging);
    task.web = task.mail;
    task.web.clients = {"reference"};  // what web clients compare is what RFC 9525 says
    task.files = arguments.get("files").value_or("");
    auto update = read_update_server(arguments, "update");
    if (!update) return forward_error(update);
    task.update = std::move(*update);
    if (const auto text = arguments.get("wait")) {
        const auto seconds = parse_seconds("--wait", *text);
        if (!seconds) return forward_error(seconds);
        task.wait = *seconds;
    }
    return task;
}

/// How to look once, with a fresh view of the DNS: what was asked before is not remembered.
address::Look make_look(const Task& task, const doctor::Settings& mail, const doctor::Settings& web, Program& program) {
    return [&task, &mail, &web, &program]() -> Result<address::Survey, Failure> {
        auto dns = net::DnsClient::create(task.dns);
        if (!dns) return forward_error(dns);
        address::Surroundings with;
        with.dns = &*dns;
        with.mail = &mail;
        with.web = &web;
        with.clock = &program.clock();
        with.limits = task.limits;
        with.fetch = task.fetch;
        with.tell = [&program](const std::string& line) {
            program.detail(printable(line));
            program.set_activity(line);
        };
        auto survey = address::survey(task.question, with);
        program.end_activity();
        return survey;
    };
}

/// Waits for the next look, unless the time of `--wait` would be over.
std::function<bool(std::size_t)> make_wait(std::chrono::milliseconds wait, Program& program) {
    using std::chrono::milliseconds;
    const auto until = program.clock().ticks() + wait;
    const milliseconds pause = std::clamp<milliseconds>(wait / 20, milliseconds(500), milliseconds(30'000));
    return [until, pause, &program](std::size_t left) {
        if (program.clock().ticks() + pause >= until) return false;
        program.set_activity("waiting for " + counted(left, "record") + " of the zone");
        std::this_thread::sleep_for(pause);
        return true;
    };
}

/// Adds what is missing to the zone.
Result<void, Stop> make_records(const Task& task, const address::Look& look, Program& program) {
    const auto survey = look();
    if (!survey) return Unexpected{stop_for(survey.error())};
    program.set_activity("adding records to the zone");
    const auto added = address::make_records(*survey, *task.update, run_program(kUpdateDeadline));
    program.end_activity();
    if (!added) return Unexpected{Stop{ExitCode::no_write, added.error()}};
    for (const address::Record& record : *added) program.note("Added " + address::zone_line(record));
    return {};
}

/// Copies what is there beside it, under a name that nothing has yet: `index.html~`, `index.html~2`.
Result<std::string, Stop> copy_aside(const std::string& path) {
    std::error_code error;
    for (int number = 1;; ++number) {
        std::string aside = path + "~" + (number == 1 ? "" : std::to_string(number));
        if (std::filesystem::copy_file(path, aside, error)) return aside;
        if (error != std::errc::file_exists)
            return Unexpected{
                Stop{ExitCode::no_write,
                     {FailureKind::local, "copying what is there to", printable(aside), error.message(), "The file was left as it is"}}};
    }
}

Result<void, Stop> write_files(const std::string& folder, const address::Survey& survey, Program& program) {
    const auto files = address::client_files(survey);
    if (files.empty()) {
        program.note("No files were written: under " + printable(survey.question.address.name) +
                     " no port was found where mail can be read, or none where it can be sent.");
        return {};
    }
    for (const address::ClientFile& file : files) {
        const std::filesystem::path path = std::filesystem::path(folder) / file.path;
        std::error_code error;
        std::filesystem::create_directories(path.parent_path(), error);
        if (error)
            return Unexpected{Stop{ExitCode::no_write,
                                   {FailureKind::local, "making the folder", printable(path.parent_path().string()), error.message(), ""}}};
        std::string aside;
        if (std::filesystem::exists(path, error)) {
            const auto before = read_file(path.string(), "comparing with");
            if (before && as_text(*before) == file.text) continue;
            auto copied = copy_aside(path.string());
            if (!copied) return forward_error(copied);
            aside = std::move(*copied);
        }
        const auto written = replace_file(path.string(), file.text, Readers::everybody);
        if (!written)
            return Unexpected{
                Stop{ExitCode::no_write, {FailureKind::local, "writing", printable(path.string()), std::strerror(written.error()), ""}}};
        program.note((aside.empty() ? "Wrote " : "Replaced ") + printable(path.string()) + ", to be served " + file.served + "." +
                     (aside.empty() ? "" : " What was there is " + printable(aside) + "."));
    }
    return {};
}

/// The same by questions, for somebody who sits in front of it; what was given is taken as it is.
ExitCode run_pages(const Arguments& arguments, Program& program) {
    std::vector<std::shared_ptr<const servers::Server>> servers;
    if (auto chosen = chosen_servers(arguments)) servers = std::move(*chosen);
    net::DnsOptions dns;
    if (const auto text = arguments.get("resolver")) {
        auto resolver = read_server("--resolver", *text);
        if (!resolver) return program.stop(resolver.error());
        dns.resolver = std::move(*resolver);
    }
    dns.deadline = std::chrono::seconds(2);  // for suggestions only
    wizard::AddressFacts facts = wizard::find_address_facts(servers, std::move(dns));
    facts.options = arguments.option_words({"page", "answer"});
    facts.addresses_of = [&program, ask = std::move(facts.addresses_of)](const std::vector<std::string>& names) {
        program.set_activity("asking the DNS for " + servers::first_few(names));
        auto addresses = ask(names);
        program.end_activity();
        return addresses;
    };
    const wizard::AddressWizard wizard(std::move(facts));
    return arguments.has("page") ? print_page(wizard, arguments, program) : run_wizard(wizard, program);
}

ExitCode run_address(const Arguments& arguments, Program& program) {
    constexpr std::string_view kAsked[] = {"domain", "prefix", "address", "set-up", "dry-run", "update", "update-key", "files", "json"};
    const bool is_given = std::ranges::any_of(kAsked, [&](std::string_view option) { return arguments.has(option); });
    if (arguments.has("page") || (!is_given && program.is_interactive())) return run_pages(arguments, program);
    auto task = read_task(arguments, program);
    if (!task) return program.stop(task.error());
    if (arguments.has("set-up") || arguments.has("dry-run")) {
        const ExitCode done = set_up_servers(arguments, program, task->question.address.name);
        if (done != ExitCode::silent || arguments.has("dry-run")) return done;
    }
    const auto mail = doctor::prepare(std::move(task->mail));
    if (!mail) return program.stop(stop_for(mail.error()));
    const auto web = doctor::prepare(std::move(task->web));
    if (!web) return program.stop(stop_for(web.error()));
    const address::Look look = make_look(*task, *mail, *web, program);
    if (task->update) {
        if (const auto made = make_records(*task, look, program); !made) return program.stop(made.error());
    }
    const auto survey = address::survey_until_made(look, make_wait(task->wait, program));
    if (!survey) return program.stop(stop_for(survey.error()));
    program.print(arguments.has("json") ? address::render_json(*survey) : address::render_text(*survey, program.width()));
    if (!task->files.empty()) {
        if (const auto written = write_files(task->files, *survey, program); !written) return program.stop(written.error());
    }
    return static_cast<ExitCode>(survey->exit);
}

constexpr Option kOptions[] = {
    {.name = "domain", .argument = "DOMAIN", .help = "What stands behind the @ of the users' addresses: `example.com`."},
    {.name = "prefix",
     .argument = "WORD",
     .help = "What is put before it to make the name that users type: `remote` (the default), `mail` or another; empty: the domain itself.",
     .offers = Offers::words,
     .words = "remote mail imap mx",
     .open_words = true},
    {.name = "address",
     .argument = "ADDRESS",
     .help = "An address (IPv4 or IPv6) that the name shall have; without it those that it has are right.",
     .repeatable = true},
    {.name = "resolver", .argument = "ADDRESS", .help = "Ask this DNS server instead of this machine's: `192.0.2.53`, `192.0.2.53:5353`."},
    {.name = "dns-anchor",
     .argument = "FILE",
     .help = "The keys that DNSSEC begins with (DNSKEY or DS records) instead of the root's.",
     .offers = Offers::file},
    {.name = "ports",
     .argument = "LIST",
     .help = "What to ask under the name instead of the eight usual mail ports: `imaps,submission`, `imap:10143`.",
     .offers = Offers::words,
     .words = "imaps imap pop3s pop3 submissions submission smtp sieve",
     .open_words = true},
    {.name = "set-up",
     .help = "Give the mail servers of this machine that name, too (Postfix's `myhostname`, Dovecot's `hostname`), proved or put back; "
             "`truename certificate undo` takes it back."},
    {.name = "dry-run", .help = "Only show what `--set-up` would change."},
    option::kServer,
    option::kConfig,
    option::kState,
    option::kPatience,
    {.name = "files",
     .argument = "FOLDER",
     .help = "Write files with settings there, as a web server needs them so that programs set up an account by its address alone.",
     .offers = Offers::folder},
    {.name = "update",
     .argument = "ADDRESS",
     .help = "Add the records that are missing to the zone by asking its primary server (RFC 2136): `192.0.2.53`, `127.0.0.1:5353`."},
    {.name = "update-key", .argument = "FILE", .help = "The key that this server knows you by (TSIG).", .offers = Offers::file},
    {.name = "wait", .argument = "SECONDS", .help = "Look again until every record is there, at most this long."},
    {.name = "json", .help = "Write one JSON object."},
    option::kPage,
    option::kAnswer,
    option::kTrust,
    option::kClient,
    option::kAt,
    {.name = "timeout",
     .argument = "SECONDS",
     .help = "Spend at most this long on each server, and on each round of questions to the DNS."},
    option::kLang,
    option::kData,
};

}  // namespace

const Command kAddressCommand = {
    .name = "address",
    .summary = "Look whether everything is set up for the name that users type, and say what is still to be made",
    .options = kOptions,
    .run = run_address,
};

}  // namespace truename::cli
