#include <map>

#include "der/oid.h"
#include "tests/conformance/json_cases.h"
#include "tests/conformance/suite.h"

// The tables of Go's crypto/x509: paths, and names under constraints.
namespace truename::conformance {

namespace {

using Json = nlohmann::json;

/// Empty for `serverAuth` alone, which is what is asked for when nothing is.
std::vector<der::Oid> usages_of(const Json& words) {
    static const std::map<std::string, der::Oid> kNames = {
        {"any", der::oid::any_extended_key_usage},  {"serverAuth", der::oid::kp_server_auth},
        {"clientAuth", der::oid::kp_client_auth},   {"email", der::oid::kp_email_protection},
        {"codeSigning", der::oid::kp_code_signing}, {"timeStamping", der::oid::kp_time_stamping},
        {"ocspSigning", der::oid::kp_ocsp_signing}, {"netscapeSGC", der::oid::netscape_server_gated_crypto}};
    std::vector<der::Oid> usages;
    for (const Json& json : words) usages.push_back(kNames.at(json.get<std::string>()));
    if (usages == std::vector<der::Oid>{der::oid::kp_server_auth}) usages.clear();
    return usages;
}

Case judge_case(const Json& json, const char* usages, const char* error) {
    Trial trial;
    add_certificates(Json::array({json.at("leaf")}), trial.chain);
    add_certificates(json.at("intermediates"), trial.chain);
    add_certificates(json.at("roots"), trial.anchors);
    trial.name = json.value("dns_name", "");
    trial.at = Time(std::chrono::seconds(json.at("time").get<long long>()));
    trial.usages = usages_of(json.at(usages));
    const Answer answer = judge(trial, "go");
    Case made;
    made.id = json.at("id").get<std::string>();
    made.features = {json.value("name", "")};
    for (const char* specs : {"leaf_sans", "root_specs", "intermediate_specs"}) {  // names of a kind that RFC 5280 does not have
        if (json.contains(specs) && json.at(specs).dump().find("unknown:") != std::string::npos) made.features.emplace_back("unknown:");
    }
    made.expected = json.at(error).get<std::string>().empty() ? "accept" : "reject";
    made.ours = answer.accepted ? "accept" : "reject";
    made.findings = answer.findings;
    return made;
}

}  // namespace

std::vector<Case> run_go(const std::filesystem::path& folder) {
    std::vector<Case> cases;
    const auto add = [&](const char* file, const char* usages, const char* error) {
        for (const Json& json : Json::parse(read(folder / file)))
            cases.push_back(guarded(json.at("id"), [&] { return judge_case(json, usages, error); }));
    };
    add("verify.json", "ekus", "error_kind");
    add("name-constraints.json", "requested_ekus", "expected_error");
    return cases;
}

}  // namespace truename::conformance
