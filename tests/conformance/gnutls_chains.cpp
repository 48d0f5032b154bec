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

Case judge_case(const Json& json) {
    Case made;
    Trial trial;
    add_certificates(json.at("chain"), trial.chain);
    add_certificates(json.at("ca"), trial.anchors);
    trial.at = Time(std::chrono::seconds(json.at("time").get<long long>()));
    for (const Json& flag : json.at("verify_flags")) {
        made.features.push_back(flag.get<std::string>());
        for (const FindingId id : ignored_by(made.features.back())) trial.ignored.push_back(id);
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
    for (const Json& json : Json::parse(read(folder / "chains.json"))) cases.push_back(judge_case(json));
    return cases;
}

}  // namespace truename::conformance
