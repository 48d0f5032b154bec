#include "cli/commands.h"

#include <algorithm>
#include <string>
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
    static const std::vector<Command> commands = {kCheckCommand,       kReplayCommand,  kPredictCommand,   kShowCommand,
                                                  kExplainCommand,     kClientsCommand, kAddressCommand,   kCaCommand,
                                                  kCertificateCommand, kMailCommand,    kKeysCommand,      kSchemaCommand,
                                                  kHelpCommand,        kVersionCommand, kCompletionCommand};
    return commands;
}

std::vector<const Command*> runnable_commands() {
    std::vector<const Command*> list;
    for (const Command& command : all_commands()) {
        if (command.subcommands.empty()) list.push_back(&command);
        for (const Command& each : command.subcommands) list.push_back(&each);
    }
    return list;
}

FoundCommand find_command(std::span<const std::string_view> words) {
    FoundCommand found{nullptr, 0, all_commands()};
    std::string name;
    while (found.words < words.size() && !found.among.empty()) {
        name += (name.empty() ? "" : " ") + std::string(words[found.words]);
        const auto next = std::ranges::find(found.among, name, &Command::name);
        if (next == found.among.end()) {
            if (found.command != nullptr && !words[found.words].starts_with('-')) found.command = nullptr;
            break;
        }
        found = {&*next, found.words + 1, next->subcommands};
    }
    return found;
}

Stop needs_another_word(const Command& command) {
    std::string names;
    for (const Command& each : command.subcommands) names += (names.empty() ? "" : ", ") + std::string(each.name);
    return usage_stop(std::string(command.name), "it needs another word", "There are: " + names);
}

}  // namespace truename::cli
