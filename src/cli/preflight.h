#pragma once

#include "authority/authority.h"
#include "base/result.h"
#include "cli/arguments.h"
#include "cli/exit_code.h"

namespace truename::cli {

class Program;

/// Judges a certificate that is not signed yet as `predict` would, for the clients of `--client` with the authority's root added. Gives
/// `warns` or `refuses` when one of them would under its first name: then what they would say is printed. What they would say under the
/// other names is only told on standard error, because some programs look at the first name alone.
[[nodiscard]] Result<ExitCode, Stop> preflight(const authority::Draft& draft, const authority::Authority& authority,
                                               const Arguments& arguments, Program& program);

}  // namespace truename::cli
