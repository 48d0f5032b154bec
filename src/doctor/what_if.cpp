#include "doctor/what_if.h"

#include <algorithm>

#include "doctor/describe.h"
#include "doctor/reissue.h"

namespace truename::doctor {

namespace {

constexpr Changes kOfCertificate = kChangeNames | kChangeAlone | kChangeValidity | kChangeIssuer | kChangeKey | kChangeForm;

bool begins(std::string_view text, std::string_view with) {
    return text.substr(0, with.size()) == with;
}

// Whether a certificate made after `changes` answers the finding, so that judging it anew tells. Everything else is still so.
bool is_touched(FindingId id, Changes changes) {
    const std::string_view name = info(id).name;
    if ((changes & kChangeIssuer) != 0) return !begins(name, "tls.") && !begins(name, "mail.") && !begins(name, "server.");
    const bool of_old_one = id == FindingId::revocation_staple_revoked || id == FindingId::revocation_staple_unknown;
    if ((changes & kOfCertificate) != 0 && of_old_one) return true;
    if ((changes & (kChangeNames | kChangeAlone)) != 0 && begins(name, "name.")) return true;
    if ((changes & kChangeValidity) != 0 && begins(name, "validity.") && !begins(name, "validity.issuer")) return true;
    if ((changes & kChangeKey) != 0 && (begins(name, "key.") || begins(name, "signature."))) return true;
    if ((changes & kChangeForm) != 0 && !begins(name, "usage.issuer") &&
        (begins(name, "usage.") || begins(name, "extension.") || begins(name, "cert.") || id == FindingId::path_ca_as_leaf)) {
        return true;
    }
    if ((changes & kChangeRoot) != 0 &&
        (id == FindingId::path_untrusted_root || id == FindingId::path_self_signed || id == FindingId::path_unknown_issuer)) {
        return true;
    }
    if ((changes & kChangeStaple) != 0 && id == FindingId::revocation_staple_missing) return true;
    return (changes & kChangeChain) != 0 && (id == FindingId::path_incomplete || id == FindingId::path_order ||
                                             id == FindingId::path_extra_certificate || id == FindingId::path_root_sent);
}

// Takes every root, shipped or added, and is content with nothing: the path is only wanted for what is on it.
class AnyRoot : public verify::PathClient {
  public:
    explicit AnyRoot(const verify::Verification& verification) : verification_(verification) {}
    verify::Trust trusts(verify::NodeIndex node) override {
        return verification_.node(node).anchor != nullptr ? verify::Trust::yes : verify::Trust::no;
    }
    bool accepts(verify::PathIndex) override { return true; }

