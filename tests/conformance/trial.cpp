#include "tests/conformance/trial.h"

#include <algorithm>
#include <stdexcept>

#include "clients/judge.h"
#include "clients/library.h"
#include "verify/mailboxes.h"
#include "verify/verification.h"
#include "x509/pem.h"

namespace truename::conformance {

namespace {

std::vector<ByteString> blocks_of(std::string_view pem, x509::PemKind kind) {
    const auto bundle = x509::read_pem_bundle(as_bytes(pem), "case");
    if (!bundle) throw std::runtime_error(to_sentence(bundle.error()));
    std::vector<ByteString> list;
    for (const Bytes der : bundle->all(kind)) list.push_back(to_owned(der));
    return list;
}

bool is_too_long(const verify::Verification& verification, const verify::FoundPath& found, unsigned most) {
    const auto& nodes = verification.path(*found.path).nodes;
    unsigned intermediates = 0;
    for (std::size_t i = 1; i + 1 < nodes.size(); ++i) intermediates += verification.node(nodes[i]).self_issued ? 0 : 1;
    return intermediates > most;
}

/// Whether the extended key usages of every certificate of the path, but for a root's, allow one of those asked for.
bool allows(const verify::Verification& verification, const verify::FoundPath& found, const Trial& trial) {
    const std::vector<der::Oid>& usages = trial.usages;
    if (std::find(usages.begin(), usages.end(), der::oid::any_extended_key_usage) != usages.end()) return true;
    for (const verify::NodeIndex node : verification.path(*found.path).nodes) {
        const auto& listed = verification.node(node).certificate->known.extended_key_usage;
        const auto said = trial.said.find(to_owned(verification.node(node).der));
        if (!listed || (said != trial.said.end() && said->second == x509::ExplicitTrust::trusted)) continue;
        const auto is_asked = [&](const der::Oid& usage) {
            return usage == der::oid::any_extended_key_usage || std::find(usages.begin(), usages.end(), usage) != usages.end();
        };
        bool allowed = false;
        for (const der::Oid usage : *listed) allowed = allowed || is_asked(usage);
        if (!allowed) return false;
    }
    return true;
}

bool is_strong(const x509::SubjectPublicKeyInfo& key, const Strength& least) {
    const bool is_rsa = key.kind == x509::KeyKind::rsa || key.kind == x509::KeyKind::rsa_pss || key.kind == x509::KeyKind::dsa;
    return key.bits >= (is_rsa ? least.rsa_bits : least.curve_bits);
}

/// Half the bits of the digest; those of SHA-1 and older ones are the profile's business.
unsigned strength_of(const x509::AlgorithmIdentifier& signature) {
    const auto scheme = x509::signature_algorithm(signature).scheme;
    if (!scheme) return 0;
    if (scheme->kind == crypto::SignatureKind::ed25519) return 128;
    if (scheme->kind == crypto::SignatureKind::ed448) return 256;
    switch (scheme->digest) {
        case crypto::DigestKind::sha256:
            return 128;
        case crypto::DigestKind::sha384:
            return 192;
        case crypto::DigestKind::sha512:
            return 256;
        default:
            return 80;
    }
}

/// The keys of the whole path, and the signatures below its end.
bool is_strong(const verify::Verification& verification, const verify::FoundPath& found, const Strength& least) {
    const auto& nodes = verification.path(*found.path).nodes;
    for (const verify::NodeIndex node : nodes) {
        const x509::Certificate& certificate = *verification.node(node).certificate;
        if (!is_strong(certificate.subject_public_key_info, least)) return false;
        if (node != nodes.back() && strength_of(certificate.signature_algorithm) < least.digest_bits) return false;
    }
    return true;
}

bool holds_mailboxes(const verify::Verification& verification, const std::vector<std::string>& mailboxes) {
    const auto presented = verify::presented_mailboxes(*verification.node(*verification.leaf()).certificate);
    return std::all_of(mailboxes.begin(), mailboxes.end(),
                       [&](const std::string& mailbox) { return verify::find_mailbox(presented, mailbox, {}) != nullptr; });
}

bool is_about_servers(FindingId id) {
    return id == FindingId::usage_not_server || id == FindingId::usage_issuer_not_server || id == FindingId::usage_any;
}

bool is_ignored(const Trial& trial, FindingId id) {
    return (!trial.usages.empty() && is_about_servers(id)) ||
           std::find(trial.ignored.begin(), trial.ignored.end(), id) != trial.ignored.end();
}

/// A profile with what the case changes about it.
class ChangedProfile {
  public:
    ChangedProfile(const clients::Profile& profile, const Trial& trial)
        : reactions_(profile.reactions.begin(), profile.reactions.end()), profile_(profile) {
        for (clients::Reaction& reaction : reactions_) {
            const auto& refused = trial.refused;
            const bool is_refused = std::find(refused.begin(), refused.end(), reaction.finding) != refused.end();
            if (!is_refused && !is_ignored(trial, reaction.finding)) continue;
            reaction.action.known = true;
            reaction.action.value = is_refused ? clients::Action::refuses : clients::Action::silent;
        }
        for (const FindingId id : trial.ignored_of_leaf) ignore_of_leaf(id);
        profile_.reactions = reactions_;
        profile_.tls.keys = {0xff, true, clients::Confidence::observed, {}};  // no handshake takes place
        if (trial.partial_chains) profile_.trust.anchor.value = clients::AnchorKind::any;
    }
    [[nodiscard]] const clients::Profile& profile() const { return profile_; }

