#pragma once

#include <string_view>

#include "authority/authority.h"
#include "base/result.h"
#include "cli/arguments.h"
#include "cli/exit_code.h"
#include "doctor/doctor.h"

namespace truename::cli {

class Program;

/// The clients of `--client`, with the authority's root added to each.
[[nodiscard]] Result<doctor::Settings, Stop> settings_with_root(const authority::Authority& authority, const Arguments& arguments);

/// What they would say to a certificate that is not signed yet, on a server that users call `name`.
[[nodiscard]] Result<doctor::Report, Stop> judge_draft(const authority::Draft& draft, const authority::Authority& authority,
                                                       std::string_view name, const doctor::Settings& settings, Time now);

/// The clients of `--client`, with the roots that each has itself.
[[nodiscard]] Result<doctor::Settings, Stop> settings_for_request(const Arguments& arguments);

/// Judges a certificate that is not signed yet as `predict` would, for the clients of `--client` with the authority's root added. Gives
/// `warns` or `refuses` when one of them would under its first name: then what they would say is printed. What they would say under the
/// other names is only told on standard error, because some programs look at the first name alone.
[[nodiscard]] Result<ExitCode, Stop> preflight(const authority::Draft& draft, const authority::Authority& authority,
                                               const Arguments& arguments, Program& program);

}  // namespace truename::cli
