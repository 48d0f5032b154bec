#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "finding/failure.h"
#include "recipe/recipe.h"

namespace truename::recipe {

/// A test case: a recipe, what a server does with it, and what must come out. It is the recipe's file with two tables more:
///
///     id    = "name/public-name-is-second"     title, why, source: words for the reader
///     [input]
///     chain   = ["server"]                     what the server sends, in this order; [] for nothing
///     anchors = ["root"]                       what the client was given as roots
///     issuers = ["intermediate"]               what could be fetched; [] when not there
///     host    = "remote.example.com"           the name that the client was told
///     at      = "2026-11-24T00:00:00Z"
///     [expect]
///     findings = ["name.match-not-first @server"]
///     verdicts = { outlook-2007 = "warns" }
struct TestCase {
    std::string id;
    std::string title;
    std::string why;
    std::string source;
    Recipe recipe;
    std::vector<std::string> chain;
    std::vector<std::string> anchors;
    std::vector<std::string> issuers;
    std::string host;
    Time at{};
    std::vector<std::string> findings;                          ///< as written, in order
    std::vector<std::pair<std::string, std::string>> verdicts;  ///< client id and outcome
};

/// Reads a case. Failure (kind input) as load() says, and for an id that is not the file's place, a missing [input], a name in it that the
/// recipe has not. Not checked: whether finding ids and clients exist.
Result<TestCase, Failure> load_case(std::string_view text, std::string_view source);

/// The same for a file.
Result<TestCase, Failure> load_case_file(const std::filesystem::path& file);

/// Every case below `folder` (*.toml), in the order of their names; the first failure when one cannot be read.
Result<std::vector<TestCase>, Failure> load_cases(const std::filesystem::path& folder);

}  // namespace truename::recipe
