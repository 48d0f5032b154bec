#include "doctor/behind_order.h"

#include <algorithm>
#include <deque>
#include <map>

#include "doctor/describe.h"
#include "doctor/diagnosis.h"
#include "doctor/examination.h"
#include "doctor/record.h"
#include "doctor/what_if.h"

namespace truename::doctor {

namespace {

// The server's certificate and its issuers first, then what else was sent: a root at hand is not one that cannot be found.
void put_in_order(Case& chain, const JudgedChain& judged) {
    send_in_order(chain, judged);
    for (const ByteString& der : judged.chain->presented) {
        if (std::find(chain.presented.begin(), chain.presented.end(), der) == chain.presented.end()) chain.presented.push_back(der);
    }
}

// The report as it would be with every chain in its order. What is wrong with ports and TLS is told already, so they are left out.
class Ordered {
  public:
    Ordered(const Report& report, const std::vector<JudgedChain>& chains, Settings::Impl& settings) {
        report_.target = report.target;
        report_.at = report.at;
        report_.predicted = report.predicted;
        report_.clients = report.clients;
        Recorder recorder(report_, settings);
        for (const JudgedChain& judged : chains) add(judged, recorder, settings);
        report_.near_expiry = std::any_of(report_.findings.begin(), report_.findings.end(),
                                          [](const ReportFinding& f) { return f.id == FindingId::validity_near_expiry; });
        diagnose(report_, settings.causes(), std::nullopt);
        find_mends(report_, judged_, settings);
    }

    [[nodiscard]] const Report& report() const { return report_; }

  private:
    void add(const JudgedChain& judged, Recorder& recorder, Settings::Impl& settings) {
        cases_.push_back(*judged.chain);
        Case& chain = cases_.back();
        if (is_out_of_order(judged)) put_in_order(chain, judged);
        if (chain_named(report_, judged.id) == nullptr) describe_chain(report_, chain, judged.id);
        judgements_.emplace_back(chain, settings);
        judged_.push_back({&chain, &judgements_.back(), judged.id, judged.wants});
        std::optional<Audience> audience;
        if (!judged.wants.empty()) audience.emplace();
        for (const bool wants : judged.wants) audience->push_back(wants ? std::vector<std::string>{judged.id} : std::vector<std::string>());
        recorder.add(judgements_.back(), chain, judged.id, audience);
    }

    Report report_;
    std::deque<Case> cases_;
    std::deque<Judgement> judgements_;
    std::vector<JudgedChain> judged_;
};

bool is_same(const Cause& one, const Cause& other) {
    return one.kind == other.kind && one.text == other.text;
}

bool silences_all(const Mend& mend) {
    return mend.rejudged && mend.left.empty();
}

bool is_told(const Report& report, const ReportFinding& finding) {
    return std::any_of(report.findings.begin(), report.findings.end(), [&](const ReportFinding& one) {
        return one.id == finding.id && one.chain == finding.chain && one.certificate == finding.certificate && one.found == finding.found;
    });
}

// What a cause rests on; the paths are those of another judgement.
void add_findings(Report& report, const Report& ordered, const Cause& cause) {
    for (ReportFinding finding : ordered.findings) {
        const bool is_meant = finding.chain && std::find(cause.chains.begin(), cause.chains.end(), *finding.chain) != cause.chains.end() &&
                              std::find(cause.findings.begin(), cause.findings.end(), finding.id) != cause.findings.end();
        if (!is_meant || is_told(report, finding)) continue;
        finding.path.reset();
        report.findings.push_back(std::move(finding));
    }
}

// The ids here of the causes there: those that are told already, and those that are added.
std::map<std::string, std::string> add_causes(Report& report, const Report& ordered) {
    std::map<std::string, std::string> ids;
    for (Cause cause : ordered.causes) {
        if (cause.chains.empty()) continue;  // of the client's TLS
        const std::string there = cause.id;
        const auto told = std::find_if(report.causes.begin(), report.causes.end(), [&](const Cause& one) { return is_same(one, cause); });
        if (told != report.causes.end()) {
            ids[there] = told->id;
            for (const std::string& chain : cause.chains) add_once(told->chains, chain);
            for (const std::string& client : cause.clients) add_once(told->clients, client);
            continue;
        }
        cause.id = ids[there] = next_cause_id(report, there.front());
        cause.others.clear();  // those who would be silent are not yet
        add_findings(report, ordered, cause);
        report.causes.push_back(std::move(cause));
    }
    return ids;
}

void add_mends(Report& report, const Report& ordered, const std::map<std::string, std::string>& ids) {
    if (std::any_of(report.mends.begin(), report.mends.end(), silences_all)) return;
    for (Mend mend : ordered.mends) {
        const bool is_there = std::any_of(report.mends.begin(), report.mends.end(), [&](const Mend& one) { return one.kind == mend.kind; });
        std::vector<std::string> causes;
        for (const std::string& id : mend.causes) {
            if (const auto here = ids.find(id); here != ids.end()) causes.push_back(here->second);
        }
        if (is_there || causes.empty() || report.mends.size() == kMostMends) continue;
        mend.id = std::to_string(report.mends.size() + 1);
        mend.causes = std::move(causes);
        report.mends.push_back(std::move(mend));
    }
}

}  // namespace

void look_behind_order(Report& report, const std::vector<JudgedChain>& chains, Settings::Impl& settings) {
    if (std::none_of(chains.begin(), chains.end(), is_out_of_order)) return;
    const Ordered ordered(report, chains, settings);
    const std::size_t before = report.causes.size();
    const auto ids = add_causes(report, ordered.report());
    if (report.causes.size() > before) add_mends(report, ordered.report(), ids);
}

}  // namespace truename::doctor
