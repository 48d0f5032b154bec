#include "clients/judge.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "clients/client_eyes.h"
#include "der/oid.h"

namespace truename::clients {

namespace {

using verify::Placed;

// The findings about names, the one that tells most about a mismatch first.
constexpr FindingId kTelling[] = {
    FindingId::name_match_not_first, FindingId::name_address_as_dns,
    FindingId::name_trailing_dot,    FindingId::name_service_only,
    FindingId::name_cn_only,         FindingId::name_wildcard_partial,
    FindingId::name_wildcard_top,    FindingId::name_wildcard,
    FindingId::name_malformed,       FindingId::name_none,
    FindingId::name_mismatch,
};

// For clients that see a mismatch where RFC 9525 sees a match and nothing worth telling.
const Finding kMismatch{FindingId::name_mismatch};

// What a client does that a rule makes refuse (its TLS cannot use the server's key, nobody says whether a certificate is revoked), unless
// its profile says more (a code, a dialog).
const Reaction kRefuses{{}, {}, {Action::refuses, true}, {}, {}, nullptr, nullptr, {}};

// A finding that the client minds.
struct Minded {
    Placed placed;
    const Reaction* reaction;
    std::size_t order;
};

std::string common_name_of(const x509::Name& name) {
    const std::optional<x509::Attribute> last = name.last(der::oid::common_name);
    std::optional<std::string> text = last ? x509::to_utf8(*last) : std::nullopt;
    const bool is_raw = text.has_value();
    if (!text) text = x509::to_string(name);
    clip(*text);
    return is_raw ? printable(*text) : *text;
}

// Whether the certificate names a place where its issuer can be fetched by plain HTTP, and none from which it was.
bool has_unfetched_issuer(const x509::Certificate& certificate, std::span<const std::string> fetched_from) {
    if (!certificate.known.authority_info_access) return false;
    bool names_one = false;
    for (const x509::AccessDescription& access : *certificate.known.authority_info_access) {
        if (!(access.method == der::oid::ad_ca_issuers) || access.location.kind != x509::GeneralNameKind::uniform_resource_identifier ||
            ascii_lower(access.location.text().substr(0, 7)) != "http://")
            continue;
        if (std::find(fetched_from.begin(), fetched_from.end(), access.location.text()) != fetched_from.end()) return false;
        names_one = true;
    }
    return names_one;
}

// Why a client cannot be judged, and when it would meet that.
struct NotKnown {
    std::string why;
    std::size_t order;
    std::optional<FindingId> about;
};

// One client's verdict in the making.
class Judgement {
  public:
    Judgement(const Profile& profile, verify::Verification& verification, const Context& context)
        : profile_(profile), verification_(verification), context_(context), eyes_(profile, verification, context.roots) {
        verdict_.profile = &profile;
    }

    Verdict take(NameMatcher* names) {
        find_path();
        if (!handshake_fails()) {
            judge_chain();
            judge_names(names);
        }
        decide();
        tell();
        verdict_.verifies = profile_.trust.checked.is(false)                ? Verifies::nothing
                            : profile_.names.compares.is(Compares::nothing) ? Verifies::no_name
                                                                            : Verifies::all;
        verdict_.confidence = confidence_;
        return std::move(verdict_);
    }

  private:
    void use(Confidence confidence) { confidence_ = weaker(confidence_, confidence); }

    // What the client would meet first is why it cannot be judged; among equals the first reason stands.
    void not_known(std::string why, std::size_t order, std::optional<FindingId> about = {}) {
        if (!not_known_ || order < not_known_->order) not_known_ = {std::move(why), order, about};
    }

    void find_path() {
        verdict_.path = eyes_.find_path();
        circumstances_.set_findings(verification_.findings(verdict_.path));
        if (verdict_.path.path) {
            const std::vector<verify::NodeIndex>& nodes = verification_.path(*verdict_.path.path).nodes;
            root_ = eyes_.root(nodes.back());
            circumstances_.leaf_is_root = nodes.size() == 1 && verdict_.path.end == verify::PathEnd::anchor;
        }
        verdict_.anchor = circumstances_.anchor = root_ ? root_->from : When::AnchorIs::none;
    }

