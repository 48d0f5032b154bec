#include "doctor/describe.h"

#include <algorithm>

#include "base/text.h"
#include "crypto/digest.h"
#include "net/address.h"
#include "x509/algorithm.h"
#include "x509/name.h"
#include "x509/print.h"

namespace truename::doctor {

namespace {

// Far beyond every name that is meant (RFC 5280 A.1 has its upper bounds): a report of a name of a megabyte helps nobody.
constexpr std::size_t kLongestName = 4'000;

// How many labels from the right two names share, then how few changes lie between them.
std::pair<std::size_t, std::size_t> likeness(std::string_view a, std::string_view b) {
    const std::vector<std::string_view> x = split(a, '.'), y = split(b, '.');
    std::size_t same = 0;
    while (same < x.size() && same < y.size() && equal_ignoring_ascii_case(x[x.size() - 1 - same], y[y.size() - 1 - same])) ++same;
    return {same, 64 - std::min<std::size_t>(edit_distance(ascii_lower(a), ascii_lower(b), 64), 64)};
}

std::string_view kind_of_key(const Certificate& certificate) {
    return std::string_view(certificate.key).substr(0, certificate.key.find(' '));
}

// An RSA certificate beside one with ECDSA is no renewal of it.
bool is_renewed_by(const Certificate& older, const Certificate& newer) {
    return kind_of_key(older) == kind_of_key(newer) && older.names == newer.names && older.issuer == newer.issuer && older.not_after &&
           newer.not_after && *older.not_after < *newer.not_after;
}

}  // namespace

void add_once(std::vector<std::string>& list, const std::string& item) {
    if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

std::vector<std::string> names_of(const x509::KnownExtensions& extensions) {
    std::vector<std::string> names = x509::subject_alt_names(extensions);
    for (std::string& name : names) {
        if (name.starts_with("DNS:")) name.erase(0, 4);
        clip(name, kLongestName);
    }
    return names;
}

Certificate describe(Bytes der) {
    Certificate made;
    made.sha256 = to_hex(crypto::sha256(der));
    const auto parsed = x509::parse_certificate(der);
    if (!parsed) return made;
    made.subject = x509::to_string(parsed->subject);
    made.issuer = x509::to_string(parsed->issuer);
    clip(made.subject, kLongestName);
    clip(made.issuer, kLongestName);
    made.names = names_of(parsed->known);
    made.not_before = parsed->validity.not_before.time;
    made.not_after = parsed->validity.not_after.time;
    made.key = x509::describe_key(parsed->subject_public_key_info);
    made.signature = x509::describe_signature(parsed->signature_algorithm);
    return made;
}

std::int64_t days_since(Time end, Time at) {
    return (std::chrono::floor<std::chrono::days>(at) - std::chrono::floor<std::chrono::days>(end)).count();
}

bool is_within_a_day(Time a, Time b) {
    return std::chrono::abs(a - b) < std::chrono::days(1);
}

std::string hours_between(Time a, Time b) {
    const auto hours = std::chrono::floor<std::chrono::hours>(std::chrono::abs(a - b)).count();
    return hours == 0 ? "less than an hour" : counted(static_cast<std::size_t>(hours), "hour");
}

std::string format_minute(Time time) {
    const std::string text = format_time(time);  // 2026-11-24T09:30:00Z
    const std::size_t t = text.find('T');
    return text.substr(0, t) + " " + text.substr(t + 1, 5) + " UTC";
}

bool is_public_name(std::string_view name) {
    static constexpr std::string_view kInner[] = {"local", "localdomain", "lan",     "internal",  "intranet",
                                                  "home",  "corp",        "private", "localhost", "invalid"};
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot + 1 == name.size() || name.find(':') != std::string_view::npos) return false;
    const std::string last = ascii_lower(name.substr(dot + 1));
    if (last.find_first_not_of("0123456789") == std::string::npos) return false;  // an address: no top-level domain is a number
    return std::find(std::begin(kInner), std::end(kInner), last) == std::end(kInner);
}

bool is_certifiable(const std::string& name) {
    const bool marked = name.starts_with("IP:");
    const auto address = net::SocketAddress::from_text(std::string_view(name).substr(marked ? 3 : 0), 0);
    if (!address) return name.find(':') != std::string::npos || is_public_name(name);  // other kinds of names are not those of servers
    const net::AddressScope scope = net::scope_of(*address);
    return scope == net::AddressScope::global || scope == net::AddressScope::other;
}

std::string nearest_name(std::string_view wanted, const std::vector<std::string>& names) {
    std::string best;
    for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 200); ++i) {
        const std::string& name = names[i];
        if (equal_ignoring_ascii_case(name, wanted)) return {};
        if (name.size() > 253 || name.find('*') != std::string::npos || name.find('\\') != std::string::npos || !is_public_name(name))
            continue;
        if (best.empty() || likeness(wanted, name) > likeness(wanted, best)) best = name;
    }
    return best;
}

const Chain* renewal_of(const Report& report, const std::string& chain) {
    const Chain* old = chain_named(report, chain);
    if (old == nullptr || old->certificates.empty()) return nullptr;
    const Chain* best = nullptr;
    for (const Chain& one : report.chains) {
        if (one.certificates.empty() || !is_renewed_by(old->certificates.front(), one.certificates.front())) continue;
        if (best == nullptr || *best->certificates.front().not_after < *one.certificates.front().not_after) best = &one;
    }
    return best;
}

std::optional<AnchorOrigin> origin_of(const Report& report, const std::string& chain) {
    std::optional<AnchorOrigin> best;
    for (const Path& path : report.paths) {
        if (path.chain == chain && path.anchor) best = std::min(best.value_or(AnchorOrigin::none), path.anchor->origin);
    }
    return best;
}

bool is_own_authority(const Report& report, const std::string& chain) {
    const std::optional<AnchorOrigin> origin = origin_of(report, chain);
    return origin && *origin != AnchorOrigin::shipped;
}

}  // namespace truename::doctor
