#pragma once

#include <span>
#include <string_view>

#include "cli/exit_code.h"

namespace truename::cli {

class Program;

/// The whole program behind main(): finds the command that the first of `words` (the arguments without the program's own name) names,
/// reads the rest by its table, runs it, and gives the exit code. The words must live as long as the call.
[[nodiscard]] ExitCode run(std::span<const std::string_view> words, Program& program);

}  // namespace truename::cli
