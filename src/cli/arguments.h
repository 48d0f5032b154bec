#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/command.h"
#include "cli/exit_code.h"

namespace truename::cli {

/// A command line that fits its command's table. Every text borrows from the strings that were read.
class Arguments {
  public:
    /// True when the option was given. Asking for an option that the command does not have is a bug (checked in debug builds).
    [[nodiscard]] bool has(std::string_view name) const;
    /// The value of an option, the last one if it was given twice.
    [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
    /// All values of an option in their order.
    [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;
    /// What is not an option, in its order.
    [[nodiscard]] const std::vector<std::string_view>& positionals() const { return positionals_; }
    /// The options as they could be typed again, but those of these names.
    [[nodiscard]] std::vector<std::string> option_words(std::initializer_list<std::string_view> but = {}) const;
    [[nodiscard]] const Command& command() const { return *command_; }

    /// Reads what follows the command's name: `--name value`, `--name=value`, `-o value`, `-ovalue`; after `--` nothing is an option; a
    /// lone `-` is a positional, and so is `-16370` for a command that takes numbers. Stops with ExitCode::usage at what the table does not
    /// know, with the nearest name. With `--help` among the options the number of positional arguments is not checked.
    friend Result<Arguments, Stop> parse_arguments(const Command& command, std::span<const std::string_view> words);

  private:
    struct Given {
        const Option* option;
        std::string_view value;
    };
    const Command* command_ = nullptr;
    std::vector<Given> given_;
    std::vector<std::string_view> positionals_;
};

/// The friend above, for callers that name it with its namespace.
Result<Arguments, Stop> parse_arguments(const Command& command, std::span<const std::string_view> words);

/// The name among `names` that `word` is probably meant to be, at most a third of its letters away; empty when none is near.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> names);

/// The pieces of a list as options take it (`imaps,submission`), trimmed, empty ones dropped; they borrow.
[[nodiscard]] std::vector<std::string_view> list_items(std::string_view list);

}  // namespace truename::cli
