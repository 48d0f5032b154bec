#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "finding/failure.h"

namespace truename::servers {

/// What a program of the mail server said and how it ended.
struct CommandOutput {
    int status = 0;  ///< its exit status; 128 and the signal's number when it was killed
    std::string out;
    std::string err;
};

/// Runs a program with these arguments and waits for its end: no shell, nothing on its standard input, an environment of PATH and LC_ALL=C
/// only. `arguments[0]` is looked for in the folders that Debian has programs in. Fails with `local` when it is not there or cannot be
/// started, with `timeout` when it does not end in time (it is killed, with all that it started; so it is when `stop` is requested), and
/// with `protocol` for more than 4 MB of output. Any exit status is a success.
Result<CommandOutput, Failure> run_command(const std::vector<std::string>& arguments, std::chrono::seconds deadline,
                                           const std::stop_token& stop = {});

/// As run_command(); another exit status than 0 is a failure, too, with the last line that it wrote as the reason.
Result<CommandOutput, Failure> run_successfully(const std::vector<std::string>& arguments, std::chrono::seconds deadline,
                                                const std::stop_token& stop = {});

/// Whether there is such a program, where run_command() looks for it.
bool has_program(const std::string& name);

/// The last line of what a program wrote that is not empty, made safe to print.
std::string last_line(const CommandOutput& output);

}  // namespace truename::servers
