#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "der/oid.h"
#include "tests/conformance/suite.h"
#include "tests/conformance/trial.h"
#include "x509/pem.h"

// OpenSSL's table of chains for `openssl verify`: with its own trust settings in some anchors, and with options.
namespace truename::conformance {

namespace {

using Json = nlohmann::json;
using std::filesystem::path;

/// The certificates of a file, with what its settings say of the usage.
void add_anchors(const path& file, der::Oid usage, Trial& trial) {
    const std::string text = read(file);
    const auto bundle = x509::read_pem_bundle(as_bytes(text), file.string());
    if (!bundle) throw std::runtime_error(to_sentence(bundle.error()));
    for (const x509::PemBlock& block : bundle->blocks) {
        if (block.kind != x509::PemKind::certificate && block.kind != x509::PemKind::trusted_certificate) continue;
        trial.anchors.push_back(block.der);
        const x509::ExplicitTrust said = x509::explicit_trust(block.settings, usage);
        if (said != x509::ExplicitTrust::none) trial.said[block.der] = said;
    }
}

/// `-auth_level 0` and the like: what stands behind an option.
std::string option(const Json& options, const char* name) {
    for (std::size_t i = 0; i + 1 < options.size(); ++i) {
        if (options[i] == name) return options[i + 1].get<std::string>();
    }
    return {};
}

/// A level asks for 0, 80, 112, 128, 192 or 256 bits of security.
void set_level(Trial& trial, const std::string& level) {
    using enum FindingId;
    static const std::map<std::string, Strength> kHigher = {{"3", {3072, 256, 128}}, {"4", {7680, 384, 192}}, {"5", {15360, 512, 256}}};
    if (const auto higher = kHigher.find(level); higher != kHigher.end()) trial.least = higher->second;
    if (!level.empty() && level >= "2") return;
    trial.ignored.push_back(key_rsa_under_2048);
    if (level == "0") trial.ignored.insert(trial.ignored.end(), {key_rsa_under_1024, signature_md5, signature_sha1});
}

Case judge_case(const Json& json, const path& folder) {
    Case made;
    Trial trial;
    const bool of_server = json.at("purpose") == "sslserver";
    const der::Oid usage = of_server ? der::oid::kp_server_auth : der::oid::kp_client_auth;
    const Json& options = json.at("options");
    const auto file = [&](const Json& name) { return folder / "certs" / name.get<std::string>(); };
    trial.chain.push_back(certificates_of(read(file(json.at("leaf")))).at(0));
    for (const Json& name : json.at("untrusted")) {
        for (ByteString& der : certificates_of(read(file(name)))) trial.chain.push_back(std::move(der));
    }
    for (const Json& name : json.at("trusted")) add_anchors(file(name), usage, trial);
    trial.at = *parse_time("2026-11-24T00:00:00Z");
    if (!of_server) trial.usages = {usage};
    set_level(trial, option(options, "-auth_level"));
    if (const std::string depth = option(options, "-verify_depth"); !depth.empty())
        trial.max_intermediates = static_cast<unsigned>(std::stoul(depth));
    for (const Json& word : options) made.features.push_back(word.get<std::string>());
    if (std::find(made.features.begin(), made.features.end(), "-partial_chain") != made.features.end()) trial.partial_chains = true;
    const Answer answer = judge(trial, "openssl");
    made.id = json.at("id").get<std::string>();
    made.features.push_back(json.at("title").get<std::string>());
    made.expected = json.at("accept").get<bool>() ? "accept" : "reject";
    made.ours = answer.accepted ? "accept" : "reject";
    made.findings = answer.findings;
    return made;
}

}  // namespace

std::vector<Case> run_openssl_verify(const path& folder) {
    std::vector<Case> cases;
    for (const Json& json : Json::parse(read(folder / "verify.json")))
        cases.push_back(guarded(json.at("id"), [&] { return judge_case(json, folder); }));
    return cases;
}

}  // namespace truename::conformance
