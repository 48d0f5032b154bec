#include "cli/help.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/wrap.h"

namespace truename::cli {

namespace {

/// `-o, --output FORMAT[=FILE]`.
std::string option_heading(const Option& option) {
    std::string text = option.letter ? std::string("-") + option.letter + ", --" : "--";
    text += option.name;
    if (!option.argument.empty()) text += ' ' + std::string(option.argument);
    return text;
}

/// Help texts are Markdown; on a terminal the back quotes only disturb.
std::string without_quotes(std::string_view markdown) {
    std::string text(markdown);
    std::erase(text, '`');
    return text;
}

void append_options(std::string& out, std::span<const Option> options) {
    constexpr std::size_t kIndent = 26;
    for (const Option& option : options) {
        std::string line = (option.letter ? "  " : "      ") + option_heading(option);
        out += line;
        std::size_t column = line.size();
        if (column + 2 > kIndent) {
            out += '\n';
            column = 0;
        }
        out += std::string(kIndent - column, ' ');
        append_wrapped(out, without_quotes(option.help) + (option.repeatable ? " May be repeated." : ""), kIndent, kIndent);
    }
}

void append_summaries(std::string& out, std::span<const Command> commands) {
    std::size_t widest = 0;
    for (const Command& command : commands) widest = std::max(widest, command.name.size());
    for (const Command& command : commands) {
        out += "  " + std::string(command.name) + std::string(widest + 2 - command.name.size(), ' ');
        append_wrapped(out, command.summary, widest + 4, widest + 4);
    }
}

std::string page_of(const Command& command) {
    return "truename-" + std::string(command.name.substr(0, command.name.find(' ')));
}

void append_markdown(std::string& out, std::span<const Option> options) {
    for (const Option& option : options) {
        out += "- `" + option_heading(option) + "`\n  ";
        append_wrapped(out, std::string(option.help) + (option.repeatable ? " May be repeated." : ""), 2, 2);
    }
}

}  // namespace

std::string usage_of(const Command& command) {
    std::string text(command.name);
    if (!command.subcommands.empty()) return text + (command.run != nullptr ? " [COMMAND] [OPTION...]" : " COMMAND [OPTION...]");
    if (!command.positionals.empty()) text += ' ' + std::string(command.positionals);
    return text + (command.options.empty() ? "" : " [OPTION...]");
}

Stop unknown_command(std::span<const std::string_view> words) {
    const FoundCommand found = find_command(words);
    const std::string_view word = words[found.words];
    const std::string shown = printable(word);
    if (word.starts_with('-')) return usage_stop(shown, "the command comes before its options", "truename help lists the commands");
    std::vector<std::string_view> names;
    for (const Command& command : found.among) names.push_back(command.name.substr(command.name.rfind(' ') + 1));
    std::string before;
    for (const std::string_view right : words.first(found.words)) before += std::string(right) + ' ';
    std::string next = "truename help " + before + "lists them";
    if (const std::string_view near = nearest(word, names); !near.empty())
        next = "Did you mean " + before + std::string(near) + "?";
    else if (word.find_first_of(".:") != std::string_view::npos && found.words == 0)
        next = "Did you mean truename check " + shown + "?";
    return usage_stop("\"" + before + shown + "\"", "there is no such command", next);
}

std::string program_help() {
    std::string out =
        "truename finds, explains and mends the certificate errors that mail clients show.\n"
        "\n"
        "Usage: truename COMMAND [ARGUMENT...] [OPTION...]\n"
        "\n"
        "Commands:\n";
    append_summaries(out, all_commands());
    out +=
        "\n"
        "truename help COMMAND tells more; so does truename COMMAND --help.\n"
        "truename --version prints the version.\n"
        "\n"
        "Exit code: 0 every client connects silently, 1 one warns or expiry is near,\n"
        "2 one refuses, 3 nothing could be judged; 64 usage, 65 bad input, 66 no input,\n"
        "70 internal error, 73 cannot write, 130 interrupted.\n";
    return out;
}

std::string command_help(const Command& command) {
    std::string out = "Usage: truename " + usage_of(command) + "\n\n";
    append_wrapped(out, std::string(command.summary) + '.', 0, 0);
    if (!command.subcommands.empty()) {
        out += "\nCommands:\n";
        append_summaries(out, command.subcommands);
    }
    if (!command.options.empty()) {
        out += "\nOptions:\n";
        append_options(out, command.options);
    }
    out += "\nOptions of every command:\n";
    append_options(out, common_options());
    out += "\nMore: man " + page_of(command) + '\n';
    return out;
}

std::string options_markdown(const Command& command) {
    std::string out;
    for (const Command& each : command.subcommands) {
        out += "### truename " + usage_of(each) + "\n\n";
        append_wrapped(out, std::string(each.summary) + '.', 0, 0);
        out += '\n';
        append_markdown(out, each.options);
        out += '\n';
    }
    if (!command.subcommands.empty() && command.run != nullptr) {
        out += "### Options without another word\n\n";
        append_markdown(out, command.options);
        out += '\n';
    }
    if (!command.subcommands.empty()) out += "### Options of all of them\n\n";
    if (command.run == nullptr || command.subcommands.empty()) append_markdown(out, command.options);
    append_markdown(out, common_options());
    return out;
}

}  // namespace truename::cli
