#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "cli/arguments.h"
#include "cli/exit_code.h"

namespace truename::cli {

class Program;

/// Says of each mail program that is known whether it reads the message, and what it shows of its signature. 0 every one reads it, 1 some
/// recipients cannot, 2 one cannot read it, 3 of one it is not known. `only` are ids of programs; none: all.
[[nodiscard]] ExitCode predict_message(const std::string& name, Bytes file, const std::vector<std::string>& only, bool as_json,
                                       Program& program);

}  // namespace truename::cli
