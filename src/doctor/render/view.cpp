#include "doctor/render/view.h"

#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "doctor/describe.h"

namespace truename::doctor {

namespace {

int rank(const Verdict& verdict) {
    switch (verdict.outcome) {
        case Outcome::refuses:
            return 0;
        case Outcome::warns:
            return 1;
        case Outcome::not_judged:
            return 2;
        case Outcome::silent:
            return verdict.verifies == Verifies::all ? 4 : 3;
    }
    return 2;
}

const Anchor* anchor_of(const Report& report, const Chain& chain) {
    const Anchor* best = nullptr;
    for (const Path& path : report.paths) {
        if (path.chain != chain.id || !path.anchor) continue;
        if (best == nullptr || path.anchor->origin < best->origin) best = &*path.anchor;
    }
    return best;
}

// Where nobody comes in, what a client would say to the certificate is only half of the answer.
std::string where_shut_out(const Report& report, const Verdict& verdict) {
    std::vector<std::string> ports;
    std::size_t closed = 0;
    for (const Endpoint& endpoint : report.endpoints) {
        const auto has = [](const std::vector<std::string>& list, const std::string& id) {
            return std::find(list.begin(), list.end(), id) != list.end();
        };
        if (!has(verdict.endpoints, endpoint.id) || !has(endpoint.shuts_out, verdict.id)) continue;
        ++closed;
        add_once(ports, std::to_string(endpoint.port));
    }
    if (closed == 0) return {};
    if (closed == verdict.endpoints.size()) return "does not come in: the handshake fails";
    return "does not come in at " + std::string(ports.size() == 1 ? "port " : "ports ") + join(ports, ", ") + ": the handshake fails";
}

// What a reader sees of a verdict in a table.
bool is_same_row(const Report& report, const Verdict& a, const Verdict& b) {
    return a.id == b.id && a.name == b.name && a.outcome == b.outcome && a.reaches == b.reaches && spoken(a) == spoken(b) &&
           remark(report, a) == remark(report, b);
}

// RFC 4514 2.4: these are escaped in the form as text; other escapes stand for bytes and stay.
std::string unescaped(std::string_view value) {
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '\\' && i + 1 < value.size() && std::string_view(",+\"<>;=#").find(value[i + 1]) != std::string_view::npos) ++i;
        out += value[i];
    }
    return out;
}

}  // namespace

std::vector<std::string> clients_with(const Report& report, Outcome outcome) {
    std::vector<std::string> clients;
    for (const Verdict& verdict : report.verdicts) {
        if (verdict.outcome == outcome && counts(verdict)) add_once(clients, verdict.id);
    }
    return clients;
}

