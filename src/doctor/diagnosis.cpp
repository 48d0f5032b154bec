#include "doctor/diagnosis.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "doctor/describe.h"
#include "doctor/exit_code.h"
#include "doctor/shut_out.h"
#include "doctor/values.h"

namespace truename::doctor {

namespace {

struct Group {
    const CauseRow* row;
    const Chain* chain;  // what it is about; null for what hangs on no chain
    std::vector<FindingId> findings;
    std::vector<std::string> clients;
};

Group& group_of(std::vector<Group>& groups, const CauseRow& row, const Chain* chain) {
    const auto at =
        std::find_if(groups.begin(), groups.end(), [&](const Group& group) { return group.row == &row && group.chain == chain; });
    return at == groups.end() ? groups.emplace_back(Group{&row, chain, {}, {}}) : *at;
}

void add_finding(Group& group, FindingId id) {
    if (std::find(group.findings.begin(), group.findings.end(), id) == group.findings.end()) group.findings.push_back(id);
}

// What is true where `of` holds: at one endpoint, or of one chain.
template <class F>
std::vector<FindingId> findings_where(const Report& report, F of) {
    std::vector<FindingId> ids;
    for (const ReportFinding& finding : report.findings) {
        if (of(finding)) ids.push_back(finding.id);
    }
    return ids;
}

// What clients say to the certificate of an authority in the first place is no opinion on the server's: the order explains it all.
bool is_explained_by_order(const Report& report, const CauseTable& table, const Chain& chain) {
    if (chain.certificates.empty()) return false;
    const bool is_so = std::any_of(report.findings.begin(), report.findings.end(), [&](const ReportFinding& finding) {
        return finding.id == FindingId::path_order && finding.chain == chain.id && finding.certificate == chain.certificates.front().sha256;
    });
    return is_so && table.cause_of(FindingId::path_order) != nullptr;
}

void group_wrong_order(const Report& report, const CauseTable& table, std::vector<Group>& groups) {
    for (const Chain& chain : report.chains) {
        if (!is_explained_by_order(report, table, chain)) continue;
        Group& group = group_of(groups, *table.cause_of(FindingId::path_order), &chain);
        add_finding(group, FindingId::path_order);
        for (const Verdict& verdict : report.verdicts) {
            const bool speaks = verdict.outcome == Outcome::warns || verdict.outcome == Outcome::refuses;
            if (verdict.chain == chain.id && speaks && counts(verdict)) add_once(group.clients, verdict.id);
        }
    }
}

void group_verdicts(const Report& report, const CauseTable& table, std::vector<Group>& groups) {
    for (const Verdict& verdict : report.verdicts) {
        if (!counts(verdict)) continue;
        const Chain* chain = chain_named(report, verdict.chain);
        const bool is_explained = chain != nullptr && is_explained_by_order(report, table, *chain);
        if (!is_explained && (verdict.outcome == Outcome::warns || verdict.outcome == Outcome::refuses)) {
            const auto beside = findings_where(report, [&](const ReportFinding& finding) { return finding.chain == verdict.chain; });
            for (const FindingId id : verdict.findings) {
                const CauseRow* row = table.cause_of(id, beside);
                if (row == nullptr) continue;
                Group& group = group_of(groups, *row, chain);
                add_finding(group, id);
                add_once(group.clients, verdict.id);
            }
        }
        if (const CauseRow* row = table.find(verdict.barrier)) add_once(group_of(groups, *row, nullptr).clients, verdict.id);
    }
}

void group_endpoints(const Report& report, const CauseTable& table, std::vector<Group>& groups) {
    for (const ReportFinding& finding : report.findings) {
        if (!finding.endpoint) continue;
        const auto at =
            std::find_if(report.endpoints.begin(), report.endpoints.end(), [&](const Endpoint& e) { return e.id == *finding.endpoint; });
        const bool is_reason = at != report.endpoints.end() && !at->shuts_out.empty() && may_shut_out(finding.id);
        const auto beside = findings_where(report, [&](const ReportFinding& other) { return other.endpoint == finding.endpoint; });
        const CauseRow* row = table.cause_of(finding.id, beside);
        const bool matters = info(finding.id).cls == FindingClass::defect || is_reason;
        if (row == nullptr || !matters) continue;
        Group& group = group_of(groups, *row, nullptr);
        add_finding(group, finding.id);
        if (!is_reason) continue;
        for (const std::string& client : at->shuts_out) add_once(group.clients, client);
    }
}

// Whether some client that counts is silent although the group's are not: only then is there something to explain.
bool is_silent_elsewhere(const Report& report, const Group& group) {
    return std::any_of(report.verdicts.begin(), report.verdicts.end(), [&](const Verdict& verdict) {
        return verdict.outcome == Outcome::silent && counts(verdict) && (group.chain == nullptr || verdict.chain == group.chain->id) &&
               std::find(group.clients.begin(), group.clients.end(), verdict.id) == group.clients.end();
    });
}

// Defects of certificates and paths that no client minds, or that nobody knows a client's opinion of: they are still true.
void group_certificates(const Report& report, const CauseTable& table, std::vector<Group>& groups) {
    for (const ReportFinding& finding : report.findings) {
        const Chain* chain = finding.chain ? chain_named(report, *finding.chain) : nullptr;
        if (chain == nullptr || info(finding.id).cls != FindingClass::defect || is_explained_by_order(report, table, *chain)) continue;
        const auto beside = findings_where(report, [&](const ReportFinding& other) { return other.chain == finding.chain; });
        if (const CauseRow* row = table.cause_of(finding.id, beside)) add_finding(group_of(groups, *row, chain), finding.id);
    }
}

// What no client minds does not make anybody act while there is something that was judged: it is told besides.
std::vector<Group> take_unminded(const Report& report, std::vector<Group>& groups) {
    const bool judged =
        !report.verdicts.empty() || std::any_of(groups.begin(), groups.end(), [](const Group& g) { return !g.clients.empty(); });
    std::vector<Group> unminded;
    if (!judged) return unminded;
    const auto from = std::stable_partition(groups.begin(), groups.end(), [](const Group& group) { return !group.clients.empty(); });
    unminded.assign(from, groups.end());
    groups.erase(from, groups.end());
    return unminded;
}

std::string nothing_judged(const Report& report, const std::optional<Failure>& failure) {
    if (failure) return failure->doing + " " + failure->object + " failed: " + failure->reason;
    const auto all = [&](EndpointState state) {
        return !report.endpoints.empty() &&
               std::all_of(report.endpoints.begin(), report.endpoints.end(), [&](const Endpoint& e) { return e.state == state; });
    };
    if (all(EndpointState::refused)) return "nothing listens on any port that was asked";
    if (all(EndpointState::limited)) return "the server turned every question away for now";
    if (all(EndpointState::timeout)) return "nothing answered in time";
    return "nothing could be judged";
}

// What `--require` names and is not there belongs into the first sentence, and may be all that there is to say.
void say(Report& report, const CauseTable& table, Who who, const std::string& headline) {
    std::vector<std::string> parts;
    if (who != Who::nobody || report.missing.empty()) parts.push_back(headline);
    bool closed = false;
    for (const std::string& word : report.missing) {
        parts.push_back(find_required(report, word).why);
        closed = closed || std::any_of(report.endpoints.begin(), report.endpoints.end(), [&](const Endpoint& endpoint) {
                     return is_service(endpoint, word) && endpoint.state != EndpointState::limited;
                 });
    }
    report.who = who == Who::nobody && !report.missing.empty() ? (closed ? Who::server : Who::unknown) : who;
    report.headline = fill(table.who[static_cast<std::size_t>(report.who)], {{"headline", join(parts, "; ")}});
}

const Chain* chain_with(const Report& report, FindingId id) {
    const auto at =
        std::find_if(report.findings.begin(), report.findings.end(), [&](const ReportFinding& finding) { return finding.id == id; });
    return at == report.findings.end() || !at->chain ? nullptr : chain_named(report, *at->chain);
}

// ` (chain B)` behind the first sentence, when it is not so of every chain.
std::string where(const Report& report, const Cause& cause) {
    if (cause.chains.empty() || cause.chains.size() >= report.chains.size()) return {};
    return (cause.chains.size() == 1 ? " (chain " : " (chains ") + join(cause.chains, ", ") + ")";
}

// What is said of several chains in the same words is said once.
void add_cause(std::vector<Cause>& causes, Cause cause) {
    const auto same =
        std::find_if(causes.begin(), causes.end(), [&](const Cause& one) { return one.kind == cause.kind && one.text == cause.text; });
    if (same == causes.end()) return causes.push_back(std::move(cause));
    for (const std::string& client : cause.clients) add_once(same->clients, client);
    for (const std::string& chain : cause.chains) add_once(same->chains, chain);
    for (const FindingId id : cause.findings) {
        if (std::find(same->findings.begin(), same->findings.end(), id) == same->findings.end()) same->findings.push_back(id);
    }
    if (same->others.empty()) same->others = std::move(cause.others);
}

}  // namespace

std::string next_cause_id(const Report& report, char letter) {
    unsigned number = 1;
    for (const std::vector<Cause>* list : {&report.causes, &report.also}) {
        for (const Cause& cause : *list) number += cause.id.front() == letter ? 1 : 0;
    }
    return letter + std::to_string(number);
}

Cause make_cause(const Report& report, const CauseRow& row, const Chain* chain, std::vector<FindingId> findings,
                 std::vector<std::string> clients) {
    const Values values = make_values(report, chain, findings, clients);
    Cause cause;
    cause.id = next_cause_id(report, row.letter);
    cause.kind = row.id;
    cause.text = fill(row.text, values);
    cause.headline = fill(row.headline, values);
    cause.others = fill(row.others, values);
    cause.shortcut = fill(row.shortcut, values);
    if (!row.assuming.empty()) cause.assuming = row.assuming;
    if (chain != nullptr) cause.chains = {chain->id};
    cause.findings = std::move(findings);
    cause.clients = std::move(clients);
    return cause;
}

void diagnose(Report& report, const CauseTable& table, const std::optional<Failure>& failure) {
    std::vector<Group> groups;
    group_wrong_order(report, table, groups);
    group_verdicts(report, table, groups);
    group_endpoints(report, table, groups);
    group_certificates(report, table, groups);
    const std::vector<Group> unminded = take_unminded(report, groups);
    std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) { return a.clients.size() > b.clients.size(); });
    // A certificate that there will not be comes before all that clients would say to it.
    if (const CauseRow* row = table.find("not-certified"); row != nullptr && !report.uncertifiable.empty())
        report.causes.push_back(make_cause(report, *row, nullptr, {FindingId::name_internal}, {}));
    for (const Group& group : groups) {
        Cause cause = make_cause(report, *group.row, group.chain, group.findings, group.clients);
        if (!is_silent_elsewhere(report, group)) cause.others.clear();
        add_cause(report.causes, std::move(cause));
    }
    const Chain* ending = chain_with(report, FindingId::validity_near_expiry);
    if (const CauseRow* row = table.find("near-expiry");
        report.near_expiry && row != nullptr &&
        std::none_of(report.causes.begin(), report.causes.end(), [](const Cause& c) { return c.kind == "expired"; })) {
        report.causes.push_back(make_cause(report, *row, ending, {FindingId::validity_near_expiry}, {}));
    }
    for (const Group& group : unminded) {
        add_cause(report.also, make_cause(report, *group.row, group.chain, group.findings, {}));
    }
    if (!report.causes.empty()) {
        const Cause& first = report.causes.front();
        return say(report, table, table.find(first.kind)->who, first.headline + where(report, first));
    }
    const auto numbers = count_outcomes(report);
    const unsigned silent = numbers[static_cast<std::size_t>(Outcome::silent)],
                   unknown = numbers[static_cast<std::size_t>(Outcome::not_judged)];
    // Only rows that somebody else wrote (--data) can leave a finding without a cause.
    if (shuts_out(report) || numbers[static_cast<std::size_t>(Outcome::warns)] + numbers[static_cast<std::size_t>(Outcome::refuses)] != 0)
        return say(report, table, Who::unknown, "some clients warn or refuse for reasons that the folder of causes does not explain");
    if (silent == 0) return say(report, table, Who::unknown, nothing_judged(report, failure));
    const std::string verb = report.predicted ? "would be silent" : "connects silently";
    say(report, table, Who::nobody, (unknown == 0 ? "every client that was judged " : "every client that could be judged ") + verb);
}

}  // namespace truename::doctor
