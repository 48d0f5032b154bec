#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/arguments.h"
#include "cli/exit_code.h"
#include "doctor/doctor.h"

namespace truename::cli {

class Program;

/// Reads the options that say how to judge (client, trust, at, require, lang, data) into Options, files included. The command must have
/// all of them except `require`.
[[nodiscard]] Result<doctor::Options, Stop> judging_options(const Arguments& arguments, const Program& program);

/// The time of `--at`; nothing when it was not given.
[[nodiscard]] Result<std::optional<Time>, Stop> judging_time(const Arguments& arguments);

/// The folder of `--data`; empty when it was not given. Stops with no_input when there is no such folder, with bad_input when it holds none
/// of the folders that data is read from.
[[nodiscard]] Result<std::string, Stop> data_folder(const Arguments& arguments);

/// The files that a repeatable option names, read whole.
[[nodiscard]] Result<std::vector<doctor::NamedFile>, Stop> named_files(const std::vector<std::string_view>& paths, std::string_view doing);

/// A Failure of a module with the code that its kind stands for: usage 64, input 65, everything else 66.
[[nodiscard]] Stop stop_for(Failure failure);

}  // namespace truename::cli
