#include "cli/certificate.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "base/text.h"
#include "cli/asking.h"
#include "cli/commands.h"
#include "cli/judging.h"
#include "cli/program.h"
#include "servers/diff.h"
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

/// `new, 0600`, `as before, 0640, now closed to others`.
std::string change_in_words(const servers::FileChange& change) {
    const std::string mode = servers::mode_in_words(change.after.mode);
    if (!change.before.exists) return "new, mode " + mode;
    if (change.before.link) return "was a link to " + printable(*change.before.link) + ", becomes a file, mode " + mode;
    return "replaced, mode " + mode + (change.before.mode != change.after.mode ? ", closed to others" : "");
}

/// Several lines made safe for a terminal.
std::string printable_lines(std::string_view text) {
    std::string lines;
    for (const std::string_view line : split(text, '\n')) lines += printable(line) + "\n";
    return lines;
}

void print_plan(const servers::Plan& plan, const servers::Completed& completed, Program& program) {
    std::string text = "Would install the certificate for " + servers::first_few(plan.names) + ":\n";
    for (const std::string& note : plan.places) text += "  " + note + "\n";
    for (const servers::FileChange& change : plan.changes) text += "  " + printable(change.path) + "  " + change_in_words(change) + "\n";
    if (plan.changes.empty()) text += "  every file is as it should be; the servers would be reloaded and asked\n";
    for (const servers::FileEdit& edit : plan.edits)
        text += "\n" + printable_lines(servers::unified_diff(edit.old_bytes, edit.new_bytes, edit.file, edit.file)) + "\n";
    for (const std::string& map : plan.maps) text += "  postmap -F " + printable(map.substr(map.find(' ') + 1)) + "\n";
    text += "  chain sent: " + counted(completed.credential.chain.size(), "certificate") + "\nNothing was changed.\n";
    program.print(text);
}

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
        names.push_back(*host);
    }
    return names;
}

ExitCode install(const Arguments& arguments, Program& program, const std::vector<servers::Surveyed>& servers, const Installing& installing,
                 const doctor::Settings& settings) {
    const servers::Completed& completed = installing.completed;
    const Time now = program.clock().now();
    if (const auto good = servers::check_credential(completed.credential, installing.names, now); !good)
        return program.stop(stop_for(good.error()));
    auto plan = servers::plan_installation(servers, completed.credential, installing.names);
    if (!plan) return program.stop(stop_for(plan.error()));
    for (const std::string& note : completed.notes) program.note(note);
    if (const std::string soon = servers::ends_soon(completed.credential, now); !soon.empty()) program.note(soon);
    for (const std::string& warning : plan->warnings) program.note(warning);
    for (const servers::Surveyed& each : servers) {
        for (const std::string& note : each.survey.notes) program.detail(note);
    }
    if (arguments.has("dry-run")) {
        print_plan(*plan, completed, program);
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
    return tell_outcome(*outcome, *installation, program);
}

ExitCode tell_outcome(const servers::Outcome& outcome, const servers::Installation& installation, Program& program) {
    const std::string names = servers::first_few(installation.names);
    const std::string number = std::to_string(outcome.number);
    std::string text;
    switch (outcome.stage) {
        case servers::Stage::installed:
            text = "Installed for " + names + " until " + format_date(installation.not_after) + " and proved, as number " + number + ".\n";
            break;
        case servers::Stage::unproved:
            text = "Installed for " + names + " until " + format_date(installation.not_after) + ", as number " + number +
                   ", but not proved.\n";
            break;
        case servers::Stage::writing:
        case servers::Stage::undoing:
        case servers::Stage::undone:
        case servers::Stage::rolled_back:
            text = outcome.failure ? "Not installed: every file is as it was before.\n"
                                   : "Number " + number + " is undone: every file is as it was before it.\n";
            break;
    }
    const servers::Proof& proof = outcome.proof;
    if (proof.proved) {
        text += "  " + counted(proof.connections, "connection") + " in " + counted(proof.rounds, "round") +
                " in the end showed nothing but " + (is_put_back(outcome.stage) ? "what was there before" : "the new certificate") +
                ".\n  This does not show: connections that were open before, and other machines behind the same name.\n";
    }
    for (const std::string& wrong : proof.wrong) text += "  " + wrong + "\n";
    if (outcome.stage == servers::Stage::installed) text += "  truename certificate undo puts back what was there before.\n";
    program.print(text);
    for (const std::string& note : outcome.notes) program.note(note);
    if (outcome.failure) return program.stop({ExitCode::refuses, *outcome.failure});
    if (outcome.stage == servers::Stage::unproved || (!proof.proved && !proof.wrong.empty())) return ExitCode::not_judged;
    return ExitCode::silent;
}

namespace {

const Command kSubcommands[] = {kCertificateImportCommand, kCertificateIssueCommand, kCertificateOrderCommand, kCertificateRenewCommand,
                                kCertificateUseCommand,    kCertificateListCommand,  kCertificateUndoCommand,  kCertificateResumeCommand};

}  // namespace

const Command kCertificateCommand = {
    .name = "certificate",
    .summary = "Put a certificate into the mail servers of this machine, prove it, undo it",
    .subcommands = kSubcommands,
};

}  // namespace truename::cli
