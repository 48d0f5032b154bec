#include "clients/client_eyes.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace truename::clients {

namespace {

bool has(std::uint8_t bits, Uses use) {
    return (bits & static_cast<unsigned>(use)) != 0;
}

verify::Habit habit_of(const PathRule& rule) {
    const verify::Habit usual;
    verify::Habit habit;
    habit.search = rule.search.value_or(usual.search);
    habit.names_equal = rule.names_equal.value_or(usual.names_equal);
    habit.key_identifier = rule.key_identifier.value_or(usual.key_identifier);
    habit.judges = rule.judges.value_or(usual.judges);
    habit.reports = rule.reports.value_or(usual.reports);
    const std::uint8_t uses = rule.uses.value_or(static_cast<std::uint8_t>(Uses::server));
    habit.uses_presented = has(uses, Uses::server);
    habit.uses_given = has(uses, Uses::store);
    habit.uses_fetched = has(uses, Uses::aia);
    return habit;
}

// The number after the last hyphen in its parts; -1 where there is none.
std::vector<int> numbers_of(std::string_view platform) {
    std::vector<int> numbers;
    for (const std::string_view part : split(platform.substr(std::min(platform.size(), platform.rfind('-') + 1)), '.')) {
        int number = -1;
        std::from_chars(part.data(), part.data() + part.size(), number);
        numbers.push_back(number);
    }
    return numbers;
}

verify::Trust trust_of(verify::Membership membership) {
    switch (membership) {
        case verify::Membership::no:
            return verify::Trust::no;
        case verify::Membership::unknown:
            return verify::Trust::unknown;
        case verify::Membership::yes:
            return verify::Trust::yes;
        case verify::Membership::blocked:
            return verify::Trust::distrusted;
    }
    return verify::Trust::unknown;
}

}  // namespace

bool is_about_names(const verify::Placed& placed) {
    return placed.subject == verify::Subject::name || placed.finding->id == FindingId::name_malformed;
}

bool is_platform_from(std::string_view platform, std::string_view from) {
    const std::size_t hyphen = from.rfind('-');
    if (platform == from) return true;
    if (hyphen == std::string_view::npos || platform.rfind('-') != hyphen || platform.substr(0, hyphen) != from.substr(0, hyphen))
        return false;
    return numbers_of(platform) >= numbers_of(from);
}

RootOpinion ClientEyes::shipped(const verify::Anchor& anchor) const {
    RootOpinion opinion;
    const auto in_bundle = [&] { return anchor.system ? verify::Trust::yes : verify::Trust::no; };
    if (roots_ == Roots::none) return opinion;
    if (roots_ == Roots::system) {
        opinion.trust = in_bundle();
    } else if (const Fact<StoreRule>& store = profile_.trust.store; !store.known) {
        opinion.trust = in_bundle();
        opinion.stand_in = true;
        opinion.confidence = Confidence::inferred;
    } else {
        opinion.confidence = store.confidence;
        if (store.value.kind == StoreKind::system) opinion.trust = in_bundle();
        if (store.value.kind == StoreKind::vendor)
            opinion.trust = trust_of(verify::TrustStores::membership(anchor, store.value.store, verification_.at()));
    }
    if (opinion.trust != verify::Trust::no) opinion.from = When::AnchorIs::shipped;
    return opinion;
}

x509::ExplicitTrust ClientEyes::said_of(verify::NodeIndex node) const {
    const verify::Anchor* anchor = verification_.node(node).anchor;
    return anchor && anchor->added && profile_.trust.settings.is(true) ? anchor->said : x509::ExplicitTrust::none;
}

bool ClientEyes::is_overruled(const verify::Placed& placed) const {
    const FindingId id = placed.finding->id;
    const bool is_about_purpose =
        id == FindingId::usage_not_server || id == FindingId::usage_issuer_not_server || id == FindingId::usage_any;
    return is_about_purpose && said_of(placed.node) == x509::ExplicitTrust::trusted;
}

bool ClientEyes::may_end_in(verify::NodeIndex node) const {
    if (said_of(node) == x509::ExplicitTrust::trusted) return true;
    const Fact<AnchorKind>& kind = profile_.trust.anchor;
    if (!kind.known || kind.value == AnchorKind::any || verification_.is_self_signed(node)) return true;
    if (kind.value == AnchorKind::self_signed) return false;
    const auto& constraints = verification_.node(node).certificate->known.basic_constraints;
    return constraints && constraints->ca;
}

