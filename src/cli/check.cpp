#include <algorithm>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/asking.h"
#include "cli/certificate.h"
#include "cli/check_local.h"
#include "cli/commands.h"
#include "cli/file.h"
#include "cli/judging.h"
#include "cli/outputs.h"
#include "cli/program.h"
#include "cli/shared_options.h"
#include "cli/target_list.h"
#include "doctor/doctor.h"
#include "probe/evidence.h"
#include "probe/probe.h"

namespace truename::cli {

namespace {

/// Judges evidence as it comes in and writes it where the user wants it.
class Judge {
  public:
    Judge(const doctor::Settings& settings, Outputs& outputs, std::optional<AtomicFile>& saved, std::vector<probe::Fetched> issuers,
          Program& program)
        : settings_(settings), outputs_(outputs), saved_(saved), issuers_(std::move(issuers)), program_(program) {}

    /// Evidence of one target; nothing is written after an error.
    void take(probe::Evidence&& evidence) {
        if (stop_.stop_requested()) return;
        evidence.fetched.insert(evidence.fetched.end(), issuers_.begin(), issuers_.end());
        const doctor::Report report = doctor::examine(evidence, settings_);
        code_ = code_ ? worst(*code_, static_cast<ExitCode>(report.exit)) : static_cast<ExitCode>(report.exit);
        keep_first(outputs_.add(report, program_));
        if (saved_) keep_first(saved_->write(probe::write_evidence(evidence)));
        program_.advance();
        if (failure_ || program_.reader_gone()) stop_.request_stop();
    }

    /// Gives the files their names.
    void finish() {
        keep_first(outputs_.finish(program_));
        if (saved_ && !failure_) keep_first(saved_->commit());
    }

    [[nodiscard]] std::stop_token stop_token() const { return stop_.get_token(); }
    [[nodiscard]] const std::optional<Stop>& failure() const { return failure_; }
    /// The worst of all verdicts; nothing was judged when there was no target.
    [[nodiscard]] ExitCode code() const { return code_.value_or(ExitCode::not_judged); }

    void keep_first(const Result<void, Stop>& result) {
        if (!result && !failure_) failure_ = result.error();
    }

  private:
    const doctor::Settings& settings_;
    Outputs& outputs_;
    std::optional<AtomicFile>& saved_;
    std::vector<probe::Fetched> issuers_;
    Program& program_;
    std::stop_source stop_;
    std::optional<Stop> failure_;
    std::optional<ExitCode> code_;
};

/// Everything that the command line says, read and checked before the first connection.
struct Task {
    std::vector<probe::Target> targets;  // of the command line
    std::optional<TargetList> list;
    probe::Options asking;
    doctor::Options judging;
    std::vector<probe::Fetched> issuers;

    [[nodiscard]] Many many() const { return list ? Many::list : targets.size() == 1 ? Many::one : Many::several; }
};

Result<void, Stop> read_targets(const Arguments& arguments, Task& task) {
    for (const std::string_view text : arguments.positionals()) {
        auto target = probe::parse_target(text, "argument");
        if (!target) return Unexpected{stop_for(target.error())};
        if (target->port && arguments.has("ports"))
            return Unexpected{usage_stop("--ports", "it says which ports to ask, and " + printable(text) + " names its own",
                                         "Write the name alone: " + printable(target->name))};
        if (arguments.has("starttls") && !target->port && !arguments.has("ports"))
            return Unexpected{usage_stop("--starttls", "it says how to speak to a port, and " + printable(text) + " names none",
                                         "Write " + printable(text) + ":PORT")};
        const bool is_new = std::none_of(task.targets.begin(), task.targets.end(), [&](const probe::Target& known) {
            return probe::question_of(known) == probe::question_of(*target);
        });
        if (is_new) task.targets.push_back(std::move(*target));
    }
    if (const auto path = arguments.get("targets")) {
        auto list = TargetList::open(*path);
        if (!list) return forward_error(list);
        task.list.emplace(std::move(*list));
        for (const probe::Target& target : task.targets) task.list->skip(target);
    }
    if (task.targets.empty() && !task.list)
        return Unexpected{
            usage_stop("the command line", "HOST|URL is missing", "Name a mail server, or a list of them with --targets FILE")};
    return {};
}

Result<Task, Stop> read_task(const Arguments& arguments, const Program& program) {
    Task task;
    if (const auto read = read_targets(arguments, task); !read) return forward_error(read);
    auto asking = asking_options(arguments, task.list.has_value());
    if (!asking) return forward_error(asking);
    task.asking = std::move(*asking);
    auto required = required_protocols(arguments);
    if (!required) return forward_error(required);
    auto judging = judging_options(arguments, program);
    if (!judging) return forward_error(judging);
    task.judging = std::move(*judging);
    task.judging.require = std::move(*required);
    task.judging.deep = task.asking.deep;
    auto issuers = given_issuers(arguments);
    if (!issuers) return forward_error(issuers);
    task.issuers = std::move(*issuers);
    return task;
}

/// Targets end in any order; those of the command line are reported in the order in which they were typed.
class InOrder {
  public:
    InOrder(const std::vector<probe::Target>& targets, Judge& judge) : targets_(targets), waiting_(targets.size()), judge_(judge) {}

