#include <string>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/program.h"

namespace truename::cli {

namespace {

// What stands around the generated cases. COMP_WORDBREAKS splits `--option=value` into three words; they are put together again.
constexpr std::string_view kHead = R"(# bash completion of truename, made by `truename completion bash`
_truename() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
    COMPREPLY=()
    if [[ $cur == "=" ]]; then
        cur=""
    elif [[ $prev == "=" && COMP_CWORD -gt 1 ]]; then
        prev=${COMP_WORDS[COMP_CWORD-2]}
    fi
    if [[ COMP_CWORD -eq 1 ]]; then
        COMPREPLY=($(compgen -W "$_truename_commands --help --version" -- "$cur"))
        return
    fi
)";

/// Completes the second word of commands that have two, and takes both for the command's name from then on.
constexpr std::string_view kGroup = R"(    if [[ $command == "@" ]]; then
        if [[ COMP_CWORD -eq 2 ]]; then
            COMPREPLY=($(compgen -W "@@ --help" -- "$cur"))
            return
        fi
        command="@ ${COMP_WORDS[2]}"
    fi
)";

constexpr std::string_view kValues = R"(    case "$command $prev" in
)";

constexpr std::string_view kMiddle = R"(    esac
    if [[ $cur == -* ]]; then
        case "$command" in
)";

constexpr std::string_view kTail = R"(        esac
        return
    fi
    case "$command" in
)";

constexpr std::string_view kEnd = R"(    esac
}
complete -F _truename truename
)";

std::string command_names() {
    std::string names;
    for (const Command& command : all_commands()) names += (names.empty() ? "" : " ") + std::string(command.name);
    return names;
}

/// The shell command that fills COMPREPLY; empty when there is nothing to offer.
std::string reply(Offers offers, std::string_view words) {
    const std::string listed(words);
    switch (offers) {
        case Offers::nothing:
            return words.empty() ? "" : "COMPREPLY=($(compgen -W \"" + listed + "\" -- \"$cur\"))";
        case Offers::file:
            return "compopt -o filenames; COMPREPLY=($(compgen -f " + (listed.empty() ? "" : "-W \"" + listed + "\" ") + "-- \"$cur\"))";
        case Offers::folder:
            return "compopt -o filenames; COMPREPLY=($(compgen -d -- \"$cur\"))";
        case Offers::words:
            return "COMPREPLY=($(compgen -W \"" + listed + "\" -- \"$cur\"))";
        case Offers::client:
            return "COMPREPLY=($(compgen -W \"" + listed + " $(truename clients --ids 2>/dev/null)\" -- \"$cur\"))";
        case Offers::command:
            return "COMPREPLY=($(compgen -W \"$_truename_commands\" -- \"$cur\"))";
    }
    return "";
}

std::string groups() {
    std::string out;
    for (const Command& command : all_commands()) {
        if (command.subcommands.empty()) continue;
        std::string words;
        for (const Command& each : command.subcommands)
            words += (words.empty() ? "" : " ") + std::string(each.name.substr(each.name.rfind(' ') + 1));
        std::string text(kGroup);
        text.replace(text.find("@@"), 2, words);
        for (std::size_t at = 0; (at = text.find('@', at)) != std::string::npos;) text.replace(at, 1, command.name);
        out += text;
    }
    return out;
}

std::string bash_completion() {
    std::string values, options, positionals;
    for (const Command* each : runnable_commands()) {
        const Command& command = *each;
        std::string names;
        for (const auto& table : {command.options, common_options()}) {
            for (const Option& option : table) {
                names += (names.empty() ? "--" : " --") + std::string(option.name);
                if (option.argument.empty()) continue;
                std::string pattern = "\"" + std::string(command.name) + " --" + std::string(option.name) + '"';
                if (option.letter) pattern += "|\"" + std::string(command.name) + " -" + option.letter + '"';
                values += "        " + pattern + ") " + reply(option.offers, option.words) + "; return ;;\n";
            }
        }
        const std::string name = '"' + std::string(command.name) + '"';
        options += "            " + name + ") COMPREPLY=($(compgen -W \"" + names + "\" -- \"$cur\")) ;;\n";
        if (const std::string offered = reply(command.offers, command.words); !offered.empty())
            positionals += "        " + name + ") " + offered + " ;;\n";
    }
    // An option without anything to offer leaves `) ; return`, which bash does not read.
    for (std::size_t at = 0; (at = values.find(") ; return", at)) != std::string::npos;) values.replace(at, 10, ") return");
    return "_truename_commands=\"" + command_names() + "\"\n" + std::string(kHead) + groups() + std::string(kValues) + values +
           std::string(kMiddle) + options + std::string(kTail) + positionals + std::string(kEnd);
}

ExitCode run_completion(const Arguments&, Program& program) {
    program.print(bash_completion());
    return ExitCode::silent;
}

}  // namespace

const Command kCompletionCommand = {
    .name = "completion",
    .summary = "Print the completion script of a shell",
    .positionals = "bash",
    .least = 1,
    .most = 1,
    .offers = Offers::words,
    .words = "bash",
    .run = run_completion,
};

}  // namespace truename::cli
