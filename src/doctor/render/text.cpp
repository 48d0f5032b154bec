#include "base/text.h"

#include <algorithm>

#include "doctor/render.h"
#include "doctor/render/layout.h"
#include "doctor/render/view.h"

// Columns are filled before colours are put on, so that a colour never moves a column.
namespace truename::doctor {

namespace {

constexpr std::size_t kRows = 14;       // verdicts of a chain that are shown without --verbose
constexpr std::size_t kSilentRows = 3;  // silent ones that are shown in any case
constexpr std::size_t kNames = 12;      // names of a certificate that are shown without --verbose

class TextReport {
  public:
    TextReport(const Report& report, const TextOptions& options)
        : report_(report), options_(options), width_(std::max(options.width, 40u)) {}

    std::string render() {
        out_ += hanging("", painted("1", safe_text(report_.headline)), width_);
        for (const std::string& sentence : report_.differences) out_ += hanging("", safe_text(sentence), width_);
        for (const std::string& hint : report_.hints) out_ += hanging("", safe_text(hint), width_);
        head();
        for (const Chain& chain : report_.chains) show_chain(chain);
        for (const Chain& chain : report_.chains) verdicts(chain);
        why();
        mend();
        also();
        if (options_.verbose) findings();
        return std::move(out_);
    }

  private:
    std::string painted(const char* colour, const std::string& text) const {
        return options_.colour ? "\x1b[" + std::string(colour) + "m" + text + "\x1b[0m" : text;
    }

    const char* colour_of(Outcome outcome) const {
        return outcome == Outcome::silent ? "32" : outcome == Outcome::warns ? "33" : outcome == Outcome::refuses ? "31" : "2";
    }

    void head() {
        std::string title = safe_text(report_.target.name);
        const std::vector<std::string> list = addresses(report_);
        if (!list.empty() && (list.size() > 1 || list[0] != report_.target.name)) title += " (" + safe_text(join(list, ", ")) + ")";
        const std::string effort = effort_label(report_);
        const bool fits = display_width(title) + 3 + display_width(effort) <= width_;
        out_ += "\n" + (fits ? both_ends(title, effort, width_) : title + "\n" + effort) + "\n";
        const std::vector<EndpointGroup> groups = grouped_endpoints(report_);
        std::size_t column = 0, port_column = 5;
        for (const EndpointGroup& group : groups) {
            column = std::max(column, display_width(protocol_label(*group.first)));
            port_column = std::max(port_column, std::to_string(group.first->port).size() + 2);
        }
        for (const EndpointGroup& group : groups) {
            const std::string port = std::to_string(group.first->port);
            std::string line = std::string(port_column - port.size(), ' ') + port + " " + padded(protocol_label(*group.first), column + 3);
            std::string state = safe_text(state_label(*group.first));
            if (group.first->sni.empty() && group.first->chain && !is_address(report_.target.name)) state += " (no name in the hello)";
            if (list.size() > 1 && group.addresses.size() < list.size()) state += " · " + safe_text(join(group.addresses, ", "));
            out_ += hanging(line, state, width_);
        }
        for (const std::string& missing : report_.missing) out_ += "  required and not judged: " + safe_text(missing) + "\n";
    }

    void show_chain(const Chain& chain) {
        out_ += hanging("  chain " + chain.id + "  ", safe_text(chain_label(report_, chain)), width_);
        if (chain.certificates.empty()) return;
        const std::vector<std::string>& names = chain.certificates.front().names;
        const std::string first = "           names: ";
        const std::size_t shown = options_.verbose ? names.size() : std::min(names.size(), kNames);
        std::string line = first;
        std::size_t used = 0;
        for (std::size_t i = 0; i < shown; ++i) {
            const bool is_long = names[i].size() > 253 && !options_.verbose;  // no host name is longer
            const std::string name =
                std::to_string(i + 1) + " " + safe_text(names[i].substr(0, is_long ? 253 : names[i].size())) + (is_long ? "…" : "");
            const std::size_t size = display_width(name) + 2;
            if (used != 0 && first.size() + used + size > width_) {
                line += "\n" + std::string(first.size(), ' ');
                used = 0;
            }
            line += (used == 0 ? "" : "  ") + name;
            used += size;
        }
        if (names.empty()) line += "none";
        out_ += line + "\n";
        if (shown < names.size()) out_ += std::string(first.size(), ' ') + "and " + std::to_string(names.size() - shown) + " more\n";
    }

