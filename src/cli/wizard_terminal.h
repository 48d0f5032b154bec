#pragma once

#include "cli/exit_code.h"
#include "wizard/wizard.h"

namespace truename::cli {

class Program;

/// Shows the pages of a wizard in the terminal, then what would be done, and does it. Answers are kept in the user's own folder until it is
/// done, so that whatever ends the program, the next run goes on there.
[[nodiscard]] ExitCode run_wizard(const wizard::Wizard& wizard, Program& program);

}  // namespace truename::cli
