#include "cli/commands.h"

#include <algorithm>
#include <vector>

namespace truename::cli {

std::span<const Option> common_options() {
    static constexpr Option kOptions[] = {
        {.name = "no-colour", .help = "No colours on a terminal either; the environment variable `NO_COLOR` does the same."},
        {.name = "verbose", .letter = 'v', .help = "Say on standard error what is being done, and leave nothing out of reports in text."},
        {.name = "quiet", .letter = 'q', .help = "Nothing on standard error but errors."},
        {.name = "help", .letter = 'h', .help = "Print the usage and the options, and do nothing else."},
    };
    return kOptions;
}

std::span<const Command> all_commands() {
    static const std::vector<Command> commands = {kCheckCommand,   kReplayCommand, kPredictCommand, kShowCommand,    kExplainCommand,
                                                  kClientsCommand, kSchemaCommand, kHelpCommand,    kVersionCommand, kCompletionCommand};
    return commands;
}

const Command* find_command(std::string_view name) {
    const std::span<const Command> commands = all_commands();
    const auto found = std::find_if(commands.begin(), commands.end(), [&](const Command& command) { return command.name == name; });
    return found == commands.end() ? nullptr : &*found;
}

}  // namespace truename::cli
