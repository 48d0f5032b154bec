#pragma once

#include <string>

#include "cli/command.h"

namespace truename::cli {

/// What `truename --help` prints: every command with its summary, and the exit codes.
[[nodiscard]] std::string program_help();

/// What `truename COMMAND --help` prints, in at most 80 columns.
[[nodiscard]] std::string command_help(const Command& command);

/// The options of a command as the "Options" section of its page in docs/commands/ holds them, in Markdown.
[[nodiscard]] std::string options_markdown(const Command& command);

/// `check HOST|URL... [OPTION...]`.
[[nodiscard]] std::string usage_of(const Command& command);

}  // namespace truename::cli