    void take(probe::Evidence&& evidence) {
        const auto found = std::find(targets_.begin(), targets_.end(), evidence.target);
        if (found == targets_.end()) return judge_.take(std::move(evidence));
        waiting_[static_cast<std::size_t>(found - targets_.begin())] = std::move(evidence);
        for (; next_ < waiting_.size() && waiting_[next_]; ++next_) {
            judge_.take(std::move(*waiting_[next_]));
            waiting_[next_].reset();
        }
    }

  private:
    const std::vector<probe::Target>& targets_;
    std::vector<std::optional<probe::Evidence>> waiting_;
    std::size_t next_ = 0;
    Judge& judge_;
};

/// A line that names no target is answered in its place, so that every line of the list has an answer.
probe::Evidence no_target(const TargetList::Entry& entry, Time now) {
    probe::Evidence evidence;
    evidence.target.text = entry.text;
    evidence.target.name = entry.text;
    evidence.target.source = "list";
    evidence.at = now;
    evidence.error = entry.target.error();
    evidence.error->object += " (line " + std::to_string(entry.line) + ")";
    return evidence;
}

/// The next target of the command line or the list; what is no target goes to the judge at once.
std::optional<probe::Target> next_target(Task& task, std::size_t& taken, Judge& judge, const Program& program) {
    if (taken < task.targets.size()) return task.targets[taken++];
    while (task.list && !judge.stop_token().stop_requested()) {
        const auto entry = task.list->next();
        if (!entry) judge.keep_first(Unexpected{entry.error()});
        if (!entry || !*entry) return std::nullopt;
        if ((*entry)->target) return *(*entry)->target;
        judge.take(no_target(**entry, program.clock().now()));
    }
    return std::nullopt;
}

ExitCode run_check(const Arguments& arguments, Program& program) {
    if (arguments.has("local")) return run_check_local(arguments, program);
    Result<Task, Stop> task = read_task(arguments, program);
    if (!task) return program.stop(task.error());
    Result<Outputs, Stop> outputs = Outputs::open(arguments, task->many());
    if (!outputs) return program.stop(outputs.error());
    std::optional<AtomicFile> saved;
    if (const auto path = arguments.get("save")) {
        Result<AtomicFile, Stop> file = AtomicFile::create(*path);
        if (!file) return program.stop(file.error());
        saved.emplace(std::move(*file));
    }
    task->judging.brief = outputs->is_brief();
    const Time at = task->judging.at.value_or(program.clock().now());
    const Result<doctor::Settings, Failure> settings = doctor::prepare(std::move(task->judging));
    if (!settings) return program.stop(stop_for(settings.error()));

    // What every program trusts anyway need not be fetched from where a certificate names it.
    task->asking.issuer_known = [&settings, at](Bytes certificate) { return doctor::knows_issuer(certificate, at, *settings); };
    task->asking.issuers_at_hand = [&settings](Bytes certificate) { return doctor::roots_for(certificate, *settings); };

    task->asking.tell = [&program](const std::string& line) { program.detail(printable(line)); };

    Judge judge(*settings, *outputs, saved, std::move(task->issuers), program);
    const bool one = task->many() == Many::one;
    program.set_activity(one ? "asking " + printable(task->targets[0].text) : "asking mail servers", task->list ? 0 : task->targets.size());
    std::size_t taken = 0;
    const auto source = [&] { return next_target(*task, taken, judge, program); };
    InOrder in_order(task->targets, judge);
    const auto sink = [&](probe::Evidence&& evidence) {
        if (task->list)
            judge.take(std::move(evidence));
        else
            in_order.take(std::move(evidence));
    };
    const auto asked = probe::probe(source, task->asking, sink, program.clock(), judge.stop_token());
    program.end_activity();
    if (!asked) return program.stop({ExitCode::internal, asked.error()});
    judge.finish();
    if (judge.failure()) return program.stop(*judge.failure());
    if (const std::size_t again = task->list ? task->list->duplicates() : 0; again != 0)
        program.note(counted(again, "line") + (again == 1 ? " names" : " name") + " a target that came before; each was asked once.");
    return judge.code();
}

constexpr Option kOptions[] = {
    {.name = "targets",
     .argument = "FILE",
     .help = "Ask every server that this file names, one a line (`-`: standard input); blank lines and what follows a `#` are nothing.",
     .offers = Offers::file},
    {.name = "ports",
     .argument = "LIST",
     .help =
         "What to ask instead of the eight usual mail ports: `imaps,submission`, `993,587` or with other numbers `imap:10143,imaps:10993`.",
     .offers = Offers::words,
     .words = "imaps imap pop3s pop3 submissions submission smtp sieve",
     .open_words = true},
    {.name = "starttls",
     .argument = "PROTOCOL",
     .help = "How to speak to the port of `HOST:PORT` before TLS: `imap`, `pop3`, `smtp`, `submission`, `sieve`.",
     .offers = Offers::words,
     .words = "imap pop3 smtp submission sieve"},
    {.name = "connect", .argument = "ADDRESS", .help = "Connect to this address instead of asking DNS."},
    {.name = "resolve", .argument = "NAME=ADDRESS", .help = "Take this address for that name.", .repeatable = true},
    option::kTrust,
    option::kClient,
    option::kAt,
    {.name = "deep",
     .help =
         "Open further connections, one a question, and hold them open together: other processes behind the port, older TLS versions, the "
         "other type of key, no name in the hello, commands smuggled in before TLS. Ask the authority's OCSP responder, "
         "too, or fetch its revocation list."},
    {.name = "fetch",
     .argument = "WHEN",
     .help = "Fetch missing issuers from where certificates name them, and with `--deep` what the OCSP responders and revocation "
             "lists that they name say: `auto` (the default for servers on the command line) or `none` (of lists).",
     .offers = Offers::words,
     .words = "auto none"},
    option::kIssuer,
    {.name = "local",
     .help =
         "Instead of judging: compare what the settings of the mail servers on this machine name with what they serve, port by port and "
         "name by name."},
    option::kServer,
    option::kConfig,
    option::kRequire,
    {.name = "save",
     .argument = "FILE",
     .help = "Save what the servers showed, to be judged again by `truename replay`.",
     .offers = Offers::file},
    option::kOutput,
    option::kDetail,
    {.name = "timeout",
     .argument = "SECONDS",
     .help = "Spend at most this long on a server (60); with `--local` on all of it, without an end if this is not given."},
    option::kLang,
    option::kData,
};

}  // namespace

const Command kCheckCommand = {
    .name = "check",
    .summary = "Ask mail servers, and say what each mail program says to their certificates, why, and what mends it",
    .positionals = "HOST|URL...",
    .most = kAnyNumber,
    .options = kOptions,
    .run = run_check,
};

}  // namespace truename::cli
