#include "clients/name_match.h"

#include <algorithm>

namespace truename::clients {

namespace {

template <class T>
T value_or(const Fact<T>& fact, T strictest, T most_lenient, bool lenient) {
    return fact.value_or(lenient ? most_lenient : strictest);
}

template <class T>
void add(Confidence& confidence, const Fact<T>& fact) {
    if (fact.known) confidence = weaker(confidence, fact.confidence);
}

}  // namespace

x509::DnsMatchRule dns_rule(const NameRule& rule, bool lenient) {
    x509::DnsMatchRule dns;
    dns.wildcard = value_or(rule.wildcard, x509::WildcardPosition::none, x509::WildcardPosition::any_label, lenient);
    // Nobody asks for more than two labels after the star, and some for none.
    dns.min_labels_after = value_or<std::uint8_t>(rule.wildcard_labels, 2, 0, lenient);
    dns.star_spans_labels = value_or(rule.wildcard_any_depth, false, true, lenient);
    dns.star_over_a_label = value_or(rule.wildcard_over_a_label, x509::StarOverALabel::no, x509::StarOverALabel::yes, lenient);
    dns.star_inside_a_label = value_or(rule.wildcard_in_a_label, false, true, lenient);
    dns.star_before_a_label = value_or(rule.wildcard_before_a_label, false, true, lenient);
    dns.empty_star = value_or(rule.wildcard_empty, x509::EmptyStar::no, x509::EmptyStar::part_of_label, lenient);
    dns.reference_dots = value_or(rule.reference_dot, x509::DotsCut::none, x509::DotsCut::one, lenient);
    dns.presented_dots = value_or(rule.presented_dot, x509::DotsCut::none, x509::DotsCut::one, lenient);
    dns.underscore = value_or(rule.underscore, x509::Underscore::no_match, x509::Underscore::allowed, lenient);
    dns.presented_syntax = value_or(rule.syntax, x509::NameSyntax::checked, x509::NameSyntax::as_is, lenient);
    // Of these nothing is said where a program does what all others do.
    dns.star_covers = rule.wildcard_covers.value_or(x509::StarCovers::anything);
    dns.star_below_registrable = rule.wildcard_below_registrable.value_or(false);
    dns.leading_dot_is_below = rule.leading_dot_is_below.value_or(false);
    dns.empty_labels = rule.empty_labels.value_or(x509::EmptyLabels::no_wildcard);
    dns.hyphen_may_end_label = rule.hyphen_may_end_label.value_or(false);
    dns.reference_syntax = rule.reference_syntax.value_or(x509::NameSyntax::as_is);
    return dns;
}

NameMatcher::NameMatcher(const verify::PresentedNames& presented, const verify::ReferenceName& reference)
    : presented_(presented), reference_(reference), has_reference_dot_(reference.text.ends_with('.')) {
    for (const verify::PresentedName& name : presented.names) {
        switch (name.kind) {
            case verify::PresentedKind::dns_name:
                ++dns_names_;
                has_star_ = has_star_ || name.traits.has_star;
                has_malformed_ = has_malformed_ || !name.traits.valid;
                has_presented_dot_ = has_presented_dot_ || name.traits.has_trailing_dot;
                break;
            case verify::PresentedKind::ip_address:
                ++addresses_;
                odd_addresses_ += name.address ? 0 : 1;
                break;
            case verify::PresentedKind::common_name:
                ++common_names_;
                break;
            case verify::PresentedKind::service_name:
                ++service_names_;
                break;
        }
    }
}

NameResult NameMatcher::match(const NameRule& rule, bool shipped) {
    const bool strict = matches(choose(rule, shipped, false));
    const bool lenient = matches(choose(rule, shipped, true));
    NameResult result;
    result.matched = strict != lenient ? Matched::unknown : strict ? Matched::yes : Matched::no;
    result.confidence = confidence(rule);
    return result;
}

NameMatcher::Choice NameMatcher::choose(const NameRule& rule, bool shipped, bool lenient) {
    Choice choice{};
    choice.compares = value_or(rule.compares, Compares::first_dns, Compares::nothing, lenient);
    choice.common_name = value_or(rule.common_name, CommonName::never, CommonName::always, lenient);
    choice.which = value_or(rule.which_common_name, WhichCommonName::only, WhichCommonName::any, lenient);
    choice.address = value_or(rule.address, AddressRule::none, AddressRule::ip_address_or_dns_text, lenient);
    choice.malformed = value_or(rule.malformed, Malformed::fail, Malformed::skip, lenient);
    if (choice.malformed == Malformed::fail_under_shipped) choice.malformed = shipped ? Malformed::fail : Malformed::skip;
    choice.dns = dns_rule(rule, lenient);
    choice.service_names = rule.service_names.value_or(false);
    choice.any_service = lenient && choice.service_names;
    choice.address_text = rule.address_text.value_or(x509::IpAddressText::usual);
    choice.mapped_is_same = rule.mapped_address_is_same.value_or(false);
    choice.odd_address = rule.odd_address.value_or(OddAddress::skip);
    choice.u_labels = rule.u_labels.value_or(ULabels::a_labels);
    choice.dns.compares_u_labels = choice.u_labels == ULabels::u_labels;
    return choice;
}

bool NameMatcher::matches(const Choice& choice) {
    for (const Known& known : known_) {
        if (known.choice == choice) return known.matches;
    }
    known_.push_back({choice, compute(choice)});
    return known_.back().matches;
}

bool NameMatcher::compute(const Choice& choice) const {
    if (choice.compares == Compares::nothing) return true;
    if (choice.malformed == Malformed::fail && has_malformed_) return false;
    // Who cuts twice does it once before asking whether it is an address.
    const bool twice = choice.dns.reference_dots == x509::DotsCut::two;
    const std::string_view bare = x509::cut_dots(reference_.typed, twice ? x509::DotsCut::one : choice.dns.reference_dots);
    const auto address = x509::parse_ip_address(bare, choice.address_text);
    return address ? matches_address(choice, *address) : matches_name(choice);
}

bool NameMatcher::hides_list(const Choice& choice) const {
    return choice.odd_address == OddAddress::hides_list && odd_addresses_ != 0;
}

bool NameMatcher::matches_address(const Choice& choice, const x509::IpAddress& wanted) const {
    const bool as_address = choice.address != AddressRule::none && choice.address != AddressRule::dns_text;
    const bool as_text = choice.address == AddressRule::dns_text || choice.address == AddressRule::ip_address_or_dns_text;
    for (const verify::PresentedName& name : presented_.names) {
        bool looked_at = as_text;
        if (name.kind == verify::PresentedKind::common_name)
            looked_at = (as_text && looks_at_common_name(choice) && counts(name, choice.which)) ||
                        (choice.address == AddressRule::ip_address_or_common_name && addresses_ == 0 && counts(name, choice.which));
        else if (hides_list(choice) || name.kind == verify::PresentedKind::service_name)
            looked_at = false;
        else if (name.kind == verify::PresentedKind::ip_address)
            looked_at = as_address;
        if (!looked_at) continue;
        const auto presented = name.address ? name.address : x509::parse_ip_address(name.text);
        if (!presented) continue;
        if (*presented == wanted || (choice.mapped_is_same && x509::unmapped(*presented) == x509::unmapped(wanted))) return true;
    }
    return false;
}

bool NameMatcher::matches_text(const verify::PresentedName& name, const Choice& choice) const {
    const std::string& wanted = choice.u_labels == ULabels::as_typed ? reference_.typed : reference_.text;
    const bool converts = choice.u_labels == ULabels::u_labels && name.kind == verify::PresentedKind::common_name && !name.traits.is_ascii;
    if (!converts) return x509::matches_dns_id(name.text, wanted, choice.dns);
    return x509::matches_dns_id(x509::to_a_labels(name.text).value_or(name.text), wanted, choice.dns);
}

bool NameMatcher::matches_name(const Choice& choice) const {
    const bool common_name = looks_at_common_name(choice);
    for (const verify::PresentedName& name : presented_.names) {
        bool looked_at = false;
        if (name.kind == verify::PresentedKind::dns_name)
            looked_at = (choice.compares == Compares::any_dns || name.order == 0) && !hides_list(choice);
        else if (name.kind == verify::PresentedKind::common_name)
            looked_at = common_name && counts(name, choice.which);
        if (looked_at && matches_text(name, choice)) return true;
    }
    return matches_services(choice);
}

// A program uses every service that showed this certificate, so it wants a name for each.
bool NameMatcher::matches_services(const Choice& choice) const {
    if (!choice.service_names || hides_list(choice)) return false;
    if (reference_.services.empty()) {
        return choice.any_service && std::any_of(presented_.names.begin(), presented_.names.end(), [&](const verify::PresentedName& name) {
                   return name.kind == verify::PresentedKind::service_name && matches_service(x509::service_of(name.text), choice);
               });
    }
    return std::all_of(reference_.services.begin(), reference_.services.end(),
                       [&](std::string_view service) { return matches_service(service, choice); });
}

bool NameMatcher::matches_service(std::string_view service, const Choice& choice) const {
    const std::string& wanted = choice.u_labels == ULabels::as_typed ? reference_.typed : reference_.text;
    return std::any_of(presented_.names.begin(), presented_.names.end(), [&](const verify::PresentedName& name) {
        return name.kind == verify::PresentedKind::service_name && x509::matches_srv_id(name.text, service, wanted, choice.dns);
    });
}

bool NameMatcher::looks_at_common_name(const Choice& choice) const {
    if (hides_list(choice)) return choice.common_name != CommonName::never;
    switch (choice.common_name) {
        case CommonName::never:
            return false;
        case CommonName::without_san:
            return !presented_.has_subject_alt_name;
        case CommonName::without_dns:
            return dns_names_ == 0;
        case CommonName::without_dns_or_address:
            return dns_names_ == 0 && addresses_ == 0;
        case CommonName::without_dns_address_or_service:
            return dns_names_ == 0 && addresses_ == 0 && !presented_.has_service_names;
        case CommonName::always:
            return true;
    }
    return false;
}

bool NameMatcher::counts(const verify::PresentedName& name, WhichCommonName which) const {
    switch (which) {
        case WhichCommonName::any:
            return true;
        case WhichCommonName::first:
            return name.order == 0;
        case WhichCommonName::last:
            return name.order + 1 == common_names_;
        case WhichCommonName::only:
            return common_names_ == 1;
    }
    return false;
}

Confidence NameMatcher::confidence(const NameRule& rule) const {
    Confidence weakest = Confidence::observed;
    add(weakest, rule.compares);
    if (rule.compares.is(Compares::nothing)) return weakest;
    if (reference_.address) add(weakest, rule.address);
    // A common name beside a list of names is no candidate unless a rule says so, and that rule is what is used then.
    if (dns_names_ == 0 || rule.common_name.is(CommonName::always)) add(weakest, rule.common_name);
    if (service_names_ != 0) add(weakest, rule.service_names);
    if (has_star_) add(weakest, rule.wildcard);
    if (has_malformed_) add(weakest, rule.malformed);
    if (has_presented_dot_) add(weakest, rule.presented_dot);
    if (has_reference_dot_) add(weakest, rule.reference_dot);
    return weakest;
}

}  // namespace truename::clients
