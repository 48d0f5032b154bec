#include "cli/run.h"

#include <string>
#include <vector>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/program.h"

namespace truename::cli {

namespace {

/// Says that there is no such command, and what was probably meant: a command with a typing error, or `check` for a name of a host.
Stop unknown_command(std::string_view word) {
    const std::string shown = printable(word);
    if (word.starts_with('-')) return usage_stop(shown, "the command comes before its options", "truename help lists the commands");
    std::vector<std::string_view> names;
    for (const Command& command : all_commands()) names.push_back(command.name);
    std::string next = "truename help lists them";
    if (const std::string_view near = nearest(word, names); !near.empty())
        next = "Did you mean " + std::string(near) + "?";
    else if (word.find_first_of(".:") != std::string_view::npos)
        next = "Did you mean truename check " + shown + "?";
    return usage_stop("\"" + shown + "\"", "there is no such command", next);
}

ExitCode run_command(const Command& command, std::span<const std::string_view> words, Program& program) {
    const Result<Arguments, Stop> arguments = parse_arguments(command, words);
    if (!arguments) return program.stop(arguments.error());
    if (arguments->has("help")) {
        program.print(command_help(command));
        return ExitCode::silent;
    }
    if (arguments->has("no-colour")) program.set_colours(false);
    if (arguments->has("verbose")) program.set_verbose();
    if (arguments->has("quiet")) program.set_quiet();
    return command.run(*arguments, program);
}

}  // namespace

ExitCode run(std::span<const std::string_view> words, Program& program) {
    ExitCode code = ExitCode::usage;
    if (words.empty()) {
        program.complain(usage_stop("the command line", "no command was given", "truename help lists the commands"));
    } else if (words[0] == "--help" || words[0] == "-h") {
        program.print(program_help());
        code = ExitCode::silent;
    } else {
        const std::string_view name = words[0] == "--version" || words[0] == "-V" ? std::string_view("version") : words[0];
        const Command* command = find_command(name);
        code = command ? run_command(*command, words.subspan(1), program) : program.stop(unknown_command(name));
    }
    // A command that stopped because it cannot write has said so.
    const std::optional<Stop> failure = program.output_failure();
    if (failure && code != ExitCode::no_write) return program.stop(*failure);
    return code;
}

}  // namespace truename::cli
