#include <algorithm>
#include <deque>

#include "doctor/behind_order.h"
#include "doctor/describe.h"
#include "doctor/diagnosis.h"
#include "doctor/doctor.h"
#include "doctor/endpoints.h"
#include "doctor/examination.h"
#include "doctor/exit_code.h"
#include "doctor/record.h"
#include "doctor/shut_out.h"

namespace truename::doctor {

namespace {

// For each profile the endpoints that show it the chain.
Audience audience_of(const ShownChain& chain, const Settings::Impl& settings) {
    Audience audience;
    for (const clients::Profile* profile : settings.profiles) audience.push_back(chain.shown_to(profile->tls));
    return audience;
}

std::vector<bool> who_sees(const Audience& audience) {
    std::vector<bool> wants;
    for (const std::vector<std::string>& endpoints : audience) wants.push_back(!endpoints.empty());
    return wants;
}

// The issuers that the server sends with other chains than this one.
std::vector<ByteString> seen_elsewhere(const ShownChain& shown, const std::vector<ShownChain>& all) {
    constexpr std::size_t kMost = 16;
    std::vector<ByteString> seen;
    for (const ShownChain& other : all) {
        if (other.id == shown.id) continue;
        for (std::size_t i = 1; i < other.certificates->size() && seen.size() < kMost; ++i) {
            const ByteString& der = (*other.certificates)[i];
            if (std::find(seen.begin(), seen.end(), der) == seen.end()) seen.push_back(der);
        }
    }
    return seen;
}

// What the server is asked for where it shows the chain, as SRVNames call it. Nobody looks an MX host up so, nor a port that says nothing.
std::vector<std::string> services_of(const std::vector<const probe::Endpoint*>& endpoints) {
    std::vector<std::string> services;
    for (const probe::Endpoint* endpoint : endpoints) {
        if (endpoint->protocol == probe::Protocol::smtp || endpoint->protocol == probe::Protocol::tls) continue;
        const std::string service(probe::info(endpoint->protocol).name);
        if (std::find(services.begin(), services.end(), service) == services.end()) services.push_back(service);
    }
    return services;
}

Case make_case(const ShownChain& shown, const std::vector<ShownChain>& all, const probe::Evidence& evidence, const Settings::Impl& settings,
               Time at) {
    Case chain;
    chain.presented = *shown.certificates;
    chain.seen = seen_elsewhere(shown, all);
    for (const probe::Fetched& fetched : evidence.fetched) {
        if (fetched.kind != probe::FetchedKind::issuer) chain.asked.push_back(fetched);
        if (fetched.kind != probe::FetchedKind::issuer || fetched.bytes.empty()) continue;
        chain.fetched.push_back(fetched.bytes);
        // What this machine could not get, or would not, the clients' may: then nobody knows what those say that fetch.
        chain.fetched_from.push_back(fetched.url);
    }
    const std::vector<const probe::Endpoint*> endpoints = shown.endpoints();
    chain.name = shown.name;
    chain.services = services_of(endpoints);
    chain.port = endpoints.empty() ? std::uint16_t{0} : endpoints.front()->port;
    chain.at = at;
    chain.stapled = !shown.staples.empty();
    chain.staples = shown.staples;
    for (const probe::Endpoint* endpoint : endpoints) chain.tls.push_back(server_tls(*endpoint));
    chain.roots = settings.roots();
    chain.trust = &settings.trust;
    return chain;
}

// Programs that fetch may find the issuer where this one did not.
void tell_failed_fetches(Report& report, const probe::Evidence& evidence) {
    constexpr std::size_t kMost = 3;
    std::size_t told = 0;
    for (const probe::Fetched& fetched : evidence.fetched) {
        if (fetched.kind != probe::FetchedKind::issuer || !fetched.failure || told++ == kMost) continue;
        report.differences.push_back("A certificate names " + fetched.url +
                                     " for its issuer, which could not be fetched from here: " + fetched.failure->reason + ".");
    }
}

// Most programs go on without an answer and so do not show that there was none.
void tell_missing_answers(Report& report) {
    std::vector<std::string> told;
    for (const ReportFinding& finding : report.findings) {
        if (!verify::is_no_answer(finding.id)) continue;
        const bool is_silent = finding.id == FindingId::revocation_ocsp_unreachable || finding.id == FindingId::revocation_crl_unreachable;
        std::string sentence =
            is_silent ? "A certificate names " + finding.expected + " to ask whether it is revoked, which gave no answer from here: "
                      : std::string(info(finding.id).title) + ": ";
        sentence += finding.found + ".";
        if (std::find(told.begin(), told.end(), sentence) == told.end()) told.push_back(std::move(sentence));
    }
    constexpr std::size_t kMost = 3;
    told.resize(std::min(told.size(), kMost));
    std::move(told.begin(), told.end(), std::back_inserter(report.differences));
}

}  // namespace

void describe_chain(Report& report, const Case& chain, const std::string& id) {
    Chain made;
    made.id = id;
    for (const ByteString& der : chain.presented) {
        if (made.certificates.size() < 64) made.certificates.push_back(describe(der));
    }
    if (!made.certificates.empty() && made.certificates.front().not_after) {
        made.days_left = std::chrono::floor<std::chrono::days>(*made.certificates.front().not_after - chain.at).count();
    }
    report.chains.push_back(std::move(made));
}

void conclude(Report& report, const std::vector<JudgedChain>& chains, Settings::Impl& settings, const std::optional<Failure>& failure) {
    const auto near = std::find_if(report.findings.begin(), report.findings.end(),
                                   [](const ReportFinding& f) { return f.id == FindingId::validity_near_expiry; });
    report.near_expiry = near != report.findings.end();
    for (const std::string& word : settings.options.require) {
        if (find_required(report, word).exit != 0) report.missing.push_back(word);
    }
    diagnose(report, settings.causes(), failure);
    if (!settings.options.brief) {
        find_mends(report, chains, settings);
        find_assumptions(report, chains, settings);
        look_behind_order(report, chains, settings);
    }
    report.exit = exit_code(report, settings.options.require);
}

Report examine(const probe::Evidence& evidence, const Settings& prepared) {
    Settings::Impl& settings = prepared.impl();
    Report report;
    report.target = {evidence.target.name, evidence.target.port, evidence.target.source};
    report.at = settings.options.at.value_or(evidence.at);
    report.elapsed = evidence.elapsed;
    report.connections = evidence.connections;
    report.clients = settings.clients();

    const std::vector<ShownChain> shown = group_chains(evidence);
    record_endpoints(report, evidence, shown);
    find_shut_out(report, evidence, settings);
    Recorder recorder(report, settings);
    std::deque<Case> cases;
    std::deque<Judgement> judgements;
    std::vector<JudgedChain> judged;
    for (const ShownChain& chain : shown) {
        cases.push_back(make_case(chain, shown, evidence, settings, report.at));
        const bool is_described =
            std::any_of(report.chains.begin(), report.chains.end(), [&](const Chain& known) { return known.id == chain.id; });
        if (!is_described) {
            describe_chain(report, cases.back(), chain.id);
            report.chains.back().questions = questions_for(shown, chain.id);
        }
        judgements.emplace_back(cases.back(), settings);
        const Audience audience = audience_of(chain, settings);
        judged.push_back({&cases.back(), &judgements.back(), chain.id, who_sees(audience)});
        recorder.add(judgements.back(), cases.back(), chain.id, audience);
    }
    report.differences = differences(report, shown);
    tell_failed_fetches(report, evidence);
    tell_missing_answers(report);
    conclude(report, judged, settings, evidence.error);
    return report;
}

}  // namespace truename::doctor
