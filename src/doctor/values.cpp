#include "doctor/values.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <unordered_set>

#include "base/text.h"
#include "doctor/describe.h"
#include "doctor/render/view.h"

namespace truename::doctor {

namespace {

// `Outlook 2007`, `A and B`, `A, B and 5 more`.
std::string some_titles(const Report& report, const std::vector<std::string>& ids) {
    std::vector<std::string> names = titles(report, ids);
    if (names.empty()) return "some clients";
    if (names.size() == 1) return names[0];
    if (names.size() <= 3) {
        const std::string last = names.back();
        names.pop_back();
        return join(names, ", ") + " and " + last;
    }
    return names[0] + ", " + names[1] + " and " + std::to_string(names.size() - 2) + " more";
}

std::string root_of(const Report& report, const Chain& chain) {
    for (const Path& path : report.paths) {
        if (path.chain == chain.id && path.anchor) return short_name(path.anchor->subject);
    }
    return chain.certificates.empty() ? "" : short_name(chain.certificates.back().issuer);
}

std::string_view without_last_dot(std::string_view name) {
    if (name.ends_with('.')) name.remove_suffix(1);
    return name;
}

// The first name when it is one of an inner network (`server.example.local`), as wizards make them; not a single label, not an address,
// and not the one that is wanted.
std::string inner_name(const std::string& first, const std::string& wanted) {
    const std::string name(without_last_dot(first));
    const bool is_wanted = equal_ignoring_ascii_case(name, without_last_dot(wanted));
    return is_wanted || name.find('.') == std::string::npos || is_address(name) || is_public_name(name) ? std::string() : name;
}

constexpr std::size_t kMostWantedNames = 40;   // more make no line that somebody pastes
constexpr std::size_t kMostToldNames = 1'000;  // no authority puts more into one certificate; a hostile one has a hundred thousand

// What makes up `-addext subjectAltName=`: the name asked for first, then the certificate's others. Empty when they are too many.
std::string wanted_names(const std::string& name, const std::vector<std::string>& others) {
    if (others.size() > kMostWantedNames) return {};
    std::string list = (is_address(name) ? "IP:" : "DNS:") + name;
    for (const std::string& other : others) list += (other.find(':') == std::string::npos ? ",DNS:" : ",") + other;
    return list;
}

// The other names of the certificate that its authority would certify again, and those that it would not.
void sort_out_names(const Report& report, const Chain& chain, std::vector<std::string>& kept, std::vector<std::string>& left_out) {
    const bool own = is_own_authority(report, chain.id);
    std::unordered_set<std::string_view> seen;
    for (const std::string& other : chain.certificates.front().names) {
        // A name in a certificate ends without a dot (RFC 5280 4.2.1.6), whatever the old one had.
        const std::string name(without_last_dot(other));
        if (equal_ignoring_ascii_case(name, without_last_dot(report.target.name)) || !seen.insert(without_last_dot(other)).second) continue;
        const bool certifiable = own ? name.find(':') == std::string::npos || name.starts_with("IP:") : is_public_name(name);
        (certifiable ? kept : left_out).push_back(name);
        if (seen.size() == kMostToldNames) return;
    }
}

// The endpoints of which one of the findings is true.
std::vector<const Endpoint*> endpoints_with(const Report& report, const std::vector<FindingId>& findings) {
    std::vector<std::string> ids;
    for (const ReportFinding& finding : report.findings) {
        if (finding.endpoint && std::find(findings.begin(), findings.end(), finding.id) != findings.end()) add_once(ids, *finding.endpoint);
    }
    std::vector<const Endpoint*> list;
    for (const Endpoint& endpoint : report.endpoints) {
        if (std::find(ids.begin(), ids.end(), endpoint.id) != ids.end()) list.push_back(&endpoint);
    }
    return list;
}

std::string ports_of(const std::vector<const Endpoint*>& endpoints) {
    std::vector<std::string> ports;
    for (const Endpoint* endpoint : endpoints) add_once(ports, std::to_string(endpoint->port) + " (" + protocol_label(*endpoint) + ")");
    if (ports.size() > 4) ports.resize(4), ports.emplace_back("others");
    return ports.empty() ? "some ports" : "port " + join(ports, ", ");
}

// The same protocol with TLS begun the other way, as a URL names it; empty where there is none.
std::string_view counterpart_of(const Endpoint& endpoint) {
    static constexpr std::pair<std::string_view, std::string_view> kPairs[] = {
        {"imap", "imaps"}, {"pop3", "pop3s"}, {"submission", "submissions"}};
    for (const auto& [starttls, implicit] : kPairs) {
        if (endpoint.protocol == starttls) return implicit;
        if (endpoint.protocol == implicit) return starttls;
    }
    return {};
}

// Whether the finding is one of these, and not of another chain than this one.
bool is_meant(const ReportFinding& finding, const Chain* chain, const std::vector<FindingId>& findings) {
    const bool elsewhere = finding.chain && chain != nullptr && *finding.chain != chain->id;
    return !elsewhere && std::find(findings.begin(), findings.end(), finding.id) != findings.end();
}

// Where mail is read and not sent.
bool is_for_mailboxes(const Endpoint* endpoint) {
    return endpoint->protocol == "imap" || endpoint->protocol == "pop3" || endpoint->protocol == "sieve";
}

// On port 25 only where a login is offered; else other servers deliver there.
bool lets_log_in(const Report& report, const Endpoint& endpoint) {
    return endpoint.protocol != "smtp" || std::any_of(report.findings.begin(), report.findings.end(), [&](const ReportFinding& finding) {
               return finding.id == FindingId::mail_login_before_tls && finding.endpoint == endpoint.id;
           });
}

std::string found_of(const Report& report, const Chain* chain, const std::vector<FindingId>& findings) {
    for (const ReportFinding& finding : report.findings) {
        if (!finding.found.empty() && is_meant(finding, chain, findings)) return finding.found;
    }
    return {};
}

// Whom the first of the findings is about, as people call it.
std::string subject_of(const Report& report, const Chain* chain, const std::vector<FindingId>& findings) {
    for (const ReportFinding& finding : report.findings) {
        if (!finding.certificate || !is_meant(finding, chain, findings)) continue;
        for (const Chain& shown : report.chains) {
            for (const Certificate& certificate : shown.certificates) {
                if (certificate.sha256 == *finding.certificate) return short_name(certificate.subject);
            }
        }
        for (const Path& path : report.paths) {
            if (path.anchor && path.anchor->sha256 == *finding.certificate) return short_name(path.anchor->subject);
        }
    }
    return "an authority";
}

// The issuer that a client wants and nobody sent: the one that is known from elsewhere, else the one that the last certificate names.
std::string missing_issuer(const Report& report, const Chain& chain) {
    std::string named;
    for (const ReportFinding& finding : report.findings) {
        if (finding.chain != chain.id) continue;
        if (finding.id == FindingId::path_incomplete) return short_name(finding.expected);
        if (finding.id == FindingId::path_unknown_issuer) named = short_name(finding.found);
    }
    return named;
}

// Whether the certificate begins or ends so near that days do not tell.
bool is_close(const Certificate& leaf, Time at) {
    return (leaf.not_before && is_within_a_day(*leaf.not_before, at)) || (leaf.not_after && is_within_a_day(*leaf.not_after, at));
}

void add_times(Values& values, const Certificate& leaf, const Chain& chain, Time at) {
    const auto text = [at](Time time) { return is_within_a_day(time, at) ? format_minute(time) : format_date(time); };
    if (leaf.not_before) values.emplace_back("not_before", text(*leaf.not_before));
    if (leaf.not_after) values.emplace_back("not_after", text(*leaf.not_after));
    if (!chain.days_left) return;
    const std::int64_t days = *chain.days_left < 0 && leaf.not_after ? days_since(*leaf.not_after, at) : *chain.days_left;
    const bool close = leaf.not_after && is_within_a_day(*leaf.not_after, at);
    values.emplace_back("days", close ? hours_between(*leaf.not_after, at) : counted(static_cast<std::size_t>(days), "day"));
}

}  // namespace

Values make_values(const Report& report, const Chain* chain, const std::vector<FindingId>& findings,
                   const std::vector<std::string>& touched) {
    const std::vector<const Endpoint*> endpoints = endpoints_with(report, findings);
    Values values = {{"name", report.target.name},
                     {"found", found_of(report, chain, findings)},
                     {"clients", some_titles(report, touched)},
                     {"count", counted(touched.size(), "client")},
                     {"endpoints", ports_of(endpoints)},
                     {"uncertifiable", join(report.uncertifiable, ", ")}};
    const Certificate* first = chain == nullptr || chain->certificates.empty() ? nullptr : &chain->certificates.front();
    values.emplace_back("at", first != nullptr && is_close(*first, report.at) ? format_minute(report.at) : format_date(report.at));
    if (!endpoints.empty()) {
        values.emplace_back("port", std::to_string(endpoints.front()->port));
        values.emplace_back("counterpart", counterpart_of(*endpoints.front()));
        std::vector<const Endpoint*> mailboxes, logins;
        std::copy_if(endpoints.begin(), endpoints.end(), std::back_inserter(mailboxes), is_for_mailboxes);
        std::copy_if(endpoints.begin(), endpoints.end(), std::back_inserter(logins),
                     [&](const Endpoint* endpoint) { return lets_log_in(report, *endpoint); });
        if (!mailboxes.empty()) values.emplace_back("mailboxes", ports_of(mailboxes));
        if (!logins.empty()) values.emplace_back("logins", ports_of(logins));
    }
    if (!is_address(report.target.name)) values.emplace_back("host", report.target.name);  // what a public authority can certify
    if (first == nullptr) return values;
    const Certificate& leaf = *first;
    // Lists are bounded by their number, each name in them as well.
    std::vector<std::string> some(leaf.names.begin(),
                                  leaf.names.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(leaf.names.size(), 5)));
    for (std::string& name : some) clip(name);
    if (some.size() < leaf.names.size()) some.push_back(std::to_string(leaf.names.size() - some.size()) + " more");
    values.emplace_back("first", leaf.names.empty() ? std::string() : leaf.names.front());
    values.emplace_back("internal", leaf.names.empty() ? std::string() : inner_name(leaf.names.front(), report.target.name));
    values.emplace_back("names", some.empty() ? "no name at all" : join(some, ", "));
    values.emplace_back("nearest", nearest_name(report.target.name, leaf.names));
    std::vector<std::string> kept, left_out;
    sort_out_names(report, *chain, kept, left_out);
    values.emplace_back("wanted", wanted_names(report.target.name, kept));
    values.emplace_back("left_out", join(left_out, ","));
    values.emplace_back("issuer", short_name(leaf.issuer));
    values.emplace_back("missing", missing_issuer(report, *chain));
    values.emplace_back("about", subject_of(report, chain, findings));
    values.emplace_back("subject", leaf.subject.empty() ? "empty" : leaf.subject);
    values.emplace_back("root", root_of(report, *chain));
    values.emplace_back("key", leaf.key);
    values.emplace_back("signature", leaf.signature);
    add_times(values, leaf, *chain, report.at);
    for (auto& [key, value] : values) {
        if (key != "names" && key != "wanted" && key != "left_out") clip(value);
    }
    return values;
}

}  // namespace truename::doctor
