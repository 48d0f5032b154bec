#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

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
    std::string_view name;
    std::string_view summary;           ///< one line without a full stop
    std::string_view positionals = {};  ///< as help shows them: `HOST|URL...`
    std::size_t least = 0;              ///< how many positional arguments there must be
    std::size_t most = 0;               ///< and may be
    Offers offers = Offers::nothing;    ///< what the shell offers for them; with Offers::words no other word is accepted
    std::string_view words = {};
    bool takes_numbers = false;  ///< a minus with a digit behind it begins a positional argument: `explain -16370`
    std::span<const Option> options = {};
    ExitCode (*run)(const Arguments& arguments, Program& program) = nullptr;
};

/// No upper limit of positional arguments.
inline constexpr std::size_t kAnyNumber = std::numeric_limits<std::size_t>::max();

/// Options that every command takes; the program acts on them before it runs the command.
[[nodiscard]] std::span<const Option> common_options();

/// Every command, in the order of the help text.
[[nodiscard]] std::span<const Command> all_commands();

/// The command of that name; null when there is none.
[[nodiscard]] const Command* find_command(std::string_view name);

}  // namespace truename::cli
