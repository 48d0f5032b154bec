#pragma once

#include <exception>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace truename::conformance {

/// One case of a suite: what it says must be, and what we say.
struct Case {
    std::string id;
    std::vector<std::string> features;  ///< of the suite's own data, when it has such
    std::string expected, ours;         ///< in the suite's own words: `valid`, `invalid`
    std::vector<std::string> findings;  ///< the ids that led to ours
};

/// What `judge` gives; where it throws, a wrong case that says why, so that a case nobody thought of hides no other.
template <class Judge>
Case guarded(std::string id, Judge&& judge) {
    try {
        return judge();
    } catch (const std::exception& error) {
        return {std::move(id), {}, "a case that this program can read", error.what(), {}};
    }
}

/// Reads and judges every case of a folder, in the suite's order. Throws std::runtime_error for a folder that is not of that format: this
/// is a program for tests.
std::vector<Case> run_bettertls(const std::filesystem::path& folder);
std::vector<Case> run_boringssl(const std::filesystem::path& folder);
std::vector<Case> run_gnutls(const std::filesystem::path& folder);
std::vector<Case> run_go(const std::filesystem::path& folder);
std::vector<Case> run_limbo(const std::filesystem::path& folder);
std::vector<Case> run_mozpkix(const std::filesystem::path& folder);
std::vector<Case> run_names(const std::filesystem::path& folder);
std::vector<Case> run_openssl_ocsp(const std::filesystem::path& folder);
std::vector<Case> run_openssl_verify(const std::filesystem::path& folder);
std::vector<Case> run_pkits(const std::filesystem::path& folder);
std::vector<Case> run_pyca(const std::filesystem::path& folder);
std::vector<Case> run_webpki_crls(const std::filesystem::path& folder);

/// The cases of limbo's JSON in `text`.
std::vector<Case> judge_limbo(std::string_view text);
/// Limbo's own result JSON.
std::string limbo_result(const std::vector<Case>& cases);

/// The bytes of a file.
std::string read(const std::filesystem::path& file);

}  // namespace truename::conformance
