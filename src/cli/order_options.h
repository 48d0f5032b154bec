#pragma once

#include <string>
#include <string_view>

#include "acme/ordering.h"
#include "base/result.h"
#include "cli/arguments.h"
#include "cli/exit_code.h"

namespace truename::cli {

class Program;

/// The whole path, for what is used again at a renewal, from another folder.
[[nodiscard]] std::string absolute(std::string_view path);

/// Who opens an account with the authority: `--mailbox`, `--eab-key-id`, `--eab-key-file`.
[[nodiscard]] Result<acme::Registration, Stop> read_registration(const Arguments& arguments, Program& program);

/// What is ordered, where, and how the names are proved. Stops where a folder or a program is missing that proves them.
[[nodiscard]] Result<acme::Ordering, Stop> read_ordering(const Arguments& arguments);

}  // namespace truename::cli
