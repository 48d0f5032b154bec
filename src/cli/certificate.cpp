#include "cli/certificate.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "base/text.h"
#include "cli/asking.h"
#include "cli/certificate_tell.h"
#include "cli/commands.h"
#include "cli/judging.h"
#include "cli/program.h"
#include "cli/wizard_terminal.h"
#include "wizard/facts.h"
#include "x509/dns_name.h"
#include "x509/pem.h"
#include "x509/print.h"

namespace truename::cli {

namespace {

constexpr std::string_view kStateFolder = "/var/lib/truename/certificates";

#ifdef TRUENAME_TEST_STOPS
/// Ends the program as a power cut would, behind the step that TRUENAME_STOP_AT names: `rename`, or `rename:2` for the second of these.
/// Only in builds for tests.
class StopAt {
  public:
    StopAt() {
        const char* text = std::getenv("TRUENAME_STOP_AT");
        const std::vector<std::string_view> parts = split(text != nullptr ? text : "", ':');
        step_ = parts[0];
        if (parts.size() > 1) times_ = std::atoi(std::string(parts[1]).c_str());
    }
    void operator()(std::string_view step) {
        if (step == step_ && --times_ == 0) std::raise(SIGKILL);
    }

  private:
    std::string step_;
    int times_ = 1;
};
#endif

}  // namespace

Result<std::vector<std::shared_ptr<const servers::Server>>, Stop> chosen_servers(const Arguments& arguments) {
    const auto words = arguments.all("server");
    const auto folders = arguments.all("config");
    if (folders.size() > words.size())
        return Unexpected{usage_stop("--config", "it belongs to a --server that is not named", "Write --server before each --config")};
    for (const std::string_view folder : folders) {
        std::error_code error;
        if (std::filesystem::exists(folder, error) || error) continue;
        return Unexpected{Stop{ExitCode::no_input,
                               {FailureKind::local, "reading the configuration in", printable(folder), "no such file or directory", ""}}};
    }
    std::vector<std::shared_ptr<const servers::Server>> list;
    // Recorded as they are, and an undoing may be begun in another folder.
    for (std::size_t i = 0; i < words.size(); ++i)
        list.push_back(servers::make_server(words[i], i < folders.size() ? std::filesystem::absolute(folders[i]).string() : std::string()));
    if (!words.empty()) return list;
    for (auto& server : servers::installed_servers()) list.push_back(std::move(server));
    if (list.empty())
        return Unexpected{usage_stop("the command line", "this machine has neither Dovecot nor Postfix where Debian puts them",
                                     "Name one with its folder: --server dovecot --config FOLDER")};
    return list;
}

std::string state_folder(const Arguments& arguments) {
    return std::string(arguments.get("state").value_or(kStateFolder));
}

bool has_journal(const Arguments& arguments) {
    std::error_code error;
    // One that cannot be looked at is told when it is opened.
    return std::filesystem::exists(state_folder(arguments) + "/installations.db", error) || error;
}

std::string renewing(const Arguments& arguments, std::string_view options, std::string_view timer, bool is_usual_folder) {
    std::string text = "When two thirds of its time are over it is renewed by truename certificate renew" + std::string(options) +
                       ", if that is run each day";
    if (is_usual_folder && state_folder(arguments) == kStateFolder) text += ": systemctl enable --now " + std::string(timer);
    return text + ".";
}

Result<servers::Journal, Stop> open_journal(const Arguments& arguments) {
    crypto::forbid_dumps();  // private keys are in it
    auto journal = servers::Journal::open(state_folder(arguments));
    if (!journal) return Unexpected{Stop{ExitCode::no_write, journal.error()}};
    return std::move(*journal);
}

Result<doctor::Settings, Stop> installing_settings(const Arguments& arguments, const Program& program,
                                                   std::vector<doctor::NamedFile> added_roots) {
    auto options = judging_options(arguments, program);
    if (!options) return forward_error(options);
    for (doctor::NamedFile& root : added_roots) options->added_roots.push_back(std::move(root));
    options->brief = true;
    auto settings = doctor::prepare(std::move(*options));
    if (!settings) return Unexpected{stop_for(settings.error())};
    return std::move(*settings);
}

Result<servers::Patience, Stop> read_patience(const Arguments& arguments) {
    servers::Patience patience;
    const auto text = arguments.get("patience");
    if (!text) return patience;
    const auto seconds = parse_seconds("--patience", *text);
    if (!seconds) return forward_error(seconds);
    patience.whole = *seconds;
    patience.come_back = std::min(patience.come_back, *seconds);
    return patience;
}

servers::Installer make_installer(servers::Journal& journal, const doctor::Settings& settings, const servers::Patience& patience,
                                  Program& program) {
    servers::InstallerOptions options;
    options.patience = patience;
    options.clock = &program.clock();
    options.settings = &settings;
    std::stop_source stop;
    options.stop = stop.get_token();
    program.stop_on_interrupt(std::move(stop),
                              "Go on with it: truename certificate resume; or put everything back: truename certificate undo");
    options.tell = [&program](const std::string& line) {
        program.detail(line);
        program.set_activity(line);
    };
    options.progress = [&program](std::size_t done, std::size_t all) { program.set_progress(done, all); };
#ifdef TRUENAME_TEST_STOPS
    options.at_step = StopAt();
#endif
    return {journal, std::move(options)};
}

Result<std::vector<std::string>, Stop> names_to_serve(const Arguments& arguments) {
    std::vector<std::string> names;
    for (std::string_view name : arguments.all("name")) {
        if (name.size() > 1 && name.ends_with('.')) name.remove_suffix(1);  // the same name, as DNS writes it out
        const auto host = x509::to_a_labels(name);
        if (!host) return Unexpected{usage_stop("--name", "\"" + printable(name) + "\" is no name of a server")};
        if (x509::classify_dns_name(*host).is_ip_address)
            return Unexpected{
                usage_stop("--name", printable(name) + " is an address and no name", "Name the server as your users type it")};
        if (std::ranges::find(names, *host) == names.end()) names.push_back(*host);
    }
    return names;
}

servers::Audience audience_for(std::vector<std::string> names, const Arguments& arguments) {
    return {std::move(names), arguments.has("sni")};
}

namespace {

/// Finds what servers that are not to be told have to do with the files, and which instances are left alone.
void look_beside(const std::vector<servers::Surveyed>& chosen, const servers::Plan& plan, Telling& telling, Program& program) {
    std::vector<servers::Surveyed> others;
    for (const auto& server : servers::servers_beside(chosen)) {
        auto survey = server->survey();
        if (survey)
            others.push_back({server, std::move(*survey)});
        else
            program.detail(to_sentence(survey.error()));
    }
    telling.also = servers::also_named(plan, others);
    for (const servers::AlsoNamed& each : telling.also) telling.notes.push_back(to_sentence(each));
    for (const servers::Surveyed& other : others) {
        const bool named = std::any_of(telling.also.begin(), telling.also.end(),
                                       [&](const servers::AlsoNamed& each) { return each.config == other.server->config(); });
        const bool is_instance = std::any_of(chosen.begin(), chosen.end(),
                                             [&](const servers::Surveyed& each) { return each.server->id() == other.server->id(); });
        if (!named && is_instance) telling.notes.push_back(servers::instance_left_alone(*other.server));
    }
}

}  // namespace

ExitCode install(const Arguments& arguments, Program& program, const std::vector<servers::Surveyed>& servers, const Installing& installing,
                 const doctor::Settings& settings) {
    const servers::Completed& completed = installing.completed;
    const Time now = program.clock().now();
    if (const auto good = servers::check_credential(completed.credential, installing.audience.names, now); !good)
        return program.stop(stop_for(good.error()));
    auto plan = servers::plan_installation(servers, completed.credential, installing.audience);
    if (!plan) return program.stop(stop_for(plan.error()));
    const servers::Origin& origin = installing.origin;
    Telling telling{arguments.has("json"), origin.word == "issue", origin.word == "order" ? origin.store : "", {}, completed.notes};
    if (const std::string soon = servers::ends_soon(completed.credential, now); !soon.empty()) telling.notes.push_back(soon);
    telling.notes.insert(telling.notes.end(), plan->warnings.begin(), plan->warnings.end());
    look_beside(servers, *plan, telling, program);
    for (const std::string& note : telling.notes) program.note(note);
    for (const servers::Surveyed& each : servers) {
        for (const std::string& note : each.survey.notes) program.detail(note);
    }
    if (arguments.has("dry-run")) {
        tell_plan(*plan, completed, telling, program);
        return ExitCode::silent;
    }
    auto journal = open_journal(arguments);
    if (!journal) return program.stop(journal.error());
    const auto patience = read_patience(arguments);
    if (!patience) return program.stop(patience.error());
    servers::Installer installer = make_installer(*journal, settings, *patience, program);
    const auto outcome = installer.install(servers, std::move(*plan), completed.credential, installing.origin, arguments.has("force"));
    program.end_activity();
    if (!outcome) return program.stop(stop_for(outcome.error()));
    const auto installation = journal->installation(outcome->number);
    if (!installation) return program.stop(stop_for(installation.error()));
    telling.notes.insert(telling.notes.end(), outcome->notes.begin(), outcome->notes.end());
    return tell_outcome(*outcome, *installation, telling, program);
}

namespace {

const Command kSubcommands[] = {kCertificateImportCommand, kCertificateRequestCommand, kCertificateOrderCommand,
                                kCertificateIssueCommand,  kCertificateRenewCommand,   kCertificateUseCommand,
                                kCertificateListCommand,   kCertificateUndoCommand,    kCertificateResumeCommand};

/// By questions: which of these commands, and with what.
ExitCode run_pages(const Arguments& arguments, Program& program) {
    if (!program.is_interactive() && !arguments.has("page")) return program.stop(needs_another_word(arguments.command()));
    std::vector<std::shared_ptr<const servers::Server>> servers;
    if (auto chosen = chosen_servers(arguments)) servers = std::move(*chosen);
    wizard::CertificateFacts facts = wizard::find_certificate_facts(servers);
    facts.has_servers = !servers.empty();
    for (const char* const option : {"server", "config"}) {
        for (const std::string_view value : arguments.all(option))
            facts.server_options.insert(facts.server_options.end(), {"--" + std::string(option), std::string(value)});
    }
    if (const auto state = arguments.get("state")) facts.state_options = {"--state", std::string(*state)};
    const wizard::CertificateWizard wizard(std::move(facts));
    return arguments.has("page") ? print_page(wizard, arguments, program) : run_wizard(wizard, program);
}

constexpr Option kPageOptions[] = {option::kServer, option::kConfig, option::kState, option::kPage, option::kAnswer};

}  // namespace

const Command kCertificateCommand = {
    .name = "certificate",
    .summary = "Put a certificate into the mail servers of this machine, prove it, undo it; by questions, without another word",
    .options = kPageOptions,
    .run = run_pages,
    .subcommands = kSubcommands,
};

}  // namespace truename::cli
