#include <algorithm>
#include <charconv>

#include "base/json.h"
#include "base/text.h"
#include "cli/certificate.h"
#include "cli/certificate_tell.h"
#include "cli/judging.h"
#include "cli/program.h"
#include "cli/shared_options.h"
#include "request/renewal.h"
#include "servers/standing.h"

namespace truename::cli {

Result<std::int64_t, Stop> read_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end == text.data() + text.size() && number > 0) return number;
    return Unexpected{
        usage_stop("NUMBER", "\"" + printable(text) + "\" is no number of an installation", "truename certificate list shows them")};
}

namespace {

using servers::Installation;
using servers::Stage;

ExitCode nothing_recorded(const Arguments& arguments, Program& program) {
    program.note("Nothing was installed yet: there is no record in " + printable(state_folder(arguments)) + ".");
    return ExitCode::silent;
}

bool was_broken_off(const Installation& installation) {
    return installation.stage == Stage::writing || installation.stage == Stage::undoing;
}

/// The newest that `wanted` is true of.
template <class F>
std::optional<Installation> newest(const std::vector<Installation>& list, F&& wanted) {
    for (auto each = list.rbegin(); each != list.rend(); ++each) {
        if (wanted(*each)) return *each;
    }
    return std::nullopt;
}

/// The one to undo: of the number that was given, or the newest that is in place.
Result<std::optional<Installation>, Stop> find_wanted(const Arguments& arguments, servers::Journal& journal) {
    const auto list = journal.installations();
    if (!list) return Unexpected{stop_for(list.error())};
    const auto& words = arguments.positionals();
    if (words.empty()) return newest(*list, [](const Installation& each) { return !is_put_back(each.stage); });
    const auto number = read_number(words.front());
    if (!number) return forward_error(number);
    auto installation = journal.installation(*number);
    if (!installation) return Unexpected{stop_for(installation.error())};
    if (is_put_back(installation->stage))
        return Unexpected{usage_stop("installation " + std::to_string(*number), "it is put back already",
                                     "truename certificate list shows which are in place")};
    return std::optional(std::move(*installation));
}

ExitCode run_undo(const Arguments& arguments, Program& program) {
    if (!has_journal(arguments)) return nothing_recorded(arguments, program);
    auto journal = open_journal(arguments);
    if (!journal) return program.stop(journal.error());
    const auto wanted = find_wanted(arguments, *journal);
    if (!wanted) return program.stop(wanted.error());
    if (!*wanted) {
        program.print("There is nothing to undo.\n");
        return ExitCode::silent;
    }
    const auto settings = installing_settings(arguments, program);
    if (!settings) return program.stop(settings.error());
    const auto patience = read_patience(arguments);
    if (!patience) return program.stop(patience.error());
    servers::Installer installer = make_installer(*journal, *settings, *patience, program);
    const auto outcome = installer.undo(**wanted, arguments.has("force"));
    program.end_activity();
    if (!outcome) return program.stop(stop_for(outcome.error()));
    return tell_outcome(*outcome, **wanted, {}, program);
}

ExitCode run_resume(const Arguments& arguments, Program& program) {
    if (!has_journal(arguments)) return nothing_recorded(arguments, program);
    auto journal = open_journal(arguments);
    if (!journal) return program.stop(journal.error());
    const auto list = journal->installations();
    if (!list) return program.stop(stop_for(list.error()));
    const auto settings = installing_settings(arguments, program);
    if (!settings) return program.stop(settings.error());
    const auto patience = read_patience(arguments);
    if (!patience) return program.stop(patience.error());
    ExitCode code = ExitCode::silent;
    bool any = false;
    for (const Installation& each : *list) {
        const bool is_last = each.number == list->back().number;
        if (!was_broken_off(each) && !(each.stage == Stage::unproved && is_last)) continue;
        any = true;
        servers::Installer installer = make_installer(*journal, *settings, *patience, program);
        const auto outcome = installer.resume(each, arguments.has("force"));
        program.end_activity();
        if (!outcome) return program.stop(stop_for(outcome.error()));
        code = worst(code, tell_outcome(*outcome, each, {}, program));
        Installation resumed = each;
        resumed.stage = outcome->stage;
        if (const auto kept = request::keep_resumed(state_folder(arguments), resumed); !kept) return program.stop(stop_for(kept.error()));
    }
    if (!any) program.print("There is nothing to go on with.\n");
    return code;
}

std::string json_line(const Installation& each, const servers::Stands& stands) {
    JsonWriter json;
    json.begin_object().member("number", each.number).member("at", format_time(each.at)).member("state", name_of(stands.standing));
    if (stands.replaced_by != 0) json.member("replaced_by", stands.replaced_by);
    json.member("origin", each.origin).key("names").begin_array();
    for (const std::string& name : each.names) json.value(name);
    json.end_array();
    write_certificate(json, each);
    json.key("servers").begin_array();
    for (const servers::ServerEntry& server : each.servers)
        json.begin_object().member("server", server.id).member("config", server.config).end_object();
    return json.end_array().end_object().take() + "\n";
}

std::string text_line(const Installation& each, const servers::Stands& stands) {
    constexpr std::size_t kStateWidth = 20;
    std::string number = std::to_string(each.number), state(name_of(stands.standing)), servers;
    std::replace(state.begin(), state.end(), '-', ' ');
    if (stands.replaced_by != 0) state += " by " + std::to_string(stands.replaced_by);
    state.resize(std::max(state.size(), kStateWidth), ' ');
    number.insert(0, number.size() < 4 ? 4 - number.size() : 0, ' ');
    for (const servers::ServerEntry& server : each.servers) servers += (servers.empty() ? "" : ", ") + server.id;
    const std::string what = each.has_certificate() ? "until " + format_date(each.not_after) : "a host's name    ";
    return number + "  " + format_date(each.at) + "  " + state + "  " + what + "  " + printable(servers) + "  " +
           servers::first_few(each.names) + "\n";
}

ExitCode run_list(const Arguments& arguments, Program& program) {
    if (!has_journal(arguments)) return nothing_recorded(arguments, program);
    auto journal = open_journal(arguments);
    if (!journal) return program.stop(journal.error());
    const auto list = journal->installations();
    if (!list) return program.stop(stop_for(list.error()));
    const auto stands = servers::standings(*journal, *list);
    if (!stands) return program.stop(stop_for(stands.error()));
    for (std::size_t i = 0; i < list->size(); ++i)
        program.print(arguments.has("json") ? json_line((*list)[i], (*stands)[i]) : text_line((*list)[i], (*stands)[i]));
    if (std::any_of(list->begin(), list->end(), was_broken_off))
        program.note("One was broken off: truename certificate resume goes on with it, truename certificate undo puts everything back.");
    return ExitCode::silent;
}

constexpr Option kForce = {.name = "force", .help = "Overwrite files that somebody else has changed since."};
constexpr Option kUndoOptions[] = {kForce,          option::kState, option::kPatience, option::kTrust,
                                   option::kClient, option::kAt,    option::kLang,     option::kData};
constexpr Option kListOptions[] = {{.name = "json", .help = "One JSON object a line."}, option::kState};

}  // namespace

const Command kCertificateUndoCommand = {
    .name = "certificate undo",
    .summary = "Put back what was there before the last installation, or before that of a number",
    .positionals = "[NUMBER]",
    .most = 1,
    .options = kUndoOptions,
    .run = run_undo,
};

const Command kCertificateResumeCommand = {
    .name = "certificate resume",
    .summary = "Go on with what was broken off, or prove what could not be proved",
    .options = kUndoOptions,
    .run = run_resume,
};

const Command kCertificateListCommand = {
    .name = "certificate list",
    .summary = "Show what was installed, when, where, and what became of it",
    .options = kListOptions,
    .run = run_list,
};

}  // namespace truename::cli
