#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/arguments.h"
#include "cli/exit_code.h"
#include "probe/evidence.h"
#include "probe/probe.h"

namespace truename::cli {

/// Reads the value of an option that counts seconds: a fraction allowed, from 0.05 up to an hour.
[[nodiscard]] Result<std::chrono::milliseconds, Stop> parse_seconds(std::string_view option, std::string_view text);

/// The limits of `--timeout`, which bounds all that is asked of one server.
[[nodiscard]] Result<probe::Limits, Stop> asking_limits(const Arguments& arguments);

/// Reads the options of `check` that say what to ask (ports, starttls, connect, resolve, deep, fetch, timeout). Fetching is on unless
/// `is_list` or `--fetch none`.
[[nodiscard]] Result<probe::Options, Stop> asking_options(const Arguments& arguments, bool is_list);

/// Reads `--require`: names of protocols, checked to exist.
[[nodiscard]] Result<std::vector<std::string>, Stop> required_protocols(const Arguments& arguments);

/// Reads the certificates of each `--issuer FILE`, as if they had been fetched from the file.
[[nodiscard]] Result<std::vector<probe::Fetched>, Stop> given_issuers(const Arguments& arguments);

}  // namespace truename::cli
