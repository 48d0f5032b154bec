#pragma once

#include <string>

#include "base/descriptor.h"
#include "base/result.h"
#include "finding/failure.h"

namespace truename::request {

/// Held by a program from before it looks at what was ordered and installed until it has ordered: two that renew would order the same, and
/// authorities allow so many a week. Waits while another one has it. `state` is the folder of the records; where there is none yet, nothing
/// is held. Fails with `local`.
Result<Descriptor, Failure> claim_orders(const std::string& state);

}  // namespace truename::request
