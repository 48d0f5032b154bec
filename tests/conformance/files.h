#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "tests/conformance/suite.h"

// Forms of files that several suites have in common. Each throws std::runtime_error for a file that is not of that form.
namespace truename::conformance {

/// The rows of a table with tabs, without its head.
std::vector<std::vector<std::string>> rows_of(const std::filesystem::path& file);
/// The blocks of a PEM file by their labels; of several with one label the first.
std::map<std::string, ByteString> blocks_of(const std::filesystem::path& file);
/// The only block of a PEM file.
ByteString block_of(const std::filesystem::path& file);

/// A case that asks one question.
Case made(std::string id, std::string expected, bool ours, std::string_view yes, std::string_view no);

}  // namespace truename::conformance