RootOpinion ClientEyes::root(verify::NodeIndex node) const {
    const verify::Anchor* anchor = verification_.node(node).anchor;
    if (!anchor || (said_of(node) != x509::ExplicitTrust::rejected && !may_end_in(node)))
        return {verify::Trust::no, When::AnchorIs::none, false,
                profile_.trust.store.known ? profile_.trust.store.confidence : Confidence::inferred};
    if (said_of(node) == x509::ExplicitTrust::rejected)
        return {verify::Trust::distrusted, When::AnchorIs::added, false, profile_.trust.settings.confidence};
    const RootOpinion opinion = shipped(*anchor);
    if (!anchor->added || opinion.trust == verify::Trust::yes || opinion.trust == verify::Trust::distrusted) return opinion;
    const Fact<bool>& takes_added = profile_.trust.takes_added;
    if (takes_added.is(true)) return {verify::Trust::yes, When::AnchorIs::added, false, takes_added.confidence};
    if (!takes_added.known) return {verify::Trust::unknown, When::AnchorIs::added, false, Confidence::inferred};
    return opinion;
}

verify::FoundPath ClientEyes::find_path() {
    return verification_.find_path(habit_of(profile_.path), *this);
}

Confidence ClientEyes::confidence_of(const verify::FoundPath& found) const {
    const PathRule& rule = profile_.path;
    Confidence weakest = Confidence::observed;
    const auto use = [&](verify::HabitPart part, const auto& fact) {
        if ((found.hangs_on & static_cast<unsigned>(part)) == 0) return;
        weakest = weaker(weakest, fact.known ? fact.confidence : Confidence::inferred);
    };
    use(verify::HabitPart::search, rule.search);
    use(verify::HabitPart::names_equal, rule.names_equal);
    use(verify::HabitPart::key_identifier, rule.key_identifier);
    use(verify::HabitPart::uses, rule.uses);
    return weakest;
}

bool ClientEyes::accepts(verify::PathIndex path) {
    const std::span<const verify::Placed> findings = verification_.findings(path, verify::PathEnd::anchor);
    const std::vector<verify::NodeIndex>& nodes = verification_.path(path).nodes;
    Circumstances circumstances{.anchor = root(nodes.back()).from, .leaf_is_root = nodes.size() == 1, .findings = {}, .present = {}};
    circumstances.set_findings(findings);
    return std::none_of(findings.begin(), findings.end(), [&](const verify::Placed& placed) {
        const bool counts = !is_about_names(placed) && !is_overruled(placed) && placed.subject != verify::Subject::chain;
        if (!counts || profile_.looks_past(placed.finding->id)) return false;
        const Reaction* reaction = reaction_to(placed, circumstances);
        return reaction && reaction->action.known && reaction->action.value != Action::silent;
    });
}

const Reaction* ClientEyes::reaction_to(const verify::Placed& placed, const Circumstances& circumstances) const {
    return reaction_to(placed.finding->id, placed, circumstances);
}

const Reaction* ClientEyes::reaction_to(FindingId id, const verify::Placed& placed, const Circumstances& circumstances) const {
    for (const Reaction& reaction : profile_.reactions_to(id)) {
        if (holds(reaction.when, placed, circumstances)) return &reaction;
    }
    return nullptr;
}

bool ClientEyes::holds(const When& when, const verify::Placed& placed, const Circumstances& circumstances) const {
    if (when.role && *when.role != placed.role) return false;
    if (when.anchor != When::AnchorIs::any && when.anchor != circumstances.anchor) return false;
    if (when.leaf_is_root && !circumstances.leaf_is_root) return false;
    if (when.issued_from || when.issued_until) {
        const bool of_certificate = placed.subject == verify::Subject::certificate || placed.subject == verify::Subject::edge;
        const auto node = of_certificate ? std::optional(placed.node) : verification_.leaf();
        if (!node || !verification_.node(*node).certificate) return false;
        const Time issued = verification_.node(*node).certificate->validity.not_before.time;
        if (when.issued_from && issued < *when.issued_from) return false;
        if (when.issued_until && issued >= *when.issued_until) return false;
    }
    if (!when.fields.empty() && std::find(when.fields.begin(), when.fields.end(), placed.finding->field) == when.fields.end()) return false;
    if (!when.platform_from.empty() && !is_platform_from(profile_.platform, when.platform_from)) return false;
    return std::none_of(when.unless.begin(), when.unless.end(),
                        [&](FindingId other) { return circumstances.present.test(static_cast<std::size_t>(other)); });
}

}  // namespace truename::clients
