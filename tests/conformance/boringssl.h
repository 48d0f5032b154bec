#pragma once

#include <filesystem>
#include <vector>

#include "tests/conformance/suite.h"

// The parts of BoringSSL's data that have a file of their own.
namespace truename::conformance {

void add_chains(const std::filesystem::path& folder, std::vector<Case>& cases);

}  // namespace truename::conformance