    // A key that the client's TLS cannot use ends the handshake before anybody looks at the certificate. What there is to say of a plain
    // RSA or ECDSA key says `reaches`: it is no fact about the certificate that somebody would act on.
    bool handshake_fails() {
        const std::optional<verify::NodeIndex> leaf = verification_.leaf();
        if (!leaf) return false;
        const x509::SubjectPublicKeyInfo& key = verification_.node(*leaf).certificate->subject_public_key_info;
        const std::optional<ServerKey> kind = server_key_of(key);
        const std::optional<FindingId> id = kind ? finding_of(*kind) : std::nullopt;
        if (!id) return false;
        const Fact<bool> usable = can_use(profile_.tls, *kind);
        if (!usable.known) {
            not_known("whether its TLS can use such a key is not known: " + x509::describe_key(key), 0, id);
            return false;
        }
        use(usable.confidence);
        if (usable.value) return false;
        for (const Placed& placed : circumstances_.findings) {
            if (placed.finding->id != *id || placed.role != verify::Role::leaf) continue;
            const Reaction* reaction = eyes_.reaction_to(placed, circumstances_);
            minded_.push_back({placed, reaction && reaction->action.is(Action::refuses) ? reaction : &kRefuses, 0});
            verdict_.why = "its TLS cannot use such a key: " + x509::describe_key(key);
            return true;
        }
        return false;
    }

    void judge_chain() {
        use(eyes_.confidence_of(verdict_.path));
        if (root_) judge_root(*root_);
        // A client that checks no chain still cannot go on without a certificate.
        if (profile_.trust.checked.is(false) && verdict_.path.path) return use(profile_.trust.checked.confidence);
        for (const Placed& placed : circumstances_.findings) {
            if (is_about_names(placed) || eyes_.is_overruled(placed)) continue;
            if (placed.finding->id == FindingId::path_unknown_issuer && would_fetch(placed)) continue;
            if (profile_.looks_past(placed.finding->id)) {
                use(profile_.revocation.looks_at.confidence);
                continue;
            }
            react(placed, placed.finding->id);
        }
        judge_status();
    }

    // Whether it got to know that the certificates are not revoked, where it looks. That nobody was asked says nothing.
    void judge_status() {
        if (!verdict_.path.path) return;
        const Fact<std::uint8_t>& looks_at = profile_.revocation.looks_at;
        const unsigned looks = looks_at.known ? looks_at.value : ~0U;
        for (const Placed& placed : circumstances_.findings) {
            if (!verify::is_no_answer(placed.finding->id)) continue;
            const verify::StatusSources sources = verification_.status_sources(*verdict_.path.path, placed.position);
            if ((sources.asked & looks) != 0 && (sources.answered & looks) == 0) return go_without_answer(placed);
        }
    }

    void go_without_answer(const Placed& placed) {
        const FindingId id = FindingId::revocation_undetermined;
        const Fact<WithoutAnswer>& rule = profile_.revocation.without_answer;
        if (rule.is(WithoutAnswer::goes_on)) return use(rule.confidence);
        if (!rule.known || !profile_.revocation.looks_at.known)
            return not_known("no source says what it does when nobody tells whether a certificate is revoked", order_of(id),
                             placed.finding->id);
        use(rule.confidence);
        use(profile_.revocation.looks_at.confidence);
        const Reaction* reaction = eyes_.reaction_to(id, placed, circumstances_);
        if (!reaction || !reaction->action.known || reaction->action.is(Action::silent)) reaction = &kRefuses;
        minded_.push_back({placed, reaction, order_of(id, reaction->kind)});
    }

    void judge_root(const RootOpinion& root) {
        use(root.confidence);
        if (root.trust == verify::Trust::unknown) {
            not_known(root.from == When::AnchorIs::added ? "whether it uses roots that were added is not known"
                                                         : "whether its list of roots held this root then is not known",
                      0);
        }
        if (root.stand_in) stand_in_ = true;
    }

