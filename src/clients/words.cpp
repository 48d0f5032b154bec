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
};
constexpr Word<verify::NamesEqual> kNamesEqual[] = {
    {"bytes", verify::NamesEqual::bytes},
    {"string-type", verify::NamesEqual::string_type},
    {"folded", verify::NamesEqual::folded},
};
constexpr Word<verify::KeyIdentifierUse> kKeyIdentifierUse[] = {
    {"must-fit", verify::KeyIdentifierUse::must_fit},
    {"must-fit-and-serial", verify::KeyIdentifierUse::must_fit_and_serial},
    {"hint", verify::KeyIdentifierUse::hint},
    {"ignored", verify::KeyIdentifierUse::ignored},
};
constexpr Word<verify::Judges> kJudges[] = {
    {"path", verify::Judges::path},
    {"all-sent", verify::Judges::all_sent},
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
};
constexpr Word<x509::WildcardPosition> kWildcardPosition[] = {
    {"none", x509::WildcardPosition::none},
    {"whole-left-label", x509::WildcardPosition::whole_left_label},
    {"left-label-start", x509::WildcardPosition::left_label_start},
    {"left-label-end", x509::WildcardPosition::left_label_end},
    {"left-label-start-or-end", x509::WildcardPosition::left_label_start_or_end},
    {"left-label-anywhere", x509::WildcardPosition::left_label_anywhere},
    {"any-label", x509::WildcardPosition::any_label},
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
