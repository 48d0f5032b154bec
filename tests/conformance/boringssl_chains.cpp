#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/time.h"
#include "der/reader.h"
#include "der/time.h"
#include "der/writer.h"
#include "tests/conformance/anchor.h"
#include "tests/conformance/boringssl.h"
#include "tests/conformance/boringssl_purposes.h"
#include "tests/conformance/chromium.h"
#include "tests/conformance/trial.h"
#include "verify/policies.h"
#include "verify/verification.h"
#include "x509/signature.h"

// Chains of BoringSSL's data: whether each is accepted, and every error and warning that is expected of a certificate.
namespace truename::conformance {

namespace {

using Json = nlohmann::json;
using verify::Role;

/// What a case thinks of its last certificate: `TRUSTED_ANCHOR_WITH_EXPIRATION_AND_CONSTRAINTS`.
struct LastTrust {
    bool anchor = false, leaf = false, distrusted = false;
    bool expires = false, has_constraints = false, needs_basic_constraints = false, must_be_self_signed = false;
};

LastTrust read_trust(const std::string& text) {
    const auto says = [&](std::string_view words) { return text.find(words) != std::string::npos; };
    LastTrust trust;
    trust.anchor = text.starts_with("TRUSTED_ANCHOR");
    trust.leaf = text.starts_with("TRUSTED_LEAF") || says("OR_LEAF");
    trust.distrusted = text == "DISTRUSTED";
    trust.expires = says("EXPIRATION");
    trust.has_constraints = says("CONSTRAINTS");
    trust.needs_basic_constraints = says("BASIC_CONSTRAINTS");
    trust.must_be_self_signed = says("SELF_SIGNED");
    return trust;
}

/// UTCTime.
Time read_utc(const std::string& text) {
    der::Writer writer;
    writer.text(der::Tag::utc_time, text);
    return der::read_time(*der::Reader(writer.bytes()).read())->time;
}

/// What is true of the chain, with the places of its certificates in the case's file.
struct Told {
    std::vector<Remark> findings;  ///< the text is a finding's id; errors are those by which the library refuses
    std::vector<Remark> remarks;   ///< the library's own words
};

/// Judges one chain as BoringSSL's library does: RFC 5280 6.1, besides keys and digests that it finds too weak and the key purposes.
class ChainJudge {
  public:
    ChainJudge(const std::vector<ByteString>& chain, const LastTrust& trust, Time at, const std::string& purpose)
        : chain_(chain.begin(), chain.end()), trust_(trust), purpose_(purpose) {
        // A leaf that is trusted is no anchor to the verifier where it must prove that it is self-signed.
        stores_.use_shipped(false);
        if (!trust.must_be_self_signed) stores_.add_certificate(chain_.back(), true);
        verify::Input input;
        input.presented = chain_;
        input.at = at;
        verification_.emplace(input, stores_, memory_);
    }

    Told judge() {
        const bool may_end = chain_.size() == 1 ? trust_.leaf : trust_.anchor;
        const verify::Trust last = trust_.distrusted ? verify::Trust::distrusted : may_end ? verify::Trust::yes : verify::Trust::no;
        Anchor client(*verification_, chain_.back(), last);
        const verify::FoundPath found = verification_->find_path({}, client);
        if (!found.path) {
            told_.findings.push_back({0, true, "cert.malformed"});
            return std::move(told_);
        }
        for (const verify::NodeIndex node : verification_->path(*found.path).nodes)
            path_.push_back(&*verification_->node(node).certificate);
        for (const verify::Placed& placed : verification_->findings(found)) take(placed);
        if (trust_.must_be_self_signed && !verification_->is_self_signed(*verification_->leaf()))
            told_.findings.push_back({0, true, "signature.invalid"});
        if (chain_.size() > 1) take_policies();
        take_purposes(found.end == verify::PathEnd::anchor);
        return std::move(told_);
    }

  private:
    [[nodiscard]] std::size_t place_of(Bytes der) const {
        return static_cast<std::size_t>(std::find_if(chain_.begin(), chain_.end(), [&](Bytes one) { return equal(one, der); }) -
                                        chain_.begin());
    }

    void take(const verify::Placed& placed) {
        const auto& certificate = *verification_->node(placed.node).certificate;
        const FindingInfo& about = info(placed.finding->id);
        // The path's policies are asked for with the limits of the anchor.
        const bool is_policy = placed.subject == verify::Subject::path && about.name.starts_with("policy.");
        if (placed.subject == verify::Subject::chain || is_policy) return;
        told_.findings.push_back({place_of(certificate.der), refuses(placed, certificate), std::string(about.name)});
    }

    [[nodiscard]] bool refuses(const verify::Placed& placed, const x509::Certificate& certificate) const {
        const FindingId id = placed.finding->id;
        constexpr std::string_view kWeak =
            "signature.sha1 signature.md5 signature.dsa key.rsa-under-1024 key.rsa-pss key.ec-under-256 "
            "key.curve-unusual key.edwards key.dsa key.invalid key.unsupported";
        const bool is_anchor = placed.role == Role::anchor;
        const std::string_view name = info(id).name;
        if (is_finding_of(name, kWeak)) return !is_anchor || name.starts_with("key.");
        if (id == FindingId::path_ca_as_leaf) return chain_.size() > 1 && forbids_authority(purpose_);
        if (id == FindingId::extension_unknown_critical && knows_extension(certificate, placed.finding->found, purpose_)) return false;
        // Two ways to write one algorithm are one algorithm to the library.
        if (id == FindingId::signature_mismatch && is_one_algorithm(certificate)) return false;
        if (is_anchor && !binds_anchor(id, certificate)) return false;
        verify::Placed as_issuer = placed;
        if (is_anchor) as_issuer.role = Role::issuer;
        return verify::breaks_path(as_issuer);
    }