    void verdicts(const Chain& chain) {
        NewVerdicts fresh = new_verdicts(report_, chain);
        if (options_.verbose) fresh = {sorted_verdicts(report_, chain.id), 0, ""};
        const std::vector<const Verdict*>& sorted = fresh.list;
        if (sorted.empty() && fresh.same == 0) return;
        out_ += "\n";
        if (sorted.empty()) {
            out_ += "  To chain " + chain.id + ": the same as to chain " + fresh.like + ".\n";
            return;
        }
        if (report_.chains.size() > 1) out_ += "  To chain " + chain.id + ":\n";
        const std::size_t shown = shown_rows(sorted);
        std::size_t column = 0, words = 0;
        for (std::size_t i = 0; i < shown; ++i) {
            column = std::max(column, display_width(safe_text(label_of(*sorted[i]))));
            words = std::max(words, display_width(outcome_label(sorted[i]->outcome)));
        }
        const bool reaches = knows_reaches(report_);
        if (reaches) out_ += "  " + padded("", column + 3) + padded("says", words + 3) + "reaches\n";
        for (std::size_t i = 0; i < shown; ++i) verdict_row(*sorted[i], column, words, reaches);
        rest(sorted.size() - shown, fresh);
    }

    std::string label_of(const Verdict& verdict) const {
        const bool several = std::any_of(report_.verdicts.begin(), report_.verdicts.end(), [&](const Verdict& v) {
            return &v != &verdict && v.title == verdict.title && v.chain == verdict.chain && v.name != verdict.name;
        });
        return several ? verdict.title + " as " + verdict.name : verdict.title;
    }

    std::size_t shown_rows(const std::vector<const Verdict*>& sorted) const {
        if (options_.verbose || sorted.size() <= kRows) return sorted.size();
        std::size_t notable = 0;
        while (notable < sorted.size() && (sorted[notable]->outcome != Outcome::silent || sorted[notable]->verifies != Verifies::all))
            ++notable;
        return std::min(sorted.size(), notable + kSilentRows);
    }

