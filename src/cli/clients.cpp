#include <algorithm>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/judging.h"
#include "cli/program.h"
#include "cli/shared_options.h"
#include "clients/library.h"
#include "clients/profile.h"

namespace truename::cli {

namespace {

/// The library of `--data`, or the one in the program when there is none. The pointer owns nothing in the second case.
Result<std::shared_ptr<const clients::Library>, Stop> open_library(const Arguments& arguments) {
    const std::shared_ptr<const clients::Library> compiled(std::shared_ptr<void>(), &clients::compiled());
    const auto folder = data_folder(arguments);
    if (!folder) return forward_error(folder);
    if (folder->empty()) return compiled;
    const auto loaded = clients::load_library(*folder);
    if (!loaded) return Unexpected{stop_for(loaded.error())};
    return *loaded ? *loaded : compiled;
}

bool is_usual(const clients::Library& library, const clients::Profile& profile) {
    return std::any_of(library.sets.begin(), library.sets.end(), [&](const clients::ClientSet& set) {
        return set.name == "usual" && std::find(set.profiles.begin(), set.profiles.end(), &profile) != set.profiles.end();
    });
}

std::string list(const clients::Library& library) {
    std::size_t id_width = 0, name_width = 0;
    for (const clients::Profile& profile : library.profiles) {
        id_width = std::max(id_width, profile.id.size());
        name_width = std::max(name_width, profile.name.size());
    }
    std::string out;
    for (const clients::Profile& profile : library.profiles) {
        const std::string id = std::string(profile.id);
        std::string line = (is_usual(library, profile) ? "* " : "  ") + id + std::string(id_width - id.size() + 2, ' ');
        line += std::string(profile.name) + std::string(name_width - profile.name.size() + 2, ' ') + std::string(profile.base_name);
        if (profile.retired) line += ", no longer made";
        out += line + '\n';
    }
    return out + "\n* judged unless --client says otherwise\n";
}

std::string list_gaps(const clients::Profile& profile) {
    std::string out;
    for (const FindingId id : clients::gaps(profile)) out += std::string(profile.id) + "  " + std::string(info(id).name) + '\n';
    return out;
}

// The same day a year later (1 March for 29 February) is the last on which facts are not old.
bool is_over_a_year_old(Time gathered, Time at) {
    const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(gathered));
    return std::chrono::floor<std::chrono::days>(at) > std::chrono::sys_days(day + std::chrono::years(1));
}

std::string age_in_days(Time gathered, Time at) {
    const auto days = std::max<std::int64_t>((at - gathered) / std::chrono::days(1), 0);
    return std::to_string(days) + (days == 1 ? " day" : " days");
}

// One line a profile. Nothing new is to be learnt of a program that is no longer made, so its facts do not grow old; facts whose day nobody
// knows are not taken for new ones.
ExitCode print_ages(std::span<const clients::Profile* const> profiles, Time at, Program& program) {
    std::size_t width = 0, old = 0;
    for (const clients::Profile* profile : profiles) width = std::max(width, profile->id.size());
    std::string out;
    for (const clients::Profile* profile : profiles) {
        out += std::string(profile->id) + std::string(width - profile->id.size() + 2, ' ');
        out += profile->gathered ? format_date(*profile->gathered) + "  " + age_in_days(*profile->gathered, at) : "nobody knows from when";
        const bool is_old = !profile->retired && (!profile->gathered || is_over_a_year_old(*profile->gathered, at));
        if (profile->retired) out += ", no longer made";
        if (is_old && profile->gathered) out += ", over a year old";
        out += '\n';
        old += is_old ? 1 : 0;
    }
    program.print(out);
    if (old == 0) return ExitCode::silent;
    program.note("What " + std::to_string(old) + " of " + std::to_string(profiles.size()) +
                 " do may have changed since: a newer version of truename may know more.");
    return ExitCode::warns;
}

ExitCode run_clients(const Arguments& arguments, Program& program) {
    const auto library = open_library(arguments);
    if (!library) return program.stop(library.error());
    if (arguments.positionals().empty() && !arguments.has("gaps") && !arguments.has("ids") && !arguments.has("age") &&
        !arguments.has("at")) {
        program.print(list(**library));
        return ExitCode::silent;
    }
    const auto at = judging_time(arguments);
    if (!at) return program.stop(at.error());
    if (*at && !arguments.has("age")) return program.stop(usage_stop("--at", "only ages depend on the time", "Type --age, too."));
    std::vector<const clients::Profile*> profiles;
    if (arguments.positionals().empty()) {
        for (const clients::Profile& profile : (*library)->profiles) profiles.push_back(&profile);
    } else {
        const std::vector<std::string> ids = {std::string(arguments.positionals()[0])};
        auto selected = clients::select(**library, ids);
        if (!selected) return program.stop(stop_for(selected.error()));
        profiles = std::move(*selected);
    }
    if (arguments.has("age")) return print_ages(profiles, at->value_or(program.clock().now()), program);
    std::string out;
    for (const clients::Profile* profile : profiles) {
        if (arguments.has("ids"))
            out += std::string(profile->id) + '\n';
        else if (arguments.has("gaps"))
            out += list_gaps(*profile);
        else
            out += (out.empty() ? "" : "\n") + clients::print(*profile);
    }
    program.print(out);
    return ExitCode::silent;
}

constexpr Option kOptions[] = {
    {.name = "gaps", .help = "List the defects to which the reaction of each program is not known."},
    {.name = "age", .help = "Say from when what is known of each program is; with facts of more than a year the program ends with 1."},
    {.name = "at",
     .argument = "TIME",
     .help = "With `--age`: the age at this time (`2027-03-01`, or `@` and seconds since 1970) instead of now."},
    {.name = "ids", .help = "Print only the ids, one a line."},
    option::kData,
};

}  // namespace

const Command kClientsCommand = {
    .name = "clients",
    .summary = "List the mail programs that are known, or what is known of one",
    .positionals = "[ID]",
    .most = 1,
    .offers = Offers::client,
    .words = "usual all",
    .options = kOptions,
    .run = run_clients,
};

}  // namespace truename::cli
