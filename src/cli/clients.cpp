#include <algorithm>
#include <memory>
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

ExitCode run_clients(const Arguments& arguments, Program& program) {
    const auto library = open_library(arguments);
    if (!library) return program.stop(library.error());
    if (arguments.positionals().empty() && !arguments.has("gaps") && !arguments.has("ids")) {
        program.print(list(**library));
        return ExitCode::silent;
    }
    std::vector<const clients::Profile*> profiles;
    if (arguments.positionals().empty()) {
        for (const clients::Profile& profile : (*library)->profiles) profiles.push_back(&profile);
    } else {
        const std::vector<std::string> ids = {std::string(arguments.positionals()[0])};
        auto selected = clients::select(**library, ids);
        if (!selected) return program.stop(stop_for(selected.error()));
        profiles = std::move(*selected);
    }
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
