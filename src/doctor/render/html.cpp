#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "doctor/render.h"
#include "doctor/render/html_dialog.h"
#include "doctor/render/html_style.h"
#include "doctor/render/html_tags.h"
#include "doctor/render/view.h"

namespace truename::doctor {

namespace {

constexpr std::size_t kNames = 60;  // of one certificate; JSON has them all

std::string_view worst_of(const Report& report) {
    static constexpr std::string_view kWorst[] = {"silent", "warns", "refuses", "not-judged"};
    return kWorst[report.exit >= 0 && report.exit <= 3 ? report.exit : 3];
}

void mark(Html& html, std::string_view outcome, std::string_view text) {
    html.element("span", text, {{"class", "mark " + std::string(outcome)}});
}

void head(Html& html, const Report& report) {
    html.open("header").open("h1").text("What mail clients say to").raw(" ").element("b", report.target.name).close("h1");
    std::string line = effort_label(report) + " · judged for " + format_date(report.at);
    const std::vector<std::string> list = addresses(report);
    if (!list.empty()) line = join(list, ", ") + " · " + line;
    html.element("p", line, {{"class", "soft"}});
    html.open("div", {{"class", "act " + std::string(worst_of(report))}}).element("p", report.headline, {{"class", "say"}});
    for (const std::string& sentence : report.differences) html.element("p", sentence, {{"class", "hint"}});
    for (const std::string& hint : report.hints) html.element("p", hint, {{"class", "hint"}});
    for (const std::string& missing : report.missing) html.element("p", "Required and not judged: " + missing, {{"class", "hint"}});
    html.open("ul", {{"class", "counts"}, {"aria-label", "Clients by what they say"}});
    const auto numbers = count_outcomes(report);
    for (const Outcome outcome : {Outcome::refuses, Outcome::warns, Outcome::not_judged, Outcome::silent}) {
        const unsigned number = numbers[static_cast<std::size_t>(outcome)];
        if (number == 0) continue;
        html.open("li");
        mark(html, name_of(outcome), outcome_label(number, outcome));
        html.close("li");
    }
    html.close("ul").close("div").close("header");
}

void verdict_row(Html& html, const Report& report, const Verdict& verdict) {
    const bool quiet = verdict.outcome == Outcome::silent && verdict.verifies == Verifies::all;
    html.open("tr", {{"class", quiet ? "quiet" : ""}}).open("th", {{"scope", "row"}}).text(verdict.title);
    std::string details = verdict.version;
    if (!verdict.platform.empty()) details += (details.empty() ? "" : " · ") + verdict.platform;
    if (verdict.name != report.target.name) details += (details.empty() ? "" : " · ") + ("as " + verdict.name);
    if (!details.empty()) html.raw("<br>").element("span", details, {{"class", "soft"}});
    html.close("th").open("td", {{"class", "short"}});
    mark(html, name_of(verdict.outcome), outcome_label(verdict.outcome));
    html.close("td");
    if (knows_reaches(report))
        html.element("td", reaches_label(verdict.reaches), {{"data-label", "reaches the server"}, {"class", "short"}});
    html.open("td", {{"class", "wide"}});
    const bool speaks = verdict.outcome == Outcome::warns || verdict.outcome == Outcome::refuses;
    const std::string text = speaks ? spoken(verdict) : std::string();
    if (!text.empty()) html.element("span", text, {{"class", "quote"}});
    if (const std::string more = remark(report, verdict); !more.empty())
        html.raw(text.empty() ? "" : "<br>").element("span", more, {{"class", "soft"}});
    html.close("td").element("td", name_of(verdict.confidence), {{"data-label", "known by"}, {"class", "soft short known"}}).close("tr");
}

void verdicts(Html& html, const Report& report) {
    if (report.verdicts.empty()) return;
    html.element("h2", "What each client says");
    for (const Chain& chain : report.chains) {
        const NewVerdicts fresh = new_verdicts(report, chain);
        if (fresh.list.empty() && fresh.same == 0) continue;
        if (report.chains.size() > 1) html.element("h3", "To chain " + chain.id);
        if (fresh.same != 0) {
            const std::string some = counted(fresh.same, "client") + (fresh.same == 1 ? " says" : " say");
            html.element("p", (fresh.list.empty() ? "All say" : some) + " the same as to chain " + fresh.like + ".", {{"class", "soft"}});
        }
        if (fresh.list.empty()) continue;
        html.open("table").open("thead").open("tr");
        html.element("th", "Client", {{"scope", "col"}}).element("th", "Says", {{"scope", "col"}});
        if (knows_reaches(report)) html.element("th", "Reaches the server", {{"scope", "col"}});
        html.element("th", "In its own words", {{"scope", "col"}}).element("th", "Known by", {{"scope", "col"}});
        html.close("tr").close("thead").open("tbody");
        for (const Verdict* verdict : fresh.list) {
            if (html.is_full()) break;
            verdict_row(html, report, *verdict);
        }
        html.close("tbody").close("table");
    }
}

void dialogs(Html& html, const Report& report) {
    const std::vector<SameDialog> list = distinct_dialogs(report);
    if (list.empty()) return;
    html.element("h2", "What users see").open("div", {{"class", "windows"}});
    for (const SameDialog& dialog : list) {
        if (html.is_full()) break;
        draw_dialog(html, dialog);
    }
    html.close("div");
}

void cause(Html& html, const Report& report, const Cause& cause) {
    html.open("div", {{"class", "card"}}).open("p").element("span", cause.id, {{"class", "id"}}).text(cause.text).close("p");
    if (!cause.others.empty()) html.element("p", cause.others);
    if (!cause.clients.empty()) {
        html.element("p", touched_label(report, cause) + ": " + join(titles(report, cause.clients), ", "), {{"class", "soft"}});
    }
    if (cause.assuming && !report.from_request) html.element("p", "Ask again with " + *cause.assuming + " to see it.", {{"class", "soft"}});
    html.close("div");
}

void why(Html& html, const Report& report) {
    if (!report.causes.empty()) html.element("h2", "Why");
    for (const Cause& one : report.causes) cause(html, report, one);
}

void steps(Html& html, const Mend& mend) {
    bool in_lines = false;
    for (const std::string& step : mend.steps) {
        const bool is_line = !is_sentence(step);
        if (is_line && !in_lines) html.open("pre");
        if (!is_line && in_lines) html.close("pre");
        in_lines = is_line;
        if (is_line)
            html.text(step).raw("\n");
        else
            html.element("p", step);
    }
    if (in_lines) html.close("pre");
}

void mends(Html& html, const Report& report) {
    if (report.mends.empty()) return;
    html.element("h2", "What mends it").open("ol", {{"class", "mends"}});
    for (const Mend& mend : report.mends) {
        html.open("li", {{"class", "card"}}).open("p").element("span", mend.id, {{"class", "id"}}).text(mend.text).close("p");
        if (const std::string effect = effect_label(report, mend); !effect.empty()) html.element("p", effect, {{"class", "effect"}});
        steps(html, mend);
        for (const std::string& note : effect_notes(report, mend)) html.element("p", note, {{"class", "soft"}});
        html.close("li");
    }
    html.close("ol");
    for (const Cause& one : report.causes) {
        if (one.shortcut.empty()) continue;
        html.open("p", {{"class", "soft"}}).element("b", "What not to do.").raw(" ").text(one.shortcut).close("p");
    }
}

void also(Html& html, const Report& report) {
    if (!report.also.empty()) html.element("h2", "Also");
    for (const Cause& one : report.also) cause(html, report, one);
}

void endpoints(Html& html, const Report& report) {
    if (report.endpoints.empty()) return;
    html.element("h2", "Where it was asked").open("table").open("thead").open("tr");
    for (const char* title : {"Port", "Answer", "TLS", "Address"}) html.element("th", title, {{"scope", "col"}});
    html.close("tr").close("thead").open("tbody");
    for (const EndpointGroup& group : grouped_endpoints(report)) {
        if (html.is_full()) break;
        html.open("tr").element("th", std::to_string(group.first->port) + " " + protocol_label(*group.first), {{"scope", "row"}});
        html.element("td", state_label(*group.first)).element("td", group.first->tls_version.value_or(""));
        html.element("td", join(group.addresses, ", "), {{"class", "soft"}}).close("tr");
    }
    html.close("tbody").close("table");
}

void certificate(Html& html, const Certificate& one, std::size_t position) {
    html.open("p").element("b", std::to_string(position + 1)).raw(" ").text(one.subject.empty() ? "(no subject)" : one.subject).close("p");
    std::string line = "issued by " + (one.issuer.empty() ? std::string("nobody named") : one.issuer);
    if (one.not_before && one.not_after) line += " · " + format_date(*one.not_before) + " to " + format_date(*one.not_after);
    html.element("p", line + " · " + one.key + " · " + one.signature, {{"class", "soft"}});
    html.element("p", "SHA-256 " + one.sha256, {{"class", "soft"}});
}

void chains(Html& html, const Report& report) {
    if (!report.chains.empty()) html.element("h2", report.predicted ? "What would be shown" : "What the server shows");
    for (const Chain& chain : report.chains) {
        if (html.is_full()) break;
        html.open("div", {{"class", "card"}}).element("h3", "Chain " + chain.id + ": " + chain_label(report, chain));
        if (!chain.certificates.empty()) {
            const std::vector<std::string>& names = chain.certificates.front().names;
            html.element("p", names.empty() ? "It has no names." : "Its names, in their order:").open("ol", {{"class", "names"}});
            for (std::size_t i = 0; i < std::min(names.size(), kNames); ++i) html.element("li", names[i]);
            html.close("ol");
            if (names.size() > kNames) html.element("p", "and " + std::to_string(names.size() - kNames) + " more", {{"class", "soft"}});
        }
        for (std::size_t i = 0; i < chain.certificates.size() && !html.is_full(); ++i) certificate(html, chain.certificates[i], i);
        html.close("div");
    }
}

void findings(Html& html, const Report& report) {
    if (report.findings.empty()) return;
    html.element("h2", "Findings").open("table").open("thead").open("tr");
    for (const char* title : {"Finding", "What is so", "About", "Standard"}) html.element("th", title, {{"scope", "col"}});
    html.close("tr").close("thead").open("tbody");
    for (const ReportFinding& finding : report.findings) {
        if (html.is_full()) break;
        const FindingInfo& row = info(finding.id);
        std::string about = finding.chain ? "chain " + *finding.chain : finding.endpoint.value_or("");
        if (finding.field != Field::none) about += (about.empty() ? "" : " · ") + std::string(name_of(finding.field));
        std::string what(row.title);
        if (!finding.found.empty()) what += ": " + finding.found;
        html.open("tr").element("th", row.name, {{"scope", "row"}}).element("td", what).element("td", about, {{"class", "soft"}});
        html.element("td", row.standard, {{"class", "soft"}}).close("tr");
    }
    html.close("tbody").close("table");
}

void body(Html& html, const Report& report) {
    html.open("article", {{"class", "report"}});
    head(html, report);
    dialogs(html, report);
    verdicts(html, report);
    why(html, report);
    mends(html, report);
    also(html, report);
    endpoints(html, report);
    chains(html, report);
    findings(html, report);
    html.close("article");
}

void page(Html& html, std::string_view title) {
    html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw(
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
    html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
    html.element("title", title).raw("\n").raw(html_style()).raw("</head>\n<body>\n<main>\n");
}

std::string finished(Html& html, bool cut) {
    html.open("footer", {{"class", "soft"}});
    if (cut) html.element("p", "This page was cut to stay small; the JSON output has everything.");
    html.element("p", "Made by truename. No client was asked: each line follows from what is known about the client.").close("footer");
    html.raw("</main>\n</body>\n</html>\n");
    return html.take();
}

}  // namespace

std::string render_html(const Report& report) {
    Html html;
    page(html, "truename: " + report.target.name);
    body(html, report);
    return finished(html, html.is_full());
}

std::string render_html(const std::vector<Report>& reports) {
    Html html;
    page(html, "truename: " + counted(reports.size(), "target"));
    std::size_t shown = 0;
    for (; shown < reports.size() && !html.is_full(); ++shown) body(html, reports[shown]);
    return finished(html, html.is_full());
}

}  // namespace truename::doctor
