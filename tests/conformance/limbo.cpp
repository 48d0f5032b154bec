#include <chrono>
#include <map>

#include "tests/conformance/json_cases.h"
#include "tests/conformance/suite.h"

// x509-limbo: chains of TLS servers under the rules of public authorities.
namespace truename::conformance {

namespace {

using Json = nlohmann::json;

Time time_of(const Json& json) {
    if (json.is_null()) return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const std::string text = json.get<std::string>();  // 2024-01-01T00:00:00+00:00
    return *parse_time(text.substr(0, 19) + "Z");
}

/// Other usages than serverAuth that are asked for; a client's certificate is asked for clientAuth when the case says nothing.
std::vector<der::Oid> usages_of(const Json& json) {
    static const std::map<std::string, der::Oid> kNames = {{"anyExtendedKeyUsage", der::oid::any_extended_key_usage},
                                                           {"serverAuth", der::oid::kp_server_auth},
                                                           {"clientAuth", der::oid::kp_client_auth},
                                                           {"codeSigning", der::oid::kp_code_signing},
                                                           {"emailProtection", der::oid::kp_email_protection},
                                                           {"timeStamping", der::oid::kp_time_stamping},
                                                           {"OCSPSigning", der::oid::kp_ocsp_signing}};
    std::vector<der::Oid> usages;
    for (const Json& word : json.at("extended_key_usage")) usages.push_back(kNames.at(word.get<std::string>()));
    if (usages.empty() && json.at("validation_kind") == "CLIENT") usages.push_back(der::oid::kp_client_auth);
    if (usages == std::vector<der::Oid>{der::oid::kp_server_auth}) usages.clear();
    return usages;
}

Case judge_case(const Json& json) {
    Case made;
    made.id = json.at("id").get<std::string>();
    made.features = json.at("features").get<std::vector<std::string>>();
    made.expected = json.at("expected_result").get<std::string>();
    Trial trial;
    add_certificates(Json::array({json.at("peer_certificate")}), trial.chain);
    add_certificates(json.at("untrusted_intermediates"), trial.chain);
    add_certificates(json.at("trusted_certs"), trial.anchors);
    trial.at = time_of(json.at("validation_time"));
    if (const Json& name = json.at("expected_peer_name"); !name.is_null()) trial.name = name.at("value").get<std::string>();
    if (const Json& depth = json.at("max_chain_depth"); !depth.is_null()) trial.max_intermediates = depth.get<unsigned>();
    const Json lists = json.value("crls", Json::array());
    if (!lists.empty()) {
        trial.crls.emplace();
        for (const Json& pem : lists) {
            for (ByteString& der : crls_of(pem.get<std::string>())) trial.crls->push_back(std::move(der));
        }
    }
    trial.usages = usages_of(json);
    for (const Json& name : json.at("expected_peer_names")) {
        if (name.at("kind") == "RFC822") trial.mailboxes.push_back(name.at("value").get<std::string>());
    }
    const Answer answer = judge(trial, "webpki");
    made.ours = answer.accepted ? "SUCCESS" : "FAILURE";
    made.findings = answer.findings;
    return made;
}

}  // namespace

std::vector<Case> judge_limbo(std::string_view text) {
    std::vector<Case> cases;
    const Json suite = Json::parse(text);
    for (const Json& one : suite.at("testcases")) cases.push_back(guarded(one.at("id"), [&] { return judge_case(one); }));
    return cases;
}

std::vector<Case> run_limbo(const std::filesystem::path& folder) {
    return judge_limbo(read(folder / "limbo.json"));
}

std::string limbo_result(const std::vector<Case>& cases) {
    Json results = Json::array();
    for (const Case& one : cases) {
        std::string context;
        for (const std::string& finding : one.findings) context += (context.empty() ? "" : ", ") + finding;
        results.push_back({{"id", one.id}, {"actual_result", one.ours}, {"context", context}});
    }
    return Json{{"version", 1}, {"harness", "truename"}, {"results", results}}.dump(1);
}

}  // namespace truename::conformance