std::vector<FindingId> distinct_findings(const Report& report) {
    std::vector<FindingId> ids;
    for (const Verdict& verdict : report.verdicts) ids.insert(ids.end(), verdict.findings.begin(), verdict.findings.end());
    for (const ReportFinding& finding : report.findings) {
        if (finding.endpoint) ids.push_back(finding.id);
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

std::vector<const Verdict*> sorted_verdicts(const Report& report, std::string_view chain) {
    std::vector<const Verdict*> verdicts;
    for (const Verdict& verdict : report.verdicts) {
        if (verdict.chain == chain) verdicts.push_back(&verdict);
    }
    std::stable_sort(verdicts.begin(), verdicts.end(), [](const Verdict* a, const Verdict* b) { return rank(*a) < rank(*b); });
    return verdicts;
}

NewVerdicts new_verdicts(const Report& report, const Chain& chain) {
    const std::vector<const Verdict*> all = sorted_verdicts(report, chain.id);
    NewVerdicts best{all, 0, ""};
    for (const Chain& earlier : report.chains) {
        if (earlier.id == chain.id) break;
        NewVerdicts left{{}, 0, earlier.id};
        const std::vector<const Verdict*> known = sorted_verdicts(report, earlier.id);
        for (const Verdict* verdict : all) {
            const bool is_known =
                std::any_of(known.begin(), known.end(), [&](const Verdict* v) { return is_same_row(report, *v, *verdict); });
            if (!is_known) left.list.push_back(verdict);
        }
        left.same = all.size() - left.list.size();
        if (left.same > best.same) best = std::move(left);
    }
    return best;
}

std::vector<EndpointGroup> grouped_endpoints(const Report& report) {
    std::vector<EndpointGroup> groups;
    for (const Endpoint& endpoint : report.endpoints) {
        const auto same = std::find_if(groups.begin(), groups.end(), [&](const EndpointGroup& g) {
            return g.first->port == endpoint.port && g.first->protocol == endpoint.protocol && g.first->sni == endpoint.sni &&
                   state_label(*g.first) == state_label(endpoint);
        });
        if (same == groups.end()) {
            groups.push_back({&endpoint, {endpoint.address}});
        } else {
            add_once(same->addresses, endpoint.address);
        }
    }
    return groups;
}

std::string protocol_label(const Endpoint& endpoint) {
    const bool obvious = endpoint.tls == TlsMode::implicit || endpoint.protocol == "smtp" || endpoint.protocol == "submission" ||
                         endpoint.protocol == "sieve" || endpoint.protocol.find('+') != std::string::npos;
    return obvious ? endpoint.protocol : endpoint.protocol + "+starttls";
}

std::string state_label(const Endpoint& endpoint) {
    const std::string reason = endpoint.error ? endpoint.error->reason : std::string();
    const std::string tail = reason.empty() ? "" : ": " + reason;
    switch (endpoint.state) {
        case EndpointState::judged:
            if (!endpoint.chain) return "no certificate" + tail;
            if (endpoint.handshake != Handshake::completed) return "chain " + *endpoint.chain + " (the handshake failed" + tail + ")";
            return "chain " + *endpoint.chain +
                   (endpoint.asks_client_certificate.value_or(false) ? " (asks for a client certificate and goes on without one)" : "");
        case EndpointState::refused:
            return "refused (nothing listens)";
        case EndpointState::limited:
            return "limited" + tail + "; not judged";
        case EndpointState::timeout:
            return "no answer in time" + tail + "; not judged";
        case EndpointState::dropped:
            return "hung up" + tail + "; not judged";
        case EndpointState::no_tls:
            return "no TLS" + tail;
        case EndpointState::tls_failed:
            return "TLS failed" + tail;
    }
    return "not judged";
}

std::string effort_label(const Report& report) {
    if (report.predicted) return "predicted: no server was asked";
    std::string label = counted(report.endpoints.size(), "endpoint") + " asked · " + counted(report.connections, "connection");
    if (report.elapsed) {
        char seconds[32];
        std::snprintf(seconds, sizeof seconds, " · %.1f s", static_cast<double>(report.elapsed->count()) / 1000.0);
        label += seconds;
    }
    return label;
}

std::string chain_label(const Report& report, const Chain& chain) {
    if (chain.certificates.empty()) return "nothing was sent";
    const Certificate& leaf = chain.certificates.front();
    if (!leaf.not_after) return "what was sent is no certificate";
    std::string label = leaf.subject.empty() ? "(no subject)" : leaf.subject;
    label += leaf.subject == leaf.issuer ? " · issued by itself" : " · issued by " + short_name(leaf.issuer);
    const Anchor* anchor = anchor_of(report, chain);
    // Of a chain that no client was shown, nobody said whether it is trusted.
    const bool is_judged =
        std::any_of(report.verdicts.begin(), report.verdicts.end(), [&](const Verdict& verdict) { return verdict.chain == chain.id; });
    if (anchor == nullptr || anchor->origin == AnchorOrigin::none) {
        if (is_judged) label += " (not trusted)";
    } else if (anchor->origin == AnchorOrigin::added) {
        label += report.from_request ? " (its root given to the clients)" : " (trusted by --trust)";
    }
    return label + " · " + life_label(leaf.not_before, *leaf.not_after, report.at);
}

std::string life_label(std::optional<Time> not_before, Time not_after, Time at) {
    const bool ends_close = is_within_a_day(not_after, at);
    if (at > not_after) {
        const auto days = static_cast<std::size_t>(days_since(not_after, at));
        return "expired " + (ends_close ? hours_between(not_after, at) : counted(days, "day")) + " ago";
    }
    if (not_before && *not_before > at) {
        if (is_within_a_day(*not_before, at))
            return "valid from " + format_minute(*not_before) + " (in " + hours_between(*not_before, at) + ")";
        const auto days = static_cast<std::size_t>(std::chrono::ceil<std::chrono::days>(*not_before - at).count());
        return "valid from " + format_date(*not_before) + " (in " + counted(days, "day") + ")";
    }
    if (ends_close) return hours_between(not_after, at) + " left";
    return counted(static_cast<std::size_t>(std::chrono::floor<std::chrono::days>(not_after - at).count()), "day") + " left";
}

std::string touched_label(const Report& report, const Cause& cause) {
    std::vector<std::string> parts;
    if (report.chains.size() > 1 && !cause.chains.empty())
        parts.push_back((cause.chains.size() == 1 ? "chain " : "chains ") + join(cause.chains, ", "));
    if (!cause.clients.empty()) parts.push_back(counted(cause.clients.size(), "client"));
    return join(parts, " · ");
}

std::string outcome_label(Outcome outcome) {
    return outcome == Outcome::not_judged ? "not judged" : std::string(name_of(outcome));
}

std::string remark(const Report& report, const Verdict& verdict) {
    std::string closed = where_shut_out(report, verdict);
    return closed.empty() ? remark(verdict) : closed;
}

std::string outcome_label(unsigned number, Outcome outcome) {
    std::string word = outcome_label(outcome);
    if (number != 1 && word.ends_with('s')) word.pop_back();
    return std::to_string(number) + " " + word;
}

std::string remark(const Verdict& verdict) {
    if (verdict.reaches == Reaches::no) {
        return verdict.retired ? "its TLS cannot reach this server; retired, so it counts for nothing" : "its TLS cannot reach this server";
    }
    if (verdict.outcome == Outcome::silent && verdict.verifies == Verifies::nothing) return "checks nothing: silent is not safe";
    if (verdict.outcome == Outcome::silent && verdict.verifies == Verifies::no_name) return "does not compare the name: silent is not safe";
    if (verdict.outcome == Outcome::not_judged) return verdict.why.value_or("no rule is known");
    if (verdict.outcome == Outcome::refuses && !verdict.dialog && verdict.codes.empty()) return verdict.why.value_or("");
    if (verdict.outcome == Outcome::warns && verdict.asks_again.value_or(false)) return "asked again after each restart";
    if (verdict.outcome == Outcome::warns && verdict.yes && verdict.yes->lasts == "forever") {
        const std::string& choice = verdict.yes->choice;
        return choice.empty() ? "one \"Yes\" is remembered" : "\"" + choice + "\" is remembered, any other \"Yes\" asked again";
    }
    return {};
}

std::string reaches_label(Reaches reaches) {
    switch (reaches) {
        case Reaches::yes:
            return "yes";
        case Reaches::no:
            return "no";
        case Reaches::not_asked:
            return "not asked";
        case Reaches::not_judged:
            return "not judged";
    }
    return "not judged";
}

bool knows_reaches(const Report& report) {
    return std::any_of(report.verdicts.begin(), report.verdicts.end(),
                       [](const Verdict& v) { return v.reaches == Reaches::yes || v.reaches == Reaches::no; });
}

std::string spoken(const Verdict& verdict) {
    if (verdict.dialog && !verdict.dialog->steps.empty() && !verdict.dialog->steps.front().text.empty()) {
        std::string text = verdict.dialog->steps.front().text;  // several problems stand on lines of their own
        std::replace(text.begin(), text.end(), '\n', ' ');
        return "\"" + text + "\"";
    }
    return join(verdict.codes, ", ");
}

std::string short_name(std::string_view distinguished_name) {
    for (const std::string_view key : {std::string_view("CN="), std::string_view("O=")}) {
        for (std::size_t at = distinguished_name.find(key); at != std::string_view::npos; at = distinguished_name.find(key, at + 1)) {
            if (at != 0 && distinguished_name[at - 1] != ',' && distinguished_name[at - 1] != '+' && distinguished_name[at - 1] != ' ')
                continue;
            std::size_t end = at + key.size();
            while (end < distinguished_name.size() && (distinguished_name[end] != ',' || distinguished_name[end - 1] == '\\')) ++end;
            if (end > at + key.size()) return unescaped(distinguished_name.substr(at + key.size(), end - at - key.size()));
        }
    }
    return std::string(distinguished_name);
}

bool is_address(std::string_view name) {
    return name.find(':') != std::string_view::npos || (!name.empty() && name.find_first_not_of("0123456789.") == std::string_view::npos);
}

bool is_sentence(std::string_view step) {
    return !step.empty() && step.front() >= 'A' && step.front() <= 'Z' && step.back() == '.';
}

std::string effect_label(const Report& report, const Mend& mend) {
    std::string label = mend.causes.empty() ? std::string() : "mends " + join(mend.causes, ", ");
    if (label.empty() || !mend.rejudged) return label;
    if (!mend.left.empty()) return label + " → " + counted(mend.left.size(), "client") + " still not silent";
    if (!mend.not_judged.empty()) return label + " → all silent that can be judged";
    const bool some_stay_outside =
        std::any_of(report.verdicts.begin(), report.verdicts.end(), [](const Verdict& v) { return counts(v) && v.reaches == Reaches::no; });
    return label + (some_stay_outside ? " → all silent about the certificate" : " → all silent");
}

std::vector<std::string> effect_notes(const Report& report, const Mend& mend) {
    std::vector<std::string> notes;
    if (!mend.rejudged) return notes;
    if (!mend.left.empty()) notes.push_back("Still not silent: " + join(titles(report, mend.left), ", ") + ".");
    if (!mend.not_judged.empty()) notes.push_back("Not judged: " + join(titles(report, mend.not_judged), ", ") + ".");
    if (!mend.asks_once_more.empty()) {
        notes.push_back("Asks once more, because the certificate is another: " + join(titles(report, mend.asks_once_more), ", ") + ".");
    }
    return notes;
}

std::vector<std::string> titles(const Report& report, const std::vector<std::string>& ids) {
    std::vector<std::string> list;
    for (const std::string& id : ids) {
        const auto at = std::find_if(report.clients.begin(), report.clients.end(), [&](const Client& client) { return client.id == id; });
        add_once(list, at == report.clients.end() ? id : at->title);
    }
    return list;
}

std::vector<std::string> addresses(const Report& report) {
    std::vector<std::string> list;
    for (const Endpoint& endpoint : report.endpoints) {
        if (!endpoint.address.empty()) add_once(list, endpoint.address);
    }
    return list;
}

}  // namespace truename::doctor
