#pragma once

#include "probe/evidence.h"

namespace truename::probe {

/// Adds server.newer-on-https to each endpoint whose certificate begins earlier than the one that port 443 of the same target shows, where
/// both are for the target's name: a renewal reached the web server and not this one. Nothing where port 443 was not asked (`--ports`), or
/// the target is an address.
void compare_with_https(Evidence& evidence);

}  // namespace truename::probe
