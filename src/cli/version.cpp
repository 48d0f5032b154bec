#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/program.h"

namespace truename::cli {

namespace {

ExitCode run_version(const Arguments&, Program& program) {
    program.print("truename " TRUENAME_VERSION "\n");
    return ExitCode::silent;
}

}  // namespace

const Command kVersionCommand = {.name = "version", .summary = "Print the version of this program", .run = run_version};

}  // namespace truename::cli
