#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace truename::conformance {

/// One case of a suite: what it says must be, and what we say.
struct Case {
    std::string id;
    std::string expected, ours;         ///< in the suite's own words: `valid`, `invalid`
    std::vector<std::string> findings;  ///< the ids that led to ours
};

/// Reads and judges every case of a folder, in the suite's order. Throws std::runtime_error for a folder that is not of that format: this
/// is a program for tests.
std::vector<Case> run_pkits(const std::filesystem::path& folder);

/// The bytes of a file.
std::string read(const std::filesystem::path& file);

}  // namespace truename::conformance
