#include "doctor/render/html_dialog.h"

#include <algorithm>

#include "base/text.h"
#include "doctor/render/view.h"

namespace truename::doctor {

namespace {

constexpr std::string_view kWarningSign =
    R"svg(<svg viewBox="0 0 32 32" role="img" aria-label="Warning sign"><path d="M16 3 30.5 29h-29z" fill="#f5c242" stroke="#6b4a00" stroke-width="1.6" stroke-linejoin="round"/><path d="M16 12v8.5M16 23.6v2.2" stroke="#3a2800" stroke-width="2.6" stroke-linecap="round"/></svg>)svg";

bool is_same(const DialogStep& a, const DialogStep& b) {
    return a.title == b.title && a.lines == b.lines && a.buttons == b.buttons && a.text == b.text && a.checkboxes == b.checkboxes;
}

// `windows` of `windows-10`: what decides how a window is drawn.
std::string_view family(std::string_view platform) {
    return platform.substr(0, platform.find_first_of("-0123456789"));
}

bool is_same(const Verdict& a, const Verdict& b) {
    return family(a.platform) == family(b.platform) && a.outcome == b.outcome && a.asks_again == b.asks_again &&
           a.dialog->id == b.dialog->id &&
           std::equal(a.dialog->steps.begin(), a.dialog->steps.end(), b.dialog->steps.begin(), b.dialog->steps.end(),
                      [](const DialogStep& x, const DialogStep& y) { return is_same(x, y); });
}

void draw_bar(Html& html, const DialogStep& step) {
    if (!step.title) return;
    html.open("div", {{"class", "bar"}}).raw(R"(<span class="lights" aria-hidden="true"><span></span><span></span><span></span></span>)");
    html.element("b", *step.title).raw("<i aria-hidden=\"true\">✕</i>").close("div");
}

void draw_window(Html& html, const DialogStep& step, std::string_view label) {
    const bool bare = step.looks == "log" || (!step.title && step.buttons.empty());
    html.open("div", {{"class", (bare ? "window plain " : "window ") + step.looks}, {"role", "group"}, {"aria-label", label}});
    draw_bar(html, step);
    html.open("div", {{"class", "body"}});
    if (!bare) html.raw(kWarningSign);
    html.open("div", {{"class", "lines"}});
    if (step.lines.empty() && !step.text.empty()) html.element("p", step.text, {{"class", "main"}});
    const std::vector<std::string_view> told = split(step.text, '\n');  // several problems, a line each
    for (const std::string& line : step.lines) {
        const bool is_told = step.lines.size() > 1 && std::find(told.begin(), told.end(), line) != told.end();
        html.element("p", line, {{"class", is_told ? "main" : ""}});
    }
    if (!step.complete)
        html.element("p", step.lines.empty() ? "(its words are not known)" : "(more of its words are not known)", {{"class", "soft"}});
    for (const auto& [box, checked] : step.checkboxes) html.element("p", (checked ? "☑ " : "☐ ") + box);
    html.close("div").close("div");
    if (!step.buttons.empty()) {
        html.open("div", {{"class", "buttons"}});
        for (const std::string& button : step.buttons)
            html.element("span", button.empty() ? "(label not known)" : button, {{"class", "button"}});
        html.close("div");
    }
    html.close("div");
}

}  // namespace

std::vector<SameDialog> distinct_dialogs(const Report& report) {
    std::vector<SameDialog> dialogs;
    for (const Chain& chain : report.chains) {
        for (const Verdict* verdict : sorted_verdicts(report, chain.id)) {
            if (!verdict->dialog || verdict->dialog->steps.empty()) continue;
            const auto same =
                std::find_if(dialogs.begin(), dialogs.end(), [&](const SameDialog& d) { return is_same(*d.first, *verdict); });
            SameDialog& shown = same == dialogs.end() ? dialogs.emplace_back(SameDialog{verdict, {verdict->title}}) : *same;
            const bool names_chain = report.chains.size() > 1 && (shown.chains.empty() || shown.chains.back() != chain.id);
            if (names_chain) shown.chains.push_back(chain.id);
            if (std::find(shown.titles.begin(), shown.titles.end(), verdict->title) == shown.titles.end())
                shown.titles.push_back(verdict->title);
        }
    }
    return dialogs;
}

void draw_dialog(Html& html, const SameDialog& dialog) {
    const Verdict& verdict = *dialog.first;
    const std::string clients = join(dialog.titles, ", ");
    html.open("figure", {{"data-platform", verdict.platform}, {"lang", verdict.dialog->lang}});
    html.open("figcaption", {{"lang", "en"}}).element("b", clients).open("span", {{"class", "soft"}});
    std::string note = outcome_label(verdict.outcome);
    if (const std::string more = remark(verdict); !more.empty()) note += ": " + more;
    if (!verdict.codes.empty()) note += " · " + join(verdict.codes, ", ");
    if (!dialog.chains.empty()) note += " · chain " + join(dialog.chains, ", ");
    html.text(note).close("span").close("figcaption");
    bool first = true;
    for (const DialogStep& step : verdict.dialog->steps) {
        if (!first) html.element("p", "Then, after a button:", {{"class", "then"}, {"lang", "en"}});
        draw_window(html, step, "What " + clients + " shows");
        first = false;
    }
    html.close("figure");
}

}  // namespace truename::doctor