    void verdict_row(const Verdict& verdict, std::size_t column, std::size_t words, bool reaches) {
        std::string line = "  " + padded(safe_text(label_of(verdict)), column + 3);
        line += painted(colour_of(verdict.outcome), padded(outcome_label(verdict.outcome), words)) + "   ";
        std::size_t used = 2 + column + 3 + words + 3;
        if (reaches) {
            line += padded(reaches_label(verdict.reaches), 10) + "  ";
            used += 12;
        }
        std::string text = verdict.outcome == Outcome::silent || verdict.outcome == Outcome::not_judged ? "" : safe_text(spoken(verdict));
        const std::string more = safe_text(remark(report_, verdict));
        if (!text.empty() && !more.empty()) text += "   ";
        text += more;
        bool first = true;
        for (const std::string& piece : wrapped(text, width_ > used + 24 ? width_ - used : 24)) {
            if (!first) line += "\n" + std::string(used, ' ');
            line += piece;
            first = false;
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out_ += line + "\n";
        if (options_.verbose && verdict.dialog) dialog(*verdict.dialog, verdict);
    }

    void dialog(const Dialog& dialog, const Verdict& verdict) {
        for (const DialogStep& step : dialog.steps) {
            if (step.title) out_ += hanging("      | ", "[" + safe_text(*step.title) + "]", width_);
            for (const std::string& text : step.lines) out_ += hanging("      | ", safe_text(text), width_);
            std::string buttons;
            for (const std::string& button : step.buttons) buttons += "[ " + safe_text(button) + " ]  ";
            for (const auto& [label, checked] : step.checkboxes) {
                out_ += hanging("      | ", (checked ? "[x] " : "[ ] ") + safe_text(label), width_);
            }
            if (!buttons.empty()) out_ += hanging("      | ", trim(buttons), width_);
        }
        if (verdict.codes.size() == 1) out_ += "      | code " + safe_text(verdict.codes.front()) + "\n";
        if (verdict.codes.size() > 1) out_ += hanging("      | codes ", safe_text(join(verdict.codes, ", ")), width_);
    }

    void rest(std::size_t hidden, const NewVerdicts& fresh) {
        std::string line;
        if (hidden != 0) line = "... " + std::to_string(hidden) + " more silent";
        if (fresh.same != 0) line += (line.empty() ? "... " : " · ") + std::to_string(fresh.same) + " the same as to chain " + fresh.like;
        const bool unasked = !report_.predicted && std::any_of(report_.verdicts.begin(), report_.verdicts.end(),
                                                               [](const Verdict& v) { return v.reaches == Reaches::not_asked; });
        if (unasked) line += std::string(line.empty() ? "" : " · ") + "not asked: which of them can speak only older TLS (--deep)";
        if (!line.empty()) out_ += hanging("  ", line, width_);
    }

    void why() {
        if (report_.causes.empty()) return;
        out_ += "\n" + painted("1", "Why") + "\n";
        for (const Cause& cause : report_.causes) {
            entry(cause.id, cause.text, touched_label(report_, cause));
            if (!cause.others.empty()) out_ += hanging("      ", safe_text(cause.others), width_);
        }
    }

    // `right` stands at the end of the first line, and the text keeps to the left of it.
    void entry(std::string_view id, std::string_view text, std::string_view right) {
        const std::string first = "  " + padded(id, 3) + " ";
        const std::size_t taken = display_width(first) + (right.empty() ? 0 : display_width(right) + 3);
        bool begun = false;
        for (const std::string& line : wrapped(safe_text(text), width_ > taken + 30 ? width_ - taken : 30)) {
            const std::string left = (begun ? std::string(display_width(first), ' ') : first) + line;
            out_ += (begun || right.empty() ? left : both_ends(left, right, width_)) + "\n";
            begun = true;
        }
    }

    void mend() {
        if (report_.mends.empty()) return;
        out_ += "\n" + painted("1", "Mend") + "\n";
        for (const Mend& mend : report_.mends) {
            entry(mend.id, mend.text, effect_label(report_, mend));
            for (const std::string& step : mend.steps) {
                // What is to be pasted stays on one line.
                out_ += is_sentence(step) ? hanging("      ", safe_text(step), width_) : "      " + safe_text(step) + "\n";
            }
            for (const std::string& note : effect_notes(report_, mend)) out_ += hanging("      ", safe_text(note), width_);
        }
        for (const Cause& cause : report_.causes) {
            if (!cause.shortcut.empty()) out_ += hanging("  not ", safe_text(cause.shortcut), width_);
        }
    }

    void also() {
        if (report_.also.empty()) return;
        out_ += "\n" + painted("1", "Also") + "\n";
        for (const Cause& cause : report_.also) {
            std::string text = cause.text;
            if (cause.assuming && !report_.from_request) text += " Ask again with " + *cause.assuming + " to see it.";
            out_ += hanging("  " + padded(cause.id, 3) + " ", safe_text(text), width_);
        }
    }

    void findings() {
        if (report_.findings.empty()) return;
        out_ += "\n" + painted("1", "Findings") + "\n";
        for (const ReportFinding& finding : report_.findings) {
            const FindingInfo& row = info(finding.id);
            std::string text = std::string(row.title);
            if (!finding.found.empty()) text += ": " + finding.found;
            if (!finding.expected.empty()) text += " (expected: " + finding.expected + ")";
            if (finding.chain) text += " · chain " + *finding.chain;
            if (finding.endpoint) text += " · " + *finding.endpoint;
            text += " · " + std::string(row.standard);
            out_ += hanging("  " + padded(row.name, 28) + " ", safe_text(text), width_);
        }
    }

    const Report& report_;
    const TextOptions& options_;
    std::size_t width_;
    std::string out_;
};

}  // namespace

std::string render_text(const Report& report, const TextOptions& options) {
    return TextReport(report, options).render();
}

}  // namespace truename::doctor