    static bool is_one_algorithm(const x509::Certificate& certificate) {
        const auto outer = x509::signature_algorithm(certificate.signature_algorithm).scheme;
        return outer && outer == x509::signature_algorithm(certificate.signature_inner).scheme;
    }

    /// Whether a finding on the anchor counts: its dates, or what RFC 5937 calls its constraints.
    [[nodiscard]] bool binds_anchor(FindingId id, const x509::Certificate& certificate) const {
        switch (id) {
            case FindingId::validity_issuer_expired:
            case FindingId::validity_issuer_not_yet:
                return trust_.expires;
            case FindingId::path_not_a_ca:
                return trust_.has_constraints && (certificate.known.basic_constraints.is_present() || trust_.needs_basic_constraints);
            case FindingId::path_version_1_issuer:
                return false;
            default:
                return trust_.has_constraints;
        }
    }

    /// RFC 5280 6.1.2 to 6.1.5. Where the anchor's limits count, it is processed like others; one that names no policies is good for any.
    void take_policies() {
        std::vector<const x509::Certificate*> path(path_.begin(), path_.end() - 1);
        x509::Certificate anchor = *path_.back();
        der::Writer any;
        any.sequence([&] { any.sequence([&] { any.oid(der::oid::any_policy); }); });
        if (auto& policies = anchor.known.certificate_policies; !policies.is_present()) {
            policies.state = x509::ExtensionState::good;
            policies.content = x509::CertificatePolicies(*der::Reader(any.bytes()).read());
        }
        if (trust_.has_constraints) path.push_back(&anchor);
        for (const verify::AtPosition& one : verify::process_policies(path, {}).findings)
            told_.findings.push_back({place_of(path[one.position]->der), true, std::string(info(one.finding.id).name)});
    }

    void take_purposes(bool has_anchor) {
        std::vector<const x509::Certificate*> path = path_;
        const bool anchor_counts = trust_.has_constraints || path.size() == 1;
        if (has_anchor && !anchor_counts) path.pop_back();
        for (Remark& remark : remarks_on_purposes(path, has_anchor && anchor_counts, purpose_)) {
            remark.position = place_of(path[remark.position]->der);
            told_.remarks.push_back(std::move(remark));
        }
    }

    std::vector<Bytes> chain_;
    LastTrust trust_;
    std::string purpose_;
    verify::TrustStores stores_;
    verify::Memory memory_;
    std::optional<verify::Verification> verification_;
    std::vector<const x509::Certificate*> path_;
    Told told_;
};

bool has_told(const Told& told, std::size_t position, const std::string& text, bool of_server) {
    const auto is_it = [&](const Remark& one) { return one.position == position && one.text == text; };
    const auto error = find_chromium_error(text);
    // The verifier tells what is wrong with certificates of servers.
    if (!(error && of_server) && std::any_of(told.remarks.begin(), told.remarks.end(), is_it)) return true;
    return error && std::any_of(told.findings.begin(), told.findings.end(), [&](const Remark& one) {
               return is_finding_of(one.text, error->ids) && (error->is_about_limit ? one.position > position : one.position == position);
           });
}

Case judge(const Json& json, const std::filesystem::path& folder) {
    const auto chain = certificates_of(read(folder / json.at("chain").get<std::string>()));
    const std::string purpose = json.at("key_purpose");
    const bool has_anchor = chain.size() > 1 && json.at("last_cert_trust").get<std::string>().starts_with("TRUSTED_ANCHOR");
    if (has_anchor)
        show_trial({.chain = {chain.begin(), chain.end() - 1}, .anchors = {chain.back()}, .name = {}, .at = read_utc(json.at("utc_time"))});
    ChainJudge judge(chain, read_trust(json.at("last_cert_trust")), read_utc(json.at("utc_time")), purpose);
    const Told told = judge.judge();
    Case made;
    made.id = "chains/" + json.at("id").get<std::string>();
    made.features = {std::filesystem::path(json.at("chain").get<std::string>()).stem().string()};
    bool accepted = true;
    for (const auto* list : {&told.findings, &told.remarks}) {
        for (const Remark& one : *list) {
            if (!one.is_error) continue;
            accepted = false;
            made.findings.push_back(std::to_string(one.position) + " " + one.text);
        }
    }
    made.expected = json.at("accept").get<bool>() ? "accepted" : "refused";
    made.ours = accepted ? "accepted" : "refused";
    for (const Json& error : json.at("errors")) {
        const std::size_t position = error.at("cert");
        const std::string text = error.at("text"), line = "; " + std::to_string(position) + " " + text;
        made.expected += line;
        if (has_told(told, position, text, purpose.starts_with("SERVER_AUTH"))) made.ours += line;
    }
    return made;
}

}  // namespace

void add_chains(const std::filesystem::path& folder, std::vector<Case>& cases) {
    for (const Json& one : Json::parse(read(folder / "chains.json")))
        cases.push_back(guarded("chains/" + one.at("id").get<std::string>(), [&] { return judge(one, folder); }));
}

}  // namespace truename::conformance
