#pragma once

#include <cstdint>

#include "clients/profile.h"
#include "clients/words.h"

namespace truename::clients {

// How the value of a rule stands in a file.
template <class E>
struct AsWord {};  ///< one word of E
template <class E>
struct AsBits {};  ///< a list of words of E, kept as bits
struct AsYesNo {   ///< one of two words
    YesNoWords words;
};
struct AsNumber {  ///< a small number
    std::uint8_t most;
};
struct AsStore {};
struct AsOrder {};

/// Calls `visit(table, key, fact, form)` for every rule of a profile, in the order of docs/profile-format.md. Reading, checking, printing
/// and compiling all go through it, so that a new rule is one line here.
template <class ProfileOrConst, class Visitor>
void for_each_rule(ProfileOrConst& p, Visitor&& visit) {
    visit("trust", "store", p.trust.store, AsStore{});
    visit("trust", "anchor", p.trust.anchor, AsWord<AnchorKind>{});
    visit("trust", "takes_added", p.trust.takes_added, AsYesNo{kYesNo});
    visit("trust", "checked", p.trust.checked, AsYesNo{kYesNo});
    visit("trust", "settings", p.trust.settings, AsYesNo{kSettings});
    visit("path", "uses", p.path.uses, AsBits<Uses>{});
    visit("path", "search", p.path.search, AsWord<verify::PathSearch>{});
    visit("path", "names_equal", p.path.names_equal, AsWord<verify::NamesEqual>{});
    visit("path", "key_identifier", p.path.key_identifier, AsWord<verify::KeyIdentifierUse>{});
    visit("path", "judges", p.path.judges, AsWord<verify::Judges>{});
    visit("path", "reports", p.path.reports, AsWord<verify::Reports>{});
    visit("names", "compares", p.names.compares, AsWord<Compares>{});
    visit("names", "common_name", p.names.common_name, AsWord<CommonName>{});
    visit("names", "which_common_name", p.names.which_common_name, AsWord<WhichCommonName>{});
    visit("names", "service_names", p.names.service_names, AsYesNo{kServiceNames});
    visit("names", "address", p.names.address, AsWord<AddressRule>{});
    visit("names", "wildcard", p.names.wildcard, AsWord<x509::WildcardPosition>{});
    visit("names", "wildcard_labels", p.names.wildcard_labels, AsNumber{8});
    visit("names", "wildcard_depth", p.names.wildcard_any_depth, AsYesNo{kAnyDepth});
    visit("names", "wildcard_empty", p.names.wildcard_empty, AsWord<x509::EmptyStar>{});
    visit("names", "wildcard_covers", p.names.wildcard_covers, AsWord<x509::StarCovers>{});
    visit("names", "wildcard_over_a_label", p.names.wildcard_over_a_label, AsWord<x509::StarOverALabel>{});
    visit("names", "wildcard_in_a_label", p.names.wildcard_in_a_label, AsYesNo{kYesNo});
    visit("names", "wildcard_before_a_label", p.names.wildcard_before_a_label, AsYesNo{kYesNo});
    visit("names", "wildcard_below_registrable", p.names.wildcard_below_registrable, AsYesNo{kYesNo});
    visit("names", "reference_dot", p.names.reference_dot, AsWord<x509::DotsCut>{});
    visit("names", "presented_dot", p.names.presented_dot, AsWord<x509::DotsCut>{});
    visit("names", "leading_dot", p.names.leading_dot_is_below, AsYesNo{kLeadingDot});
    visit("names", "empty_labels", p.names.empty_labels, AsWord<x509::EmptyLabels>{});
    visit("names", "underscore", p.names.underscore, AsWord<x509::Underscore>{});
    visit("names", "hyphen_ends_label", p.names.hyphen_may_end_label, AsYesNo{kYesNo});
    visit("names", "syntax", p.names.syntax, AsWord<x509::NameSyntax>{});
    visit("names", "reference_syntax", p.names.reference_syntax, AsWord<x509::NameSyntax>{});
    visit("names", "u_labels", p.names.u_labels, AsWord<ULabels>{});
    visit("names", "address_text", p.names.address_text, AsWord<x509::IpAddressText>{});
    visit("names", "mapped_address", p.names.mapped_address_is_same, AsYesNo{kMapped});
    visit("names", "odd_address", p.names.odd_address, AsWord<OddAddress>{});
    visit("names", "malformed", p.names.malformed, AsWord<Malformed>{});
    visit("tls", "min", p.tls.min, AsWord<TlsVersion>{});
    visit("tls", "max", p.tls.max, AsWord<TlsVersion>{});
    visit("tls", "keys", p.tls.keys, AsBits<ServerKey>{});
    visit("tls", "keys_refused", p.tls.keys_refused, AsBits<ServerKey>{});
    visit("tls", "sni", p.tls.sni, AsYesNo{kYesNo});
    visit("tls", "needs_old_ciphers", p.tls.needs_old_ciphers, AsYesNo{kYesNo});
    visit("revocation", "looks_at", p.revocation.looks_at, AsBits<verify::StatusSource>{});
    visit("revocation", "without_answer", p.revocation.without_answer, AsWord<WithoutAnswer>{});
    visit("report", "order", p.report.order, AsOrder{});
    visit("report", "show", p.report.show, AsWord<Show>{});
}

}  // namespace truename::clients
