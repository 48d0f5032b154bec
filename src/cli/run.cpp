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

ExitCode run_command(const Command& command, std::span<const std::string_view> words, Program& program) {
    const Result<Arguments, Stop> arguments = parse_arguments(command, words);
    if (!arguments) return program.stop(arguments.error());
    if (arguments->has("help")) {
        program.print(command_help(command));
        return ExitCode::silent;
    }
    if (command.run == nullptr) return program.stop(needs_another_word(command));
    if (arguments->has("no-colour")) program.set_colours(false);
    if (arguments->has("verbose")) program.set_verbose();
    if (arguments->has("quiet")) program.set_quiet();
    program.set_places(places_of(*arguments));
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
    } else if (words[0] == "--version" || words[0] == "-V") {
        code = run_command(kVersionCommand, words.subspan(1), program);
    } else {
        const FoundCommand found = find_command(words);
        code = found.command ? run_command(*found.command, words.subspan(found.words), program) : program.stop(unknown_command(words));
    }
    // A command that stopped because it cannot write has said so.
    const std::optional<Stop> failure = program.output_failure();
    if (failure && code != ExitCode::no_write) return program.stop(*failure);
    return code;
}

}  // namespace truename::cli
