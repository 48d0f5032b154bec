#pragma once

#include <string>

#include "cli/arguments.h"
#include "cli/exit_code.h"

namespace truename::cli {

class Program;

/// Gives the mail servers of this machine that name, and has it proved that they serve what they served before; with `--dry-run` only shows
/// what would change. Needs the options `--server`, `--config`, `--state` and `--patience`, and those of installing_settings().
[[nodiscard]] ExitCode set_up_servers(const Arguments& arguments, Program& program, const std::string& name);

}  // namespace truename::cli