    // A client that fetches missing issuers is not judged for a missing one that nobody has asked for.
    bool would_fetch(const Placed& placed) {
        const bool fetches = !profile_.path.uses.known || (profile_.path.uses.value & static_cast<unsigned>(Uses::aia)) != 0;
        const verify::Node& node = verification_.node(placed.node);
        if (!fetches || context_.issuers_were_fetched || !node.certificate) return false;
        if (!has_unfetched_issuer(*node.certificate, context_.fetched_from)) return false;
        not_known("it would fetch the missing issuer from the address in the certificate, which was not done or failed",
                  order_of(FindingId::path_unknown_issuer));
        return true;
    }

    void react(const Placed& placed, FindingId id) {
        const Reaction* reaction = eyes_.reaction_to(id, placed, circumstances_);
        if (!reaction) {
            if (info(placed.finding->id).cls == FindingClass::defect)
                not_known(unknown_reaction(placed.finding->id), order_of(placed.finding->id, {}), placed.finding->id);
            return;
        }
        if (!reaction->action.known) {
            not_known(unknown_reaction(placed.finding->id), order_of(placed.finding->id, reaction->kind), placed.finding->id);
            return;
        }
        use(reaction->action.confidence);
        if (reaction->library.known) use(reaction->library.confidence);
        if (reaction->action.value != Action::silent) minded_.push_back({placed, reaction, order_of(placed.finding->id, reaction->kind)});
    }

    static std::string unknown_reaction(FindingId id) {
        return "no source says what it does when this is so: " + std::string(info(id).title);
    }

    // The order of a finding by the kind that the profile puts it in.
    [[nodiscard]] std::size_t order_of(FindingId id) const {
        const std::span<const Reaction> reactions = profile_.reactions_to(id);
        return order_of(id, reactions.empty() ? std::string_view() : reactions.front().kind);
    }

    [[nodiscard]] std::size_t order_of(FindingId id, std::string_view kind) const {
        const std::span<const OrderEntry> order = profile_.report.order.known ? profile_.report.order.value : std::span<const OrderEntry>();
        const auto found = std::find_if(order.begin(), order.end(), [&](const OrderEntry& entry) {
            return entry.finding ? *entry.finding == id : !kind.empty() && entry.kind == kind;
        });
        return static_cast<std::size_t>(found - order.begin());
    }

    void judge_names(NameMatcher* names) {
        if (!names) return;
        const NameResult result = names->match(profile_.names, circumstances_.anchor == When::AnchorIs::shipped);
        use(result.confidence);
        if (result.matched == Matched::yes) return;
        if (result.matched == Matched::unknown) {
            not_known("how it compares the names of such a certificate is not known", order_of(FindingId::name_mismatch));
            return;
        }
        for (const FindingId id : kTelling) {
            const Placed* placed = find_name_finding(id);
            if (placed && minds(*placed, id)) return react(*placed, id);
            if (placed && id == FindingId::name_trailing_dot) break;  // without the dot the names would be the same
        }
        react(most_telling(), FindingId::name_mismatch);
    }

    // Something that the client passes over in silence does not explain why the names do not match, so it must not hide that.
    [[nodiscard]] bool minds(const Placed& placed, FindingId id) const {
        const Reaction* reaction = eyes_.reaction_to(id, placed, circumstances_);
        return reaction && !reaction->action.is(Action::silent);
    }

    // Of another name a dot at the end explains nothing.
    [[nodiscard]] bool is_asked_name_with_dot(const Placed& placed) const {
        const auto& reference = verification_.reference();
        return reference && equal_ignoring_ascii_case(placed.finding->found, "DNS:" + reference->text + ".");
    }

    [[nodiscard]] const Placed* find_name_finding(FindingId id) const {
        for (const Placed& placed : circumstances_.findings) {
            if (placed.finding->id != id || placed.role != verify::Role::leaf) continue;
            if (id == FindingId::name_trailing_dot ? is_asked_name_with_dot(placed) : is_about_names(placed)) return &placed;
        }
        return nullptr;
    }

    // What to cite when the client has only one reaction for all mismatches.
    [[nodiscard]] Placed most_telling() const {
        for (const FindingId id : kTelling) {
            if (const Placed* placed = find_name_finding(id)) return *placed;
        }
        return {&kMismatch, verify::Subject::name, verification_.leaf().value_or(0), 0, verify::Role::leaf};
    }

