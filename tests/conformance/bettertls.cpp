#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/text.h"
#include "tests/conformance/suite.h"
#include "tests/conformance/trial.h"

// BetterTLS: name constraints in every form, and paths among cross-signed authorities of which some are bad.
namespace truename::conformance {

namespace {

using Json = nlohmann::json;

ByteString decoded(const Json& json) {
    auto bytes = from_base64(json.get<std::string>());
    if (!bytes) throw std::runtime_error("a certificate that is no base64");
    return std::move(*bytes);
}

Case judge_case(const Json& json, const Json& root) {
    Case made;
    made.id = json.at("id").get<std::string>();
    made.expected = json.at("expected").get<std::string>();
    made.features = json.at("requiredFeatures").get<std::vector<std::string>>();
    if (json.at("soft").get<bool>()) made.features.emplace_back("soft");
    Trial trial;
    for (const Json& certificate : json.at("certificates")) trial.chain.push_back(decoded(certificate));
    trial.anchors.push_back(decoded(root.at("trustRoot")));
    trial.name = json.at("hostname").get<std::string>();
    trial.at = *parse_time(root.at("verify_time").get<std::string>());
    const Answer answer = judge(trial, "reference");
    made.ours = answer.accepted ? "ACCEPT" : "REJECT";
    made.findings = answer.findings;
    return made;
}

}  // namespace

std::vector<Case> run_bettertls(const std::filesystem::path& folder) {
    const Json root = Json::parse(read(folder / "root.json"));
    std::ifstream lines(folder / "cases.jsonl");
    std::vector<Case> cases;
    for (std::string line; std::getline(lines, line);) {
        const Json json = Json::parse(line);
        cases.push_back(guarded(json.at("id"), [&] { return judge_case(json, root); }));
    }
    if (cases.empty()) throw std::runtime_error("there is no case in " + (folder / "cases.jsonl").string());
    return cases;
}

}  // namespace truename::conformance
