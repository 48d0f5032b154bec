#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace truename::cli {

class Arguments;
class Program;
enum class ExitCode : int;

/// What the shell offers after an option or as a positional argument.
enum class Offers : std::uint8_t { nothing, file, folder, words, client, command };

/// One option of a command. Parser, help, completion and the option lists of the man pages are all made from these rows.
struct Option {
    std::string_view name;           ///< without dashes: `trust`
    char letter = 0;                 ///< the short form: 'o'; none when 0
    std::string_view argument = {};  ///< what follows, as help shows it: `FILE`; empty for an option that is only on or off
    std::string_view help = {};      ///< one or two sentences, in Markdown without links
    bool repeatable = false;
    Offers offers = Offers::nothing;
    std::string_view words =
        {};                   ///< the values that exist, blanks between them; with Offers::words no other is accepted, unless `open_words`
    bool open_words = false;  ///< values beyond `words` are fine (`--trust FILE`, `-o json=FILE`)
};

/// One command of the program.
struct Command {
    std::string_view name;              ///< as it is typed: `check`, `ca init`
    std::string_view summary;           ///< one line without a full stop
    std::string_view positionals = {};  ///< as help shows them: `HOST|URL...`
    std::size_t least = 0;              ///< how many positional arguments there must be
    std::size_t most = 0;               ///< and may be
    Offers offers = Offers::nothing;    ///< what the shell offers for them; with Offers::words no other word is accepted
    std::string_view words = {};
    bool takes_numbers = false;  ///< a minus with a digit behind it begins a positional argument: `explain -16370`
    std::span<const Option> options = {};
    ExitCode (*run)(const Arguments& arguments, Program& program) = nullptr;
    std::span<const Command> subcommands = {};  ///< then it is not run itself: `ca` has `ca init` and others
};

/// No upper limit of positional arguments.
inline constexpr std::size_t kAnyNumber = std::numeric_limits<std::size_t>::max();

/// Options that every command takes; the program acts on them before it runs the command.
[[nodiscard]] std::span<const Option> common_options();

/// Every command, in the order of the help text; those of several words below the first of these.
[[nodiscard]] std::span<const Command> all_commands();

/// Every command that can be run.
[[nodiscard]] std::vector<const Command*> runnable_commands();

/// A command and how many words named it. No command: `words` is how many were right, and `among` are those that could have followed.
struct FoundCommand {
    const Command* command = nullptr;
    std::size_t words = 0;
    std::span<const Command> among = {};
};
/// The command that the first words name. One that has subcommands is found where no word or an option follows.
[[nodiscard]] FoundCommand find_command(std::span<const std::string_view> words);

}  // namespace truename::cli
