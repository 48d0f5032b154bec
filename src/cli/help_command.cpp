#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/program.h"

namespace truename::cli {

namespace {

ExitCode run_help(const Arguments& arguments, Program& program) {
    if (arguments.positionals().empty()) {
        program.print(program_help());
        return ExitCode::silent;
    }
    const FoundCommand found = find_command(arguments.positionals());
    if (!found.command || found.words < arguments.positionals().size()) return program.stop(unknown_command(arguments.positionals()));
    program.print(arguments.has("markdown") ? options_markdown(*found.command) : command_help(*found.command));
    return ExitCode::silent;
}

constexpr Option kOptions[] = {
    {.name = "markdown", .help = "Print only the options, as they stand in the command's page under `docs/commands/`."},
};

}  // namespace

const Command kHelpCommand = {
    .name = "help",
    .summary = "Print what the program or one command takes",
    .positionals = "[COMMAND...]",
    .most = 2,
    .offers = Offers::command,
    .options = kOptions,
    .run = run_help,
};

}  // namespace truename::cli
