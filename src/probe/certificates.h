#pragma once

#include "probe/evidence.h"

namespace truename::probe {

/// Adds the server.* findings that a server's first certificate tells by its subject alone: one that Exim made up, or Debian's snake oil.
void name_certificates(Endpoint& endpoint);

}  // namespace truename::probe
