#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "tests/conformance/json_cases.h"
#include "tests/conformance/suite.h"
#include "x509/certificate.h"

// GnuTLS's table of chains, each with the flags that its test sets.
namespace truename::conformance {

namespace {

using Json = nlohmann::json;

/// What a flag makes the library not mind.
std::vector<FindingId> ignored_by(const std::string& flag) {
    using enum FindingId;
    if (flag == "GNUTLS_VERIFY_DISABLE_TIME_CHECKS")
        return {validity_expired, validity_not_yet, validity_issuer_expired, validity_issuer_not_yet};
    if (flag == "GNUTLS_VERIFY_ALLOW_BROKEN") return {signature_md5, signature_sha1, key_rsa_under_1024};
    if (flag == "GNUTLS_VERIFY_ALLOW_SIGN_RSA_MD5") return {signature_md5};
    if (flag == "GNUTLS_VERIFY_ALLOW_SIGN_WITH_SHA1") return {signature_sha1};
    if (flag == "GNUTLS_VERIFY_IGNORE_UNKNOWN_CRIT_EXTENSIONS") return {extension_unknown_critical};
    if (flag == "GNUTLS_VERIFY_ALLOW_ANY_X509_V1_CA_CRT") return {path_version_1_issuer};
    return {};
}

/// What a profile of strengths asks for: GnuTLS's table of security parameters.
Strength strength_of(std::string_view flag) {
    static constexpr std::pair<std::string_view, Strength> kProfiles[] = {
        {"VERY_WEAK", {767, 128, 64}},  {"WEAK", {1008, 160, 72}},      {"LOW", {1024, 160, 80}},    {"LEGACY", {1776, 192, 96}},
        {"MEDIUM", {2048, 224, 112}},   {"HIGH", {3072, 256, 128}},     {"ULTRA", {8192, 384, 192}}, {"FUTURE", {15360, 512, 256}},
        {"SUITEB128", {~0U, 256, 128}}, {"SUITEB192", {~0U, 384, 192}},
    };
    constexpr std::string_view kStart = "GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_";
    if (!flag.starts_with(kStart)) return {};
    const std::string_view name = flag.substr(kStart.size(), flag.size() - kStart.size() - 1);
    const auto row = std::find_if(std::begin(kProfiles), std::end(kProfiles), [&](const auto& one) { return one.first == name; });
    if (row == std::end(kProfiles)) throw std::runtime_error("the profile " + std::string(name) + " is not known");
    return row->second;
}

void set_flag(Trial& trial, const std::string& flag) {
    for (const FindingId id : ignored_by(flag)) trial.ignored.push_back(id);
    if (flag.starts_with("GNUTLS_PROFILE_")) trial.least = strength_of(flag);
    if (flag == "GNUTLS_VERIFY_DO_NOT_ALLOW_X509_V1_CA_CRT") trial.refused.push_back(FindingId::path_version_1_issuer);
    if (flag == "GNUTLS_VERIFY_DO_NOT_ALLOW_SAME") std::erase(trial.anchors, trial.chain.front());
}

Case judge_case(const Json& json) {
    Case made;
    Trial trial;
    add_certificates(json.at("chain"), trial.chain);
    add_certificates(json.at("ca"), trial.anchors);
    trial.at = Time(std::chrono::seconds(json.at("time").get<long long>()));
    for (const Json& flag : json.at("verify_flags")) {
        made.features.push_back(flag.get<std::string>());
        set_flag(trial, made.features.back());
    }
    // No handshake takes place, so nobody signs with the key.
    trial.ignored.insert(trial.ignored.end(), {FindingId::usage_key_usage, FindingId::usage_no_digital_signature});
    if (const auto leaf = x509::parse_certificate(trial.chain.front()))
        made.features.push_back("key " + der::to_dotted(leaf->subject_public_key_info.algorithm.algorithm));
    const Answer answer = judge(trial, json.at("purpose").is_null() ? "gnutls" : "gnutls-server");
    made.id = json.at("id").get<std::string>();
    made.expected = json.at("expected_status").empty() ? "accept" : "reject";
    made.ours = answer.accepted ? "accept" : "reject";
    made.findings = answer.findings;
    return made;
}

}  // namespace

std::vector<Case> run_gnutls(const std::filesystem::path& folder) {
    std::vector<Case> cases;
    for (const Json& json : Json::parse(read(folder / "chains.json")))
        cases.push_back(guarded(json.at("id"), [&] { return judge_case(json); }));
    return cases;
}

}  // namespace truename::conformance
