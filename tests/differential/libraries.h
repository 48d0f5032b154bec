#pragma once

#include <memory>
#include <string>
#include <vector>

#include "finding/finding.h"
#include "tests/differential/opinion.h"

namespace truename::differential {

/// A library that was found here, and our profile of it.
struct Asked {
    std::string name, profile;
    std::unique_ptr<Library> library;
    std::vector<FindingId> without;  ///< what it cannot see of the server's certificate, since no handshake takes place
};

/// Every library that is there; says on standard error which is not.
std::vector<Asked> start_libraries();

}  // namespace truename::differential
