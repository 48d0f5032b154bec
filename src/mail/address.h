#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "mail/header.h"

namespace truename::mail {

/// The addr-specs of a mailbox-list (RFC 5322 3.4, UTF-8 as RFC 6532 allows), as they stand but without comments and blanks; groups are
/// gone through. bad_value for what is no such list, also for obsolete routes: an address that programs read in different ways proves
/// nothing. too_large for more than 1,000.
Result<std::vector<std::string>> parse_mailbox_list(std::string_view text);

/// The one address that a message says it is from (RFC 5322 3.6.2). Failure where there is no From, more than one, or more than one address
/// in it: nobody knows then whose signature is to be looked for.
Result<std::string, Failure> from_address(const HeaderBlock& header);

}  // namespace truename::mail
