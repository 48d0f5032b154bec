#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace truename::keys {

/// The line of a zone that says which certificate (DER) an address has: a SMIMEA record (RFC 8162) of usage 3 (this very certificate),
/// selector 0 (all of it), matching type 0 (as it is). Nothing for what is no address.
std::optional<std::string> smimea_record(std::string_view address, Bytes certificate);

}  // namespace truename::keys
