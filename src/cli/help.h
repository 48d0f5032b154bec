#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/command.h"
#include "cli/exit_code.h"

namespace truename::cli {

/// Says that no command has these words, and what was probably meant: one with a typing error, or `check` for a name of a host.
[[nodiscard]] Stop unknown_command(std::span<const std::string_view> words);

/// What `truename --help` prints: every command with its summary, and the exit codes.
[[nodiscard]] std::string program_help();

/// What `truename COMMAND --help` prints, in at most 80 columns.
[[nodiscard]] std::string command_help(const Command& command);

/// The options of a command as the "Options" section of its page in docs/commands/ holds them, in Markdown.
[[nodiscard]] std::string options_markdown(const Command& command);

/// `check HOST|URL... [OPTION...]`.
[[nodiscard]] std::string usage_of(const Command& command);

}  // namespace truename::cli
