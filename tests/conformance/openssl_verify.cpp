#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/text.h"
#include "der/oid.h"
#include "der/reader.h"
#include "tests/conformance/suite.h"
#include "tests/conformance/trial.h"
#include "x509/certificate.h"

// OpenSSL's table of chains for `openssl verify`: with its own trust settings in some anchors, and with options.
namespace truename::conformance {

namespace {

using Json = nlohmann::json;
using std::filesystem::path;

/// CertAux behind the certificate of a TRUSTED CERTIFICATE: purposes for which it is trusted, and for which it is not.
struct TrustSettings {
    std::vector<der::Oid> trust, reject;
    bool has_trust = false;
};

void add_oids(der::Reader reader, std::vector<der::Oid>& oids) {
    while (const auto element = reader.read(der::Tag::object_identifier)) {
        oids.emplace_back(element->value);
        if (reader.at_end()) return;
    }
}

struct Anchor {
    ByteString der;
    ByteString whole;  ///< with CertAux, into which the settings point
    TrustSettings settings;
};

Anchor read_anchor(const path& file) {
    const std::string text = read(file);
    Anchor anchor;
    anchor.der = certificates_of(text).at(0);
    if (text.find("TRUSTED CERTIFICATE") == std::string::npos) return anchor;
    const std::size_t begin = text.find("-----\n") + 6;
    const auto whole = from_base64(std::string_view(text).substr(begin, text.find("-----END") - begin));
    if (!whole) throw std::runtime_error(file.string() + " is not PEM");
    anchor.whole = *whole;
    der::Reader reader(Bytes(anchor.whole).subspan(anchor.der.size()));
    const auto aux = reader.read(der::Tag::sequence);
    if (!aux) return anchor;
    for (der::Reader fields(*aux); !fields.at_end();) {
        const auto field = fields.read();
        if (!field) break;
        if (field->tag == der::Tag::sequence) {
            anchor.settings.has_trust = true;
            add_oids(der::Reader(*field), anchor.settings.trust);
        }
        if (field->tag == der::context_constructed(0)) add_oids(der::Reader(*field), anchor.settings.reject);
    }
    return anchor;
}

bool names_it(const std::vector<der::Oid>& oids, const der::Oid& usage) {
    return std::any_of(oids.begin(), oids.end(),
                       [&](const der::Oid& oid) { return oid == usage || oid == der::oid::any_extended_key_usage; });
}

/// `-auth_level 0` and the like: what stands behind an option.
std::string option(const Json& options, const char* name) {
    for (std::size_t i = 0; i + 1 < options.size(); ++i) {
        if (options[i] == name) return options[i + 1].get<std::string>();
    }
    return {};
}

void set_level(Trial& trial, const std::string& level) {
    using enum FindingId;
    if (level == "2") return;
    trial.ignored.push_back(key_rsa_under_2048);  // level 1 asks for 80 bits
    if (level == "0") trial.ignored.insert(trial.ignored.end(), {key_rsa_under_1024, signature_md5, signature_sha1});
}

Case judge_case(const Json& json, const path& folder) {
    Case made;
    Trial trial;
    const bool of_server = json.at("purpose") == "sslserver";
    const der::Oid usage = of_server ? der::oid::kp_server_auth : der::oid::kp_client_auth;
    const Json& options = json.at("options");
    const auto add = [&](const Json& name) {
        trial.chain.push_back(certificates_of(read(folder / "certs" / name.get<std::string>())).at(0));
    };
    add(json.at("leaf"));
    for (const Json& name : json.at("untrusted")) add(name);
    for (const Json& name : json.at("trusted")) {
        const Anchor anchor = read_anchor(folder / "certs" / name.get<std::string>());
        const TrustSettings& settings = anchor.settings;
        if (settings.has_trust || !settings.reject.empty()) made.features.emplace_back("trust settings");
        if (names_it(settings.reject, usage) || (settings.has_trust && !names_it(settings.trust, usage))) continue;
        trial.anchors.push_back(anchor.der);
        trial.partial_chains = trial.partial_chains || settings.has_trust;  // what is trusted in so many words ends a path
    }
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
