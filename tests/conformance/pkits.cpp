#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/bytes.h"
#include "base/time.h"
#include "der/oid.h"
#include "tests/conformance/anchor.h"
#include "tests/conformance/chromium.h"
#include "tests/conformance/suite.h"
#include "tests/conformance/trial.h"
#include "verify/policies.h"
#include "verify/verification.h"

// NIST PKITS: every case names its path. Judged as RFC 5280 6.1 says and nothing more: no name, no purpose, no size of key.
namespace truename::conformance {

namespace {

using Json = nlohmann::json;

ByteString bytes_of(const std::filesystem::path& file) {
    return to_owned(as_bytes(read(file)));
}

// `NIST-test-policy-3`, `anyPolicy`.
std::optional<ByteString> policy_of(const std::string& name) {
    if (name == "anyPolicy") return std::nullopt;
    return *der::parse_dotted("2.16.840.1.101.3.2.1.48." + name.substr(name.rfind('-') + 1));
}

// What Chromium finds in the case (boringssl-pki/pkits_errors.json) and we do not.
std::string missing_error(const Json& errors, const std::vector<std::string>& findings) {
    for (const Json& error : errors) {
        const std::string text = error.at("text").get<std::string>();
        const auto known = find_chromium_error(text);
        if (!known) return text;
        if (std::none_of(findings.begin(), findings.end(), [&](const std::string& finding) { return is_finding_of(finding, known->ids); }))
            return text;
    }
    return {};
}

// Nothing where the other suite is not at hand.
Json chromium_errors(const std::filesystem::path& folder) {
    const std::filesystem::path file = folder.parent_path() / "boringssl-pki" / "pkits_errors.json";
    return std::filesystem::exists(file) ? Json::parse(read(file)) : Json::object();
}

struct Policies {
    std::vector<ByteString> bytes;
    verify::PolicyInputs inputs;
};

Policies policies_of(const Json& json) {
    Policies made;
    bool any = false;
    for (const Json& name : json.at("initial_policy_set")) {
        const auto policy = policy_of(name.get<std::string>());
        any = any || !policy;
        if (policy) made.bytes.push_back(*policy);
    }
    if (!any) {
        for (const ByteString& policy : made.bytes) made.inputs.initial_policy_set.emplace_back(Bytes(policy));
    }
    made.inputs.explicit_policy = json.at("initial_explicit_policy");
    made.inputs.inhibit_policy_mapping = json.at("initial_policy_mapping_inhibit");
    made.inputs.inhibit_any_policy = json.at("initial_inhibit_any_policy");
    return made;
}

Case judge(const Json& json, Time at, const std::filesystem::path& folder, const Json& errors) {
    Case made;
    made.id = json.at("number").get<std::string>() + " " + json.at("title").get<std::string>();
    made.expected = json.at("valid").get<bool>() ? "valid" : "invalid";
    std::vector<ByteString> chain;  // leaf first
    for (const Json& name : json.at("certs")) chain.insert(chain.begin(), bytes_of(folder / "certs" / (name.get<std::string>() + ".crt")));
    show_trial({.chain = {chain.begin(), chain.end() - 1}, .anchors = {chain.back()}, .name = {}, .at = at});
    const std::vector<Bytes> presented(chain.begin(), chain.end());
    verify::TrustStores trust;
    trust.use_shipped(false);
    trust.add_certificate(presented.back(), true);
    verify::Memory memory;
    std::vector<ByteString> lists;
    for (const Json& name : json.at("crls")) lists.push_back(bytes_of(folder / "crls" / (name.get<std::string>() + ".crl")));
    const std::vector<Bytes> crls(lists.begin(), lists.end());
    verify::Input input;
    input.presented = presented;
    input.crls = crls;
    input.at = at;
    verify::Verification verification(input, trust, memory);
    Anchor client(verification, presented.back());
    const verify::FoundPath found = verification.find_path({}, client);
    std::vector<std::string> all;
    for (const verify::Placed& placed : verification.findings(found)) {
        all.emplace_back(info(placed.finding->id).name);
        if (verify::breaks_path(placed)) made.findings.push_back(all.back());
    }
    if (found.path) {
        std::vector<const x509::Certificate*> path;
        for (const verify::NodeIndex node : verification.path(*found.path).nodes) path.push_back(&*verification.node(node).certificate);
        path.pop_back();
        const Policies policies = policies_of(json);
        const verify::PolicyResult result = verify::process_policies(path, policies.inputs);
        for (const verify::AtPosition& one : result.findings) {
            all.emplace_back(info(one.finding.id).name);
            made.findings.push_back(all.back());
        }
    }
    made.ours = made.findings.empty() ? "valid" : "invalid";
    const auto known = errors.find(json.at("number").get<std::string>());
    if (known == errors.end() || made.ours == "valid") return made;
    if (const std::string text = missing_error(*known, all); !text.empty()) made.ours += ", but not for: " + text;
    return made;
}

}  // namespace

std::vector<Case> run_pkits(const std::filesystem::path& folder) {
    const Json suite = Json::parse(read(folder / "pkits.json"));
    const Time at = *parse_time(suite.at("time").get<std::string>());
    const Json errors = chromium_errors(folder);
    std::vector<Case> cases;
    for (const Json& one : suite.at("cases")) cases.push_back(judge(one, at, folder, errors));
    return cases;
}

}  // namespace truename::conformance