    void decide() {
        sort_minded();
        const Action told = minded_.empty() ? Action::silent : minded_.front().reaction->action.value;
        if (hangs_on_the_unknown(told))
            verdict_.outcome = Outcome::not_judged;
        else
            verdict_.outcome = told == Action::refuses ? Outcome::refuses : told == Action::warns ? Outcome::warns : Outcome::silent;
        if (verdict_.outcome == Outcome::not_judged) {
            verdict_.why = std::move(not_known_->why);
            verdict_.unknown = not_known_->about;
        } else if (stand_in_) {
            verdict_.why = "its own list of roots is not known; this machine's stands in";
        }
        for (const Minded& minded : minded_) verdict_.findings.push_back(minded.placed);
    }

    // What is refused for one reason stays refused whatever is not known besides; and who stops at the first problem never meets what is
    // not known behind it.
    [[nodiscard]] bool hangs_on_the_unknown(Action told) const {
        if (!not_known_) return false;
        if (!profile_.report.show.is(Show::first) || minded_.empty()) return told != Action::refuses;
        const std::size_t first = minded_.front().order;
        return told == Action::refuses ? not_known_->order < first : not_known_->order <= first;
    }

    // A client that tells one problem stops at it: what would have been refused later is never met. One that tells all does the worst.
    void sort_minded() {
        const bool stops_at_first = profile_.report.show.is(Show::first);
        std::stable_sort(minded_.begin(), minded_.end(), [stops_at_first](const Minded& a, const Minded& b) {
            if (stops_at_first && a.order != b.order) return a.order < b.order;
            if (a.reaction->action.value != b.reaction->action.value) return a.reaction->action.value > b.reaction->action.value;
            return a.order < b.order;
        });
        if (minded_.size() < 2) return;
        use(profile_.report.show.confidence);
        if (stops_at_first) use(profile_.report.order.confidence);
    }

    // Dialog, code and "Yes" of what the client tells.
    void tell() {
        if (minded_.empty() || verdict_.outcome == Outcome::not_judged) return;
        const Action worst = minded_.front().reaction->action.value;
        std::size_t told = 1;
        if (profile_.report.show.is(Show::all)) {
            while (told < minded_.size() && minded_[told].reaction->action.value == worst) ++told;
        }
        verdict_.told = told;
        const std::span<const Minded> shown(minded_.data(), told);
        for (const Minded& minded : shown) {
            const std::string_view code = minded.reaction->code;
            auto& codes = verdict_.codes;
            if (!code.empty() && std::find(codes.begin(), codes.end(), code) == codes.end()) codes.push_back(code);
        }
        const Dialog* dialog = shown.front().reaction->dialog;
        if (!dialog) return;
        AskedDialog asked{dialog, {}, {}};
        for (const Minded& minded : shown) {
            const Text* line = minded.reaction->dialog == dialog ? minded.reaction->line : nullptr;
            if (line && std::find(asked.lines.begin(), asked.lines.end(), line) == asked.lines.end()) asked.lines.push_back(line);
        }
        asked.values = values(shown.front().placed);
        verdict_.dialog = std::move(asked);
        const std::optional<AcceptingWay> way = accepting_way(*dialog);
        if (verdict_.outcome != Outcome::warns || !way) return;
        verdict_.yes = Yes{way->lasts, way->button->bound_to, way->button->covers, way->choice, way->otherwise};
        if (!way->lasts.known) return;
        use(way->lasts.confidence);
        verdict_.asks_again = way->lasts.value != Lasts::forever;
    }

    [[nodiscard]] std::vector<std::pair<std::string_view, std::string>> values(const Placed& told) const {
        std::vector<std::pair<std::string_view, std::string>> values;
        values.emplace_back("HOST", printable(context_.host));
        if (context_.port != 0) values.emplace_back("PORT", std::to_string(context_.port));
        values.emplace_back("ACCOUNT", "your account");  // its name is known to the user alone
        values.emplace_back("PROGRAM", std::string(profile_.name));
        const std::optional<verify::NodeIndex> leaf = verification_.leaf();
        if (!leaf) return values;
        const x509::Certificate& certificate = *verification_.node(*leaf).certificate;
        values.emplace_back("SUBJECT", common_name_of(certificate.subject));
        values.emplace_back("ISSUER", common_name_of(certificate.issuer));
        const x509::Certificate* about = verification_.node(told.node).certificate;
        if (!about) return values;
        const FindingId id = told.finding->id;
        const bool begins = id == FindingId::validity_not_yet || id == FindingId::validity_issuer_not_yet;
        values.emplace_back("DATE", format_date((begins ? about->validity.not_before : about->validity.not_after).time));
        return values;
    }