  private:
    const verify::Verification& verification_;
};

// With what the server sends elsewhere there may be a path where no client has one.
std::vector<verify::NodeIndex> widest_path(verify::Verification& verification) {
    AnyRoot client(verification);
    const verify::Habit everything{.uses_given = true, .uses_fetched = true, .uses_seen = true};
    const verify::FoundPath found = verification.find_path(everything, client);
    return found.path && found.end == verify::PathEnd::anchor ? verification.path(*found.path).nodes : std::vector<verify::NodeIndex>();
}

// The longest path that some client takes to a root, else any: server's certificate first.
std::vector<verify::NodeIndex> best_path(const Judgement& judgement, verify::Verification& verification) {
    std::vector<verify::NodeIndex> best;
    bool rooted = false;
    for (const clients::Verdict& verdict : judgement.verdicts()) {
        if (!verdict.path.path) continue;
        const bool ends = verdict.path.end == verify::PathEnd::anchor;
        const std::vector<verify::NodeIndex>& nodes = verification.path(*verdict.path.path).nodes;
        if (best.empty() || (ends && !rooted) || (ends == rooted && nodes.size() > best.size())) {
            best = nodes;
            rooted = ends;
        }
    }
    if (rooted) return best;
    std::vector<verify::NodeIndex> wider = widest_path(verification);
    return wider.empty() ? best : wider;
}

ByteString bytes_of(verify::Verification& verification, verify::NodeIndex node) {
    return to_owned(verification.node(node).der);
}

// The root of the best path, added as an administrator would; false when there is none to add.
bool add_root(verify::TrustStores& trust, const JudgedChain& judged) {
    verify::Verification& verification = judged.judgement->verification();
    const std::vector<verify::NodeIndex> nodes = best_path(*judged.judgement, verification);
    if (nodes.empty() || !verification.is_self_signed(nodes.back())) return false;
    return trust.add_certificate(verification.node(nodes.back()).der, true);
}

// The made certificate in the place of all that was sent, its root trusted as the old one was.
bool put_new(Case& chain, verify::TrustStores& trust, const Report& report, const JudgedChain& judged, Changes changes,
             x509::SignatureChecker& signatures) {
    const auto old = x509::parse_certificate(judged.chain->presented.front());
    if (!old) return false;
    const auto issued = reissue(*old, {changes, chain.name, chain.at, chain.sorts_names}, signatures);
    if (!issued) return false;
    const AnchorOrigin origin = (changes & kChangeIssuer) != 0 ? AnchorOrigin::shipped
                                : (changes & kChangeRoot) != 0 ? AnchorOrigin::added
                                                               : origin_of(report, judged.id).value_or(AnchorOrigin::none);
    trust = verify::TrustStores();
    trust.use_shipped(false);
    if (origin != AnchorOrigin::none) trust.add_certificate(issued->root, origin == AnchorOrigin::added);
    chain.roots = origin == AnchorOrigin::shipped ? clients::Roots::system : clients::Roots::none;
    chain.trust = &trust;
    chain.presented = {issued->leaf};
    chain.staples.clear();  // they are about the old one
    chain.fetched.clear();
    return true;
}

Then then_of(clients::Outcome outcome) {
    switch (outcome) {
        case clients::Outcome::silent:
            return Then::silent;
        case clients::Outcome::not_judged:
            return Then::unknown;
        case clients::Outcome::warns:
        case clients::Outcome::refuses:
            break;
    }
    return Then::speaks;
}

// What stays of an opinion on the old certificate that the made one cannot show.
Then what_stays(const clients::Verdict& verdict, Changes changes) {
    const Then now = then_of(verdict.outcome);
    if (now == Then::unknown && verdict.unknown && is_touched(*verdict.unknown, changes)) return Then::silent;
    if (now != Then::speaks) return now;
    const bool minds_something_else = std::any_of(verdict.findings.begin(), verdict.findings.end(),
                                                  [&](const verify::Placed& placed) { return !is_touched(placed.finding->id, changes); });
    return minds_something_else ? Then::speaks : Then::silent;
}

/// No program sends or takes a chain with such a certificate in it, whatever is mended: OpenSSL stops at 100 KB for all of it. Nothing is
/// tried for it, since each try costs as much as judging it did.
constexpr std::size_t kLargestMended = std::size_t{100} << 10;

std::vector<Then> as_it_is(const JudgedChain& judged) {
    std::vector<Then> list;
    for (const clients::Verdict& verdict : judged.judgement->verdicts()) list.push_back(then_of(verdict.outcome));
    return list;
}

std::vector<Then> after(const Report& report, const JudgedChain& judged, Changes changes, Settings::Impl& settings) {
    if (!judged.chain->presented.empty() && judged.chain->presented.front().size() > kLargestMended) return as_it_is(judged);
    Case chain = *judged.chain;
    chain.tls.clear();  // whether a client reaches the server is another question
    const Chain* shown = chain_named(report, judged.id);
    const std::vector<std::string> names =
        shown == nullptr || shown->certificates.empty() ? std::vector<std::string>() : shown->certificates.front().names;
    if ((changes & kChangeTyped) != 0) chain.name = nearest_name(chain.name, names);
    if ((changes & kChangeFirst) != 0 && !names.empty()) chain.name = names.front();
    if ((changes & kChangeStaple) != 0) chain.stapled = true;
    if ((changes & kChangeChain) != 0) send_in_order(chain, judged);
    verify::TrustStores trust;
    if ((changes & kChangeRoot) != 0) {
        trust = settings.trust;
        if (add_root(trust, judged)) chain.trust = &trust;
    }
    const bool made = (changes & kOfCertificate) != 0 && !chain.presented.empty() &&
                      put_new(chain, trust, report, judged, changes, settings.memory.signatures);
    std::vector<Then> list;
    for (const clients::Outcome outcome : outcomes(chain, settings)) list.push_back(then_of(outcome));
    if (!made || (changes & kChangeIssuer) != 0) return list;
    for (std::size_t i = 0; i < list.size(); ++i) list[i] = std::max(list[i], what_stays(judged.judgement->verdicts()[i], changes));
    return list;
}

// What is shown in its place once everything was reloaded.
const JudgedChain& renewed(const Report& report, const std::vector<JudgedChain>& chains, const JudgedChain& judged) {
    const Chain* renewal = renewal_of(report, judged.id);
    if (renewal == nullptr) return judged;
    const auto at = std::find_if(chains.begin(), chains.end(),
                                 [&](const JudgedChain& one) { return one.id == renewal->id && one.chain->name == judged.chain->name; });
    return at == chains.end() ? judged : *at;
}

}  // namespace

bool is_out_of_order(const JudgedChain& judged) {
    return !judged.judgement->verification().reordered().empty();
}

void send_in_order(Case& chain, const JudgedChain& judged) {
    verify::Verification& verification = judged.judgement->verification();
    std::vector<verify::NodeIndex> nodes = verification.reordered();
    if (nodes.empty()) nodes = best_path(*judged.judgement, verification);
    if (nodes.size() > 1 && verification.is_self_signed(nodes.back())) nodes.pop_back();
    if (nodes.empty()) return;
    chain.presented.clear();
    for (const verify::NodeIndex node : nodes) chain.presented.push_back(bytes_of(verification, node));
}

std::vector<Then> then(const Report& report, const std::vector<JudgedChain>& chains, Changes changes, Settings::Impl& settings) {
    std::vector<Then> list(settings.profiles.size(), Then::silent);
    for (const JudgedChain& judged : chains) {
        const JudgedChain& shown = (changes & kChangeReload) != 0 ? renewed(report, chains, judged) : judged;
        std::vector<Then> one;
        if ((changes & ~kChangeReload) == 0) {
            one = as_it_is(shown);
        } else {
            one = after(report, shown, changes, settings);
        }
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (judged.wants.empty() || judged.wants[i]) list[i] = std::max(list[i], one[i]);
        }
    }
    return list;
}

}  // namespace truename::doctor
