#include "clients/words.h"

namespace truename::clients {

namespace {

constexpr Word<Confidence> kConfidence[] = {
    {"observed", Confidence::observed}, {"source", Confidence::source},     {"documented", Confidence::documented},
    {"reported", Confidence::reported}, {"inferred", Confidence::inferred},
};
constexpr Word<Action> kAction[] = {
    {"silent", Action::silent},
    {"warns", Action::warns},
    {"refuses", Action::refuses},
};
constexpr Word<Uses> kUses[] = {
    {"server", Uses::server},
    {"store", Uses::store},
    {"aia", Uses::aia},
};
constexpr Word<verify::PathSearch> kPathSearch[] = {
    {"any-good-path", verify::PathSearch::any_good_path},
    {"trusted-first", verify::PathSearch::trusted_first},
    {"as-sent", verify::PathSearch::as_sent},
    {"best", verify::PathSearch::best},
    {"fittest-first", verify::PathSearch::fittest_first},
    {"sent-chain", verify::PathSearch::sent_chain},
};
constexpr Word<verify::NamesEqual> kNamesEqual[] = {
    {"bytes", verify::NamesEqual::bytes},
    {"string-type", verify::NamesEqual::string_type},
    {"ascii-folded", verify::NamesEqual::ascii_folded},
    {"folded", verify::NamesEqual::folded},
};
constexpr Word<verify::KeyIdentifierUse> kKeyIdentifierUse[] = {
    {"must-fit", verify::KeyIdentifierUse::must_fit},
    {"must-fit-and-serial", verify::KeyIdentifierUse::must_fit_and_serial},
    {"must-fit-at-anchor", verify::KeyIdentifierUse::must_fit_at_anchor},
    {"hint", verify::KeyIdentifierUse::hint},
    {"ignored", verify::KeyIdentifierUse::ignored},
};
constexpr Word<verify::Judges> kJudges[] = {
    {"path", verify::Judges::path},
    {"all-sent", verify::Judges::all_sent},
};
constexpr Word<verify::StatusSource> kStatusSource[] = {
    {"staple", verify::StatusSource::staple},
    {"ocsp", verify::StatusSource::ocsp},
    {"crl", verify::StatusSource::crl},
};
constexpr Word<WithoutAnswer> kWithoutAnswer[] = {
    {"goes-on", WithoutAnswer::goes_on},
    {"refuses", WithoutAnswer::refuses},
};
constexpr Word<verify::Reports> kReports[] = {
    {"afterwards", verify::Reports::afterwards},
    {"while-searching", verify::Reports::while_searching},
};
constexpr Word<verify::Role> kRole[] = {
    {"leaf", verify::Role::leaf},
    {"issuer", verify::Role::issuer},
    {"anchor", verify::Role::anchor},
};
constexpr Word<Compares> kCompares[] = {
    {"nothing", Compares::nothing},
    {"first-dns", Compares::first_dns},
    {"any-dns", Compares::any_dns},
};
constexpr Word<CommonName> kCommonName[] = {
    {"never", CommonName::never},
    {"without-san", CommonName::without_san},
    {"without-dns", CommonName::without_dns},
    {"without-dns-or-address", CommonName::without_dns_or_address},
    {"without-dns-address-or-service", CommonName::without_dns_address_or_service},
    {"always", CommonName::always},
};
constexpr Word<WhichCommonName> kWhichCommonName[] = {
    {"any", WhichCommonName::any},
    {"first", WhichCommonName::first},
    {"last", WhichCommonName::last},
    {"only", WhichCommonName::only},
};
constexpr Word<AddressRule> kAddressRule[] = {
    {"none", AddressRule::none},
    {"ip-address", AddressRule::ip_address},
    {"ip-address-or-dns-text", AddressRule::ip_address_or_dns_text},
    {"dns-text", AddressRule::dns_text},
    {"ip-address-or-common-name", AddressRule::ip_address_or_common_name},
};
constexpr Word<x509::WildcardPosition> kWildcardPosition[] = {
    {"none", x509::WildcardPosition::none},
    {"whole-left-label", x509::WildcardPosition::whole_left_label},
    {"left-label-start", x509::WildcardPosition::left_label_start},
    {"left-label-end", x509::WildcardPosition::left_label_end},
    {"left-label-start-or-end", x509::WildcardPosition::left_label_start_or_end},
    {"left-label-anywhere", x509::WildcardPosition::left_label_anywhere},
    {"any-label", x509::WildcardPosition::any_label},
    {"any-labels", x509::WildcardPosition::any_labels},
};
constexpr Word<AnchorKind> kAnchorKind[] = {
    {"any", AnchorKind::any},
    {"authority", AnchorKind::authority},
    {"self-signed", AnchorKind::self_signed},
};
constexpr Word<x509::EmptyStar> kEmptyStar[] = {
    {"no", x509::EmptyStar::no},
    {"yes", x509::EmptyStar::part_of_label},
    {"whole-label-too", x509::EmptyStar::yes},
};
constexpr Word<x509::StarCovers> kStarCovers[] = {
    {"anything", x509::StarCovers::anything},
    {"host-characters", x509::StarCovers::host_characters},
    {"letters-digits-hyphens", x509::StarCovers::letters_digits_hyphens},
};
constexpr Word<x509::StarOverALabel> kStarOverALabel[] = {
    {"no", x509::StarOverALabel::no},
    {"whole-label", x509::StarOverALabel::whole_label},
    {"yes", x509::StarOverALabel::yes},
};
constexpr Word<x509::DotsCut> kDotsCut[] = {
    {"kept", x509::DotsCut::none},
    {"stripped", x509::DotsCut::one},
    {"stripped-twice", x509::DotsCut::two},
    {"all-stripped", x509::DotsCut::all},
};
constexpr Word<x509::EmptyLabels> kEmptyLabels[] = {
    {"no-wildcard", x509::EmptyLabels::no_wildcard},
    {"allowed", x509::EmptyLabels::allowed},
    {"no-match", x509::EmptyLabels::no_match},
};
constexpr Word<x509::Underscore> kUnderscore[] = {
    {"allowed", x509::Underscore::allowed},
    {"no-wildcard", x509::Underscore::no_wildcard},
    {"no-match", x509::Underscore::no_match},
};
constexpr Word<x509::NameSyntax> kNameSyntax[] = {
    {"as-is", x509::NameSyntax::as_is},
    {"printable", x509::NameSyntax::printable},
    {"host-characters", x509::NameSyntax::host_characters},
    {"checked", x509::NameSyntax::checked},
    {"exact", x509::NameSyntax::exact},
};
constexpr Word<ULabels> kULabels[] = {
    {"as-typed", ULabels::as_typed},
    {"a-labels", ULabels::a_labels},
    {"u-labels", ULabels::u_labels},
};
constexpr Word<x509::IpAddressText> kIpAddressText[] = {
    {"usual", x509::IpAddressText::usual},
    {"bracketed", x509::IpAddressText::bracketed},
    {"decimal-parts", x509::IpAddressText::decimal_parts},
    {"inet-aton", x509::IpAddressText::inet_aton},
};
constexpr Word<OddAddress> kOddAddress[] = {
    {"skip", OddAddress::skip},
    {"hides-list", OddAddress::hides_list},
};
constexpr Word<Malformed> kMalformed[] = {
    {"skip", Malformed::skip},
    {"fail", Malformed::fail},
    {"fail-under-shipped", Malformed::fail_under_shipped},
};
constexpr Word<TlsVersion> kTlsVersion[] = {
    {"ssl3", TlsVersion::ssl3},  {"1.0", TlsVersion::tls1_0}, {"1.1", TlsVersion::tls1_1},
    {"1.2", TlsVersion::tls1_2}, {"1.3", TlsVersion::tls1_3},
};
constexpr Word<ServerKey> kServerKey[] = {
    {"rsa", ServerKey::rsa}, {"ecdsa", ServerKey::ecdsa},     {"ed25519", ServerKey::ed25519},         {"ed448", ServerKey::ed448},
    {"dsa", ServerKey::dsa}, {"rsa-pss", ServerKey::rsa_pss}, {"other-curve", ServerKey::other_curve},
};
constexpr Word<Show> kShow[] = {
    {"first", Show::first},
    {"all", Show::all},
};
constexpr Word<When::AnchorIs> kAnchorIs[] = {
    {"any", When::AnchorIs::any},
    {"shipped", When::AnchorIs::shipped},
    {"added", When::AnchorIs::added},
    {"none", When::AnchorIs::none},
};
constexpr Word<Lasts> kLasts[] = {
    {"connection", Lasts::connection},
    {"30-minutes", Lasts::minutes_30},
    {"session", Lasts::session},
    {"forever", Lasts::forever},
};
constexpr Word<BoundTo> kBoundTo[] = {
    {"host", BoundTo::host},
    {"port", BoundTo::port},
    {"certificate", BoundTo::certificate},
    {"key", BoundTo::key},
    {"error-kinds", BoundTo::error_kinds},
};
constexpr Word<Covers> kCovers[] = {
    {"shown", Covers::shown},
    {"all", Covers::all},
};
constexpr Word<Does> kDoes[] = {
    {"accepts", Does::accepts},
    {"refuses", Does::refuses},
    {"shows", Does::shows},
    {"goes", Does::goes},
};
constexpr Word<Looks> kLooks[] = {
    {"window", Looks::window},
    {"notification", Looks::notification},
    {"page", Looks::page},
    {"log", Looks::log},
};

constexpr Word<Outcome> kOutcome[] = {
    {"silent", Outcome::silent},
    {"warns", Outcome::warns},
    {"refuses", Outcome::refuses},
    {"not-judged", Outcome::not_judged},
};
constexpr Word<Reaches> kReaches[] = {
    {"yes", Reaches::yes},
    {"no", Reaches::no},
    {"not-asked", Reaches::not_asked},
    {"not-judged", Reaches::not_judged},
};
constexpr Word<Verifies> kVerifies[] = {
    {"all", Verifies::all},
    {"no-name", Verifies::no_name},
    {"nothing", Verifies::nothing},
};

}  // namespace

template <>
std::span<const Word<Outcome>> words() {
    return kOutcome;
}
template <>
std::span<const Word<Reaches>> words() {
    return kReaches;
}
template <>
std::span<const Word<Verifies>> words() {
    return kVerifies;
}
template <>
std::span<const Word<Confidence>> words() {
    return kConfidence;
}
template <>
std::span<const Word<Action>> words() {
    return kAction;
}
template <>
std::span<const Word<Uses>> words() {
    return kUses;
}
template <>
std::span<const Word<verify::PathSearch>> words() {
    return kPathSearch;
}
template <>
std::span<const Word<verify::NamesEqual>> words() {
    return kNamesEqual;
}
template <>
std::span<const Word<verify::KeyIdentifierUse>> words() {
    return kKeyIdentifierUse;
}
template <>
std::span<const Word<verify::Judges>> words() {
    return kJudges;
}
template <>
std::span<const Word<verify::StatusSource>> words() {
    return kStatusSource;
}
template <>
std::span<const Word<WithoutAnswer>> words() {
    return kWithoutAnswer;
}
template <>
std::span<const Word<verify::Reports>> words() {
    return kReports;
}
template <>
std::span<const Word<verify::Role>> words() {
    return kRole;
}
template <>
std::span<const Word<Compares>> words() {
    return kCompares;
}
template <>
std::span<const Word<CommonName>> words() {
    return kCommonName;
}
template <>
std::span<const Word<WhichCommonName>> words() {
    return kWhichCommonName;
}
template <>
std::span<const Word<AddressRule>> words() {
    return kAddressRule;
}
template <>
std::span<const Word<x509::WildcardPosition>> words() {
    return kWildcardPosition;
}
template <>
std::span<const Word<AnchorKind>> words() {
    return kAnchorKind;
}
template <>
std::span<const Word<x509::EmptyStar>> words() {
    return kEmptyStar;
}
template <>
std::span<const Word<x509::StarCovers>> words() {
    return kStarCovers;
}
template <>
std::span<const Word<x509::StarOverALabel>> words() {
    return kStarOverALabel;
}
template <>
std::span<const Word<x509::DotsCut>> words() {
    return kDotsCut;
}
template <>
std::span<const Word<x509::EmptyLabels>> words() {
    return kEmptyLabels;
}
template <>
std::span<const Word<x509::Underscore>> words() {
    return kUnderscore;
}
template <>
std::span<const Word<x509::NameSyntax>> words() {
    return kNameSyntax;
}
template <>
std::span<const Word<ULabels>> words() {
    return kULabels;
}
template <>
std::span<const Word<x509::IpAddressText>> words() {
    return kIpAddressText;
}
template <>
std::span<const Word<OddAddress>> words() {
    return kOddAddress;
}
template <>
std::span<const Word<Malformed>> words() {
    return kMalformed;
}
template <>
std::span<const Word<TlsVersion>> words() {
    return kTlsVersion;
}
template <>
std::span<const Word<ServerKey>> words() {
    return kServerKey;
}
template <>
std::span<const Word<Show>> words() {
    return kShow;
}
template <>
std::span<const Word<When::AnchorIs>> words() {
    return kAnchorIs;
}
template <>
std::span<const Word<Lasts>> words() {
    return kLasts;
}
template <>
std::span<const Word<BoundTo>> words() {
    return kBoundTo;
}
template <>
std::span<const Word<Covers>> words() {
    return kCovers;
}
template <>
std::span<const Word<Does>> words() {
    return kDoes;
}
template <>
std::span<const Word<Looks>> words() {
    return kLooks;
}

std::string_view name_of(Confidence value) {
    return word_for(value);
}
std::string_view name_of(Action value) {
    return word_for(value);
}
std::string_view name_of(Uses value) {
    return word_for(value);
}
std::string_view name_of(TlsVersion value) {
    return word_for(value);
}
std::string_view name_of(ServerKey value) {
    return word_for(value);
}
std::string_view name_of(Lasts value) {
    return word_for(value);
}
std::string_view name_of(BoundTo value) {
    return word_for(value);
}
std::string_view name_of(Covers value) {
    return word_for(value);
}
std::string_view name_of(Does value) {
    return word_for(value);
}
std::string_view name_of(Looks value) {
    return word_for(value);
}
std::string_view name_of(Outcome value) {
    return word_for(value);
}
std::string_view name_of(Reaches value) {
    return word_for(value);
}
std::string_view name_of(Verifies value) {
    return word_for(value);
}

}  // namespace truename::clients