  private:
    /// In front of the other reactions to the same, which they stand beside.
    void ignore_of_leaf(FindingId id) {
        const auto first = std::ranges::find_if(reactions_, [&](const clients::Reaction& reaction) { return reaction.finding == id; });
        if (first == reactions_.end()) return;
        clients::Reaction silent = *first;
        silent.when = {};
        silent.when.role = verify::Role::leaf;
        silent.action.known = true;
        silent.action.value = clients::Action::silent;
        reactions_.insert(first, silent);
    }

    std::vector<clients::Reaction> reactions_;
    clients::Profile profile_;
};

std::function<void(const Trial&)> watcher_of_trials;

}  // namespace

void watch_trials(std::function<void(const Trial&)> watcher) {
    watcher_of_trials = std::move(watcher);
}

void show_trial(const Trial& trial) {
    if (watcher_of_trials) watcher_of_trials(trial);
}

std::vector<ByteString> certificates_of(std::string_view pem) {
    return blocks_of(pem, x509::PemKind::certificate);
}

std::vector<ByteString> crls_of(std::string_view pem) {
    return blocks_of(pem, x509::PemKind::crl);
}

Answer judge(const Trial& trial, std::string_view profile) {
    show_trial(trial);
    const auto profiles = clients::select(clients::compiled(), std::vector<std::string>{std::string(profile)});
    if (!profiles) throw std::runtime_error("there is no profile " + std::string(profile));
    verify::TrustStores trust;
    trust.use_shipped(false);
    for (const ByteString& der : trial.anchors) {
        const auto said = trial.said.find(der);
        trust.add_certificate(der, true, said == trial.said.end() ? x509::ExplicitTrust::none : said->second);
    }
    const std::vector<Bytes> chain(trial.chain.begin(), trial.chain.end());
    std::vector<Bytes> crls;
    verify::Input input;
    input.presented = chain;
    input.stapled = true;  // no server was asked, so nothing is missing in its answer
    input.name = trial.name;
    input.at = trial.at;
    if (trial.crls) {
        crls.assign(trial.crls->begin(), trial.crls->end());
        input.crls = crls;
    }
    verify::Memory memory;
    verify::Verification verification(input, trust, memory);
    clients::Context context;
    context.host = trial.name;
    context.roots = clients::Roots::none;
    context.issuers_were_fetched = true;
    clients::Judge judge(verification, context);
    const ChangedProfile changed(*profiles->front(), trial);
    const clients::Verdict verdict = judge.judge(changed.profile());
    Answer answer;
    for (const verify::Placed& placed : verdict.findings) {
        answer.findings.emplace_back(info(placed.finding->id).name);
    }
    for (const verify::Placed& placed : verification.findings(verdict.path)) {
        const FindingInfo& about = info(placed.finding->id);
        if (placed.subject == verify::Subject::chain || about.cls != FindingClass::defect) continue;
        answer.told.push_back(std::string(about.name) + " " + std::string(name_of(placed.finding->field)));
    }
    answer.accepted = verdict.outcome != clients::Outcome::not_judged && answer.findings.empty();
    if (verdict.outcome == clients::Outcome::not_judged) answer.findings.push_back("not judged: " + verdict.why);
    const auto demand = [&](bool is_met, const char* what) {
        if (is_met) return;
        answer.accepted = false;
        answer.findings.emplace_back(what);
    };
    if (!answer.accepted) return answer;
    demand(trial.usages.empty() || allows(verification, verdict.path, trial), "an extended key usage that is not asked for");
    demand(!trial.max_intermediates || !is_too_long(verification, verdict.path, *trial.max_intermediates),
           "more intermediates than the case allows");
    demand(is_strong(verification, verdict.path, trial.least), "keys or digests that are weaker than the case allows");
    demand(holds_mailboxes(verification, trial.mailboxes), "a mailbox that is not in the certificate");
    return answer;
}

}  // namespace truename::conformance
