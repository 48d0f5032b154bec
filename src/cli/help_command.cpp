#include <string>

#include "base/text.h"
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
    const std::string_view name = arguments.positionals()[0];
    const Command* command = find_command(name);
    if (!command) {
        std::vector<std::string_view> names;
        for (const Command& each : all_commands()) names.push_back(each.name);
        const std::string_view near = nearest(name, names);
        return program.stop(usage_stop("\"" + printable(name) + "\"", "there is no such command",
                                       near.empty() ? "truename help lists them" : "Did you mean " + std::string(near) + "?"));
    }
    program.print(arguments.has("markdown") ? options_markdown(*command) : command_help(*command));
    return ExitCode::silent;
}

constexpr Option kOptions[] = {
    {.name = "markdown", .help = "Print only the options, as they stand in the command's page under `docs/commands/`."},
};

}  // namespace

const Command kHelpCommand = {
    .name = "help",
    .summary = "Print what the program or one command takes",
    .positionals = "[COMMAND]",
    .most = 1,
    .offers = Offers::command,
    .options = kOptions,
    .run = run_help,
};

}  // namespace truename::cli
