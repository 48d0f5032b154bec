#pragma once

#include "cli/arguments.h"
#include "cli/exit_code.h"

namespace truename::cli {

class Program;

/// `check --local`: compares what the settings of the mail servers on this machine name with what they serve. 0: the same everywhere; 1: a
/// server was not told to read its files; 2: a port has no TLS, or what lies on the disk would end it; 3: nothing could be asked.
[[nodiscard]] ExitCode run_check_local(const Arguments& arguments, Program& program);

}  // namespace truename::cli