    const Profile& profile_;
    verify::Verification& verification_;
    const Context& context_;
    ClientEyes eyes_;
    Circumstances circumstances_;
    std::optional<RootOpinion> root_;  // of the end of the path
    std::vector<Minded> minded_;
    std::optional<NotKnown> not_known_;
    bool stand_in_ = false;
    Confidence confidence_ = Confidence::observed;
    Verdict verdict_;
};

}  // namespace

Judge::Judge(verify::Verification& verification, const Context& context) : verification_(verification), context_(context) {
    if (verification.leaf() && verification.reference()) names_.emplace(verification.names(), *verification.reference());
}

Verdict Judge::judge(const Profile& profile) {
    Verdict verdict = judge_chain(profile);
    if (verdict.outcome == Outcome::not_judged && verdict.anchor == When::AnchorIs::added && !profile.trust.takes_added.known) {
        if (std::optional<Verdict> same = judge_either_way(profile)) verdict = std::move(*same);
    }
    if (context_.tls.empty()) return verdict;  // nobody asked a server
    verdict.reaches = reaches_with_this_key(profile.tls);
    const bool key_is_told = std::any_of(verdict.findings.begin(), verdict.findings.end(),
                                         [](const Placed& placed) { return tells_kind_of_key(placed.finding->id); });
    if (!key_is_told) verdict.barrier = barrier(profile.tls, context_.tls);
    return verdict;
}

Verdict Judge::judge_chain(const Profile& profile) {
    return Judgement(profile, verification_, context_).take(names_ ? &*names_ : nullptr);
}

// What the client says when it uses roots that were added stands, since it is wrong with the certificate either way; that the root may be
// a second trouble is not known.
std::optional<Verdict> Judge::judge_either_way(const Profile& profile) {
    const auto judge_with = [&](bool takes_added) {
        Profile supposed = profile;
        supposed.trust.takes_added = {takes_added, true, Confidence::inferred, {}};
        Verdict verdict = judge_chain(supposed);
        verdict.profile = &profile;
        return verdict;
    };
    Verdict verdict = judge_with(true);
    // Silent with the root means not silent without it.
    if (verdict.outcome == Outcome::not_judged || verdict.outcome == Outcome::silent) return std::nullopt;
    const Verdict other = judge_with(false);
    if (other.outcome != verdict.outcome) return std::nullopt;
    if (other.codes != verdict.codes) verdict.codes.clear();
    if (verdict.dialog &&
        (!other.dialog || other.dialog->dialog != verdict.dialog->dialog || other.dialog->lines != verdict.dialog->lines)) {
        verdict.dialog.reset();
        verdict.yes.reset();
        verdict.asks_again.reset();
    }
    verdict.confidence = Confidence::inferred;
    verdict.why = "the same whether or not it uses roots that were added, which is not known";
    return verdict;
}

// Beside an RSA key there may be an ECDSA one and the other way round, so of these only the server's answers tell. A key of another kind is
// all that such a client will be shown.
Reaches Judge::reaches_with_this_key(const TlsRule& rule) const {
    const Reaches asked = reaches(rule, context_.tls);
    const std::optional<verify::NodeIndex> leaf = verification_.leaf();
    const auto key = leaf ? server_key_of(verification_.node(*leaf).certificate->subject_public_key_info) : std::nullopt;
    if (!key || !finding_of(*key)) return asked;
    const Fact<bool> usable = can_use(rule, *key);
    if (usable.is(false)) return Reaches::no;
    return asked == Reaches::yes && !usable.known ? Reaches::not_judged : asked;
}

}  // namespace truename::clients
