#include <algorithm>
#include <optional>
#include <string>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/data_revision.h"
#include "cli/program.h"
#include "clients/library.h"

namespace truename::cli {

namespace {

// From when the facts about mail programs are: one day, or the first and the last.
std::string days_of_facts() {
    std::optional<Time> first, last;
    for (const clients::Profile& profile : clients::compiled().profiles) {
        if (!profile.gathered) continue;
        first = first ? std::min(*first, *profile.gathered) : *profile.gathered;
        last = last ? std::max(*last, *profile.gathered) : *profile.gathered;
    }
    if (!first) return "an unknown day";
    return first == last ? format_date(*first) : format_date(*first) + " to " + format_date(*last);
}

ExitCode run_version(const Arguments&, Program& program) {
    program.print("truename " TRUENAME_VERSION "\ndata " + std::string(data_revision()) + ", facts about mail programs of " +
                  days_of_facts() + "\n");
    return ExitCode::silent;
}

}  // namespace

const Command kVersionCommand = {
    .name = "version", .summary = "Print the version of this program and of the data in it", .run = run_version};

}  // namespace truename::cli
