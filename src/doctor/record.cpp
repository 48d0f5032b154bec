#include "doctor/record.h"

#include <algorithm>

#include "base/text.h"
#include "doctor/describe.h"
#include "x509/name.h"

namespace truename::doctor {

namespace {

constexpr std::size_t kMostFindings = 400;   // of one report; a hostile chain could fill the memory
constexpr std::size_t kLongestText = 4'000;  // of what a finding was about

// The words of clients and of reports are the same, in the same order.
static_assert(static_cast<int>(clients::Outcome::not_judged) == static_cast<int>(Outcome::not_judged));
static_assert(static_cast<int>(clients::Reaches::not_judged) == static_cast<int>(Reaches::not_judged));
static_assert(static_cast<int>(clients::Verifies::nothing) == static_cast<int>(Verifies::nothing));
static_assert(static_cast<int>(clients::Confidence::inferred) == static_cast<int>(Confidence::inferred));

AnchorOrigin origin_of(const clients::Verdict& verdict) {
    if (verdict.path.end != verify::PathEnd::anchor) return AnchorOrigin::none;
    switch (verdict.anchor) {
        case clients::When::AnchorIs::shipped:
            return AnchorOrigin::shipped;
        case clients::When::AnchorIs::added:
            return AnchorOrigin::added;
        case clients::When::AnchorIs::any:
        case clients::When::AnchorIs::none:
            break;
    }
    return AnchorOrigin::none;
}

// The row of data/causes that tells it.
std::string_view cause_of(clients::Barrier barrier) {
    switch (barrier) {
        case clients::Barrier::none:
            break;
        case clients::Barrier::name:
            return "name-needed";
        case clients::Barrier::old_client:
            return "client-old";
        case clients::Barrier::old_server:
            return "tls-version";
        case clients::Barrier::key:
            return "tls-cipher";
    }
    return {};
}

Dialog make_dialog(const clients::AskedDialog& asked, std::string_view lang) {
    clients::ShownDialog shown = clients::show(asked, lang);
    Dialog dialog{std::string(shown.id), std::move(shown.lang), std::move(shown.values), {}};
    for (clients::ShownStep& step : shown.steps) {
        DialogStep made;
        made.title = std::move(step.title);
        made.text = std::move(step.text);
        made.lines = std::move(step.lines);
        if (made.text.empty() && !made.lines.empty()) made.text = made.lines.front();
        made.complete = step.complete;
        for (clients::ShownStep::ShownButton& button : step.buttons) made.buttons.push_back(std::move(button.label));
        made.checkboxes = std::move(step.checkboxes);
        made.looks = clients::name_of(step.looks);
        dialog.steps.push_back(std::move(made));
    }
    return dialog;
}

std::string word_of(const clients::Fact<clients::Lasts>& lasts) {
    return lasts.known ? std::string(clients::name_of(lasts.value)) : "unknown";
}

Yes make_yes(const clients::Yes& yes, const clients::AskedDialog& asked, std::string_view lang) {
    Yes made;
    made.lasts = word_of(yes.lasts);
    if (yes.choice) {
        made.choice = clients::show(asked, *yes.choice, lang);
        made.otherwise = word_of(yes.otherwise);
    }
    made.covers = yes.covers.known ? std::string(clients::name_of(yes.covers.value)) : "unknown";
    if (!yes.bound_to.known) return made;
    for (const clients::BoundTo bit : {clients::BoundTo::host, clients::BoundTo::port, clients::BoundTo::certificate, clients::BoundTo::key,
                                       clients::BoundTo::error_kinds}) {
        if ((yes.bound_to.value & static_cast<std::uint8_t>(bit)) != 0) made.bound_to.emplace_back(clients::name_of(bit));
    }
    return made;
}

}  // namespace

std::string chain_id(std::size_t number) {
    std::string id(1, static_cast<char>('A' + number % 26));
    return number < 26 ? id : chain_id(number / 26 - 1) + id;
}

std::string Recorder::path_of(Judgement& judgement, const clients::Verdict& verdict, const std::string& chain) {
    const auto [at, is_new] = paths_.try_emplace(*verdict.path.path, report_.paths.size());
    const verify::Path& path = judgement.verification().path(*verdict.path.path);
    if (is_new) {
        Path made;
        made.id = std::to_string(report_.paths.size() + 1);
        made.chain = chain;
        for (const verify::NodeIndex node : path.nodes) made.certificates.push_back(to_hex(judgement.verification().fingerprint(node)));
        report_.paths.push_back(std::move(made));
    }
    Path& made = report_.paths[at->second];
    const AnchorOrigin origin = origin_of(verdict);
    const bool ends = verdict.path.end == verify::PathEnd::anchor || verdict.path.end == verify::PathEnd::untrusted_root ||
                      verdict.path.end == verify::PathEnd::self_signed || verdict.path.end == verify::PathEnd::distrusted;
    if (ends && (!made.anchor || origin < made.anchor->origin)) {
        const verify::Node& last = judgement.verification().node(path.nodes.back());
        made.anchor = Anchor{made.certificates.back(), last.certificate ? x509::to_string(last.certificate->subject) : "", origin};
    }
    return made.id;
}

Verdict Recorder::make_verdict(Judgement& judgement, std::size_t profile, const std::string& chain) {
    const clients::Verdict& verdict = judgement.verdicts()[profile];
    Verdict made;
    made.id = settings_.ids[profile];
    made.client = verdict.profile->product;
    made.version = verdict.profile->version;
    made.platform = verdict.profile->platform;
    made.title = verdict.profile->name;
    made.retired = verdict.profile->retired;
    made.outcome = static_cast<Outcome>(verdict.outcome);
    made.reaches = static_cast<Reaches>(verdict.reaches);
    made.barrier = cause_of(verdict.barrier);
    made.verifies = static_cast<Verifies>(verdict.verifies);
    made.confidence = static_cast<Confidence>(verdict.confidence);
    if (verdict.dialog && verdict.dialog->dialog != nullptr) made.dialog = make_dialog(*verdict.dialog, settings_.options.lang);
    made.codes.assign(verdict.codes.begin(), verdict.codes.end());
    made.asks_again = verdict.asks_again;
    if (verdict.yes && made.dialog) made.yes = make_yes(*verdict.yes, *verdict.dialog, made.dialog->lang);
    for (const verify::Placed& placed : verdict.findings) {
        if (std::find(made.findings.begin(), made.findings.end(), placed.finding->id) == made.findings.end()) {
            made.findings.push_back(placed.finding->id);
        }
    }
    if (!verdict.why.empty()) made.why = verdict.why;
    made.chain = chain;
    if (verdict.path.path) made.path = path_of(judgement, verdict, chain);
    return made;
}

void Recorder::add(Judgement& judgement, const Case& chain, const std::string& id, const std::optional<Audience>& audience) {
    paths_.clear();
    seen_paths_.clear();
    seen_.clear();
    for (std::size_t i = 0; i < judgement.verdicts().size(); ++i) {
        if (audience && (*audience)[i].empty()) continue;
        Verdict verdict = make_verdict(judgement, i, id);
        verdict.name = chain.name;
        if (audience) verdict.endpoints = (*audience)[i];
        add_findings(judgement, judgement.verdicts()[i].path, id, verdict.path, chain.name);
        report_.verdicts.push_back(std::move(verdict));
    }
}

void Recorder::add_findings(Judgement& judgement, const verify::FoundPath& found, const std::string& chain,
                            const std::optional<std::string>& path, const std::string& name) {
    if (!seen_paths_.emplace(found.path.has_value(), found.path.value_or(0), found.end).second) return;
    for (const verify::Placed& placed : judgement.verification().findings(found)) add_finding(judgement, placed, chain, path, name);
}

void Recorder::add_finding(Judgement& judgement, const verify::Placed& placed, const std::string& chain,
                           const std::optional<std::string>& path, const std::string& name) {
    const Finding& finding = *placed.finding;
    const bool of_path = placed.subject == verify::Subject::path;
    const auto subject = static_cast<std::uint32_t>(placed.subject);
    const bool is_full = report_.findings.size() >= kMostFindings && finding.id != FindingId::work_budget;  // which is always told
    if (is_full || !seen_.emplace(finding.id, placed.node, subject, finding.found).second) return;
    ReportFinding made;
    made.id = finding.id;
    made.chain = chain;
    if (of_path) made.path = path;
    if (placed.node < judgement.verification().node_count()) {
        made.certificate = to_hex(judgement.verification().fingerprint(placed.node));
    }
    if (placed.subject == verify::Subject::name) made.name = name;
    made.field = finding.field;
    made.expected = finding.expected;
    made.found = finding.found;
    clip(made.expected, kLongestText);
    clip(made.found, kLongestText);
    report_.findings.push_back(std::move(made));
}

}  // namespace truename::doctor
