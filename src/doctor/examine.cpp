#include <algorithm>
#include <deque>

#include "doctor/describe.h"
#include "doctor/diagnosis.h"
#include "doctor/doctor.h"
#include "doctor/endpoints.h"
#include "doctor/examination.h"
#include "doctor/record.h"
#include "doctor/render.h"

namespace truename::doctor {

namespace {

std::vector<std::string> ids_of(const ShownChain& chain) {
    std::vector<std::string> ids;
    for (const probe::Endpoint* endpoint : chain.endpoints) ids.push_back(endpoint->id);
    return ids;
}

// What a hello without a name gets is seen only by clients that send none.
std::vector<bool> who_sees(const ShownChain& chain, const Settings::Impl& settings) {
    std::vector<bool> wants;
    if (!chain.only_without_name) return wants;
    for (const clients::Profile* profile : settings.profiles) wants.push_back(profile->tls.sni.is(false));
    return wants;
}

Case make_case(const ShownChain& shown, const probe::Evidence& evidence, const Settings::Impl& settings, Time at) {
    Case chain;
    chain.presented = *shown.certificates;
    for (const probe::Fetched& fetched : evidence.fetched) {
        if (fetched.kind == probe::FetchedKind::issuer && !fetched.bytes.empty()) chain.fetched.push_back(fetched.bytes);
    }
    chain.name = evidence.target.name;
    chain.port = shown.endpoints.empty() ? std::uint16_t{0} : shown.endpoints.front()->port;
    chain.at = at;
    chain.stapled = shown.stapled;
    chain.issuers_were_fetched = evidence.fetched_issuers || !chain.fetched.empty();
    for (const probe::Endpoint* endpoint : shown.endpoints) chain.tls.push_back(server_tls(*endpoint));
    chain.roots = settings.roots();
    chain.trust = &settings.trust;
    return chain;
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
    diagnose(report, settings.causes(), settings.ids, failure);
    if (!settings.options.brief) {
        find_mends(report, chains, settings);
        find_assumptions(report, chains, settings);
    }
    for (const std::string& word : settings.options.require) {
        if (exit_code(report, {word}) != exit_code(report, {})) report.missing.push_back(word);
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

    const std::vector<ShownChain> shown = group_chains(evidence);
    record_endpoints(report, evidence, shown);
    Recorder recorder(report, settings);
    std::deque<Case> cases;
    std::deque<Judgement> judgements;
    std::vector<JudgedChain> judged;
    for (const ShownChain& chain : shown) {
        cases.push_back(make_case(chain, evidence, settings, report.at));
        describe_chain(report, cases.back(), chain.id);
        judgements.emplace_back(cases.back(), settings);
        judged.push_back({&cases.back(), &judgements.back(), chain.id, who_sees(chain, settings)});
        recorder.add(judgements.back(), cases.back(), chain.id, ids_of(chain), judged.back().wants);
    }
    report.differences = differences(report, shown);
    conclude(report, judged, settings, evidence.error);
    return report;
}

}  // namespace truename::doctor
