#include "der/oid.h"
#include "tests/conformance/json_cases.h"
#include "tests/conformance/suite.h"

// The tables of Go's crypto/x509: paths, and names under constraints.
namespace truename::conformance {

namespace {

using Json = nlohmann::json;

/// `serverAuth` is what is asked for when nothing else is, so it stands for nothing here.
std::vector<der::Oid> usages_of(const Json& words) {
    std::vector<der::Oid> usages;
    for (const Json& json : words) {
        const std::string word = json.get<std::string>();
        if (word == "any") usages.push_back(der::oid::any_extended_key_usage);
        if (word == "clientAuth") usages.push_back(der::oid::kp_client_auth);
        if (word == "email") usages.push_back(der::oid::kp_email_protection);
    }
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
    for (const Json& json : Json::parse(read(folder / "verify.json"))) cases.push_back(judge_case(json, "ekus", "error_kind"));
    for (const Json& json : Json::parse(read(folder / "name-constraints.json")))
        cases.push_back(judge_case(json, "requested_ekus", "expected_error"));
    return cases;
}

}  // namespace truename::conformance
