#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/arguments.h"
#include "cli/exit_code.h"
#include "net/dns_update.h"

namespace truename::cli {

/// The name server of an option, in the form that parse_resolver() gives.
[[nodiscard]] Result<std::string, Stop> read_server(std::string_view option, std::string_view text);

/// The server of `--OPTION` and the key of `--OPTION-key`; nothing when neither was given.
[[nodiscard]] Result<std::optional<net::UpdateServer>, Stop> read_update_server(const Arguments& arguments, const std::string& option);

/// Runs programs for modules that may not: each may take so long, and ends when `stop` is requested.
[[nodiscard]] net::RunProgram run_program(std::chrono::seconds deadline, std::stop_token stop = {});

}  // namespace truename::cli
