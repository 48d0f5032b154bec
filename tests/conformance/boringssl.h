#pragma once

#include <filesystem>
#include <vector>

#include "tests/conformance/suite.h"
#include "x509/extension.h"

// The parts of BoringSSL's data that have a file of their own.
namespace truename::conformance {

/// Whether all of the constraints means something: neither an empty list, nor bounds, nor a base that nothing can be compared with.
bool is_understood(const x509::NameConstraints& constraints);

void add_chains(const std::filesystem::path& folder, std::vector<Case>& cases);
void add_parsing(const std::filesystem::path& folder, std::vector<Case>& cases);
void add_ocsp(const std::filesystem::path& folder, std::vector<Case>& cases);

}  // namespace truename::conformance
