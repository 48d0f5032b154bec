#include "doctor/mending.h"

#include <algorithm>

#include "doctor/causes.h"
#include "doctor/describe.h"
#include "doctor/diagnosis.h"
#include "doctor/values.h"
#include "doctor/what_if.h"

namespace truename::doctor {

namespace {

// The file that a line to paste writes (`-out server.csr`); empty when it writes none.
std::string_view file_made_by(std::string_view step) {
    constexpr std::string_view kOut = " -out ";
    const std::size_t at = step.find(kOut);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = step.substr(at + kOut.size());
    return rest.substr(0, rest.find(' '));
}

// The mends that the report's causes name, each once, in the order of mends.toml: least effort first.
std::vector<const MendRow*> candidates(const Report& report, const CauseTable& table, Authority authority) {
    std::vector<bool> named(table.mends.size());
    for (const Cause& cause : report.causes) {
        const CauseRow* row = table.find(cause.kind);
        if (row == nullptr) continue;
        for (const std::uint8_t index : row->mends) named[index] = true;
    }
    const bool is_renewed = std::any_of(report.chains.begin(), report.chains.end(),
                                        [&](const Chain& chain) { return renewal_of(report, chain.id) != nullptr; });
    const MendedName name = is_certifiable(report.target.name) ? MendedName::certifiable : MendedName::inner;
    std::vector<const MendRow*> rows;
    for (std::size_t i = 0; i < named.size(); ++i) {
        const MendRow& row = table.mends[i];
        if ((row.change & kChangeReload) != 0 && !is_renewed) continue;
        if (row.name != MendedName::any && row.name != name) continue;
        if (named[i] && (row.authority == Authority::any || row.authority == authority)) rows.push_back(&row);
    }
    return rows;
}

class Mender {
  public:
    Mender(Report& report, const std::vector<JudgedChain>& chains, Settings::Impl& settings)
        : report_(report), chains_(chains), settings_(settings), table_(settings.causes()) {
        shown_ = chains.empty() ? nullptr : chain_named(report, chains.front().id);
        // Texts speak of the first chain that somebody minds.
        for (const Verdict& verdict : report.verdicts) {
            if (verdict.outcome == Outcome::warns || verdict.outcome == Outcome::refuses) {
                shown_ = chain_named(report, verdict.chain);
                break;
            }
        }
        authority_ = shown_ != nullptr && is_own_authority(report, shown_->id) ? Authority::own : Authority::others;
        values_ = values_for({}, {});
        if (shown_ != nullptr && !shown_->certificates.empty()) names_ = shown_->certificates.front().names;
    }

    void run() {
        const std::vector<bool> speaking = find_speaking();
        const std::vector<const MendRow*> rows = candidates(report_, table_, authority_);
        cover(rows, speaking);
        add_for_uncovered_causes(rows);
        for (const MendRow* row : rows) {
            if (row->change == 0 && report_.mends.size() < kMostMends) add(*row);
        }
        for (const MendRow* row : rows) {
            if (is_for_typing(*row)) try_typing(*row, speaking);
        }
    }

  private:
    // The chain of which one of the findings is true, else the one that texts speak of.
    [[nodiscard]] const Chain* chain_with(const std::vector<FindingId>& findings) const {
        for (const ReportFinding& finding : report_.findings) {
            if (finding.chain && std::find(findings.begin(), findings.end(), finding.id) != findings.end())
                return chain_named(report_, *finding.chain);
        }
        return shown_;
    }

    [[nodiscard]] Values values_for(const std::vector<FindingId>& findings, const std::vector<std::string>& clients) const {
        Values values = make_values(report_, chain_with(findings), findings, clients);
        const bool sorts = !chains_.empty() && chains_.front().chain->sorts_names;
        values.emplace_back("as_ca", std::string(sorts ? "sorts" : "keeps") + (authority_ == Authority::own ? ",added" : ""));
        return values;
    }

    // A certificate that ends soon troubles nobody yet, so nothing can be judged again; and where no mend silences anybody (an expired
    // certificate that is also sent in the wrong order) there is more than one step to go. The first mend is still the thing to do. Names
    // to type are offered only where they help, and there is one (try_typing).
    void add_for_uncovered_causes(const std::vector<const MendRow*>& rows) {
        const bool is_helpless = report_.mends.empty();
        for (const Cause& cause : report_.causes) {
            const CauseRow* row = table_.find(cause.kind);
            if ((!cause.clients.empty() && !is_helpless) || row == nullptr) continue;
            const auto mend =
                std::find_if(rows.begin(), rows.end(), [&](const MendRow* one) { return names_mend(cause, *one) && !is_for_typing(*one); });
            if (mend != rows.end() && (*mend)->change != 0) add(**mend);
        }
    }

    static bool is_for_typing(const MendRow& row) { return (row.change & (kChangeTyped | kChangeFirst)) != 0; }

    // Who warns or refuses now; fills `counted_` on the way. A retired client that cannot reach the server needs no mend.
    std::vector<bool> find_speaking() {
        const std::vector<Then> now = then(report_, chains_, 0, settings_);
        std::vector<bool> speaking(now.size());
        counted_.assign(now.size(), false);
        for (const Verdict& verdict : report_.verdicts) {
            const auto at = std::find(settings_.ids.begin(), settings_.ids.end(), verdict.id);
            if (at == settings_.ids.end() || !counts(verdict)) continue;
            const auto i = static_cast<std::size_t>(at - settings_.ids.begin());
            counted_[i] = true;
            if (verdict.outcome == Outcome::warns || verdict.outcome == Outcome::refuses) speaking[i] = true;
        }
        // One that speaks only to a chain where it does not count is left out altogether.
        for (std::size_t i = 0; i < now.size(); ++i) counted_[i] = counted_[i] && (speaking[i] || now[i] != Then::speaks);
        return speaking;
    }

    static std::size_t number_of(const std::vector<bool>& clients) {
        return static_cast<std::size_t>(std::count(clients.begin(), clients.end(), true));
    }

    std::vector<Then> after(Changes changes) const {
        std::vector<Then> list = then(report_, chains_, changes, settings_);
        for (std::size_t i = 0; i < list.size(); ++i) list[i] = counted_[i] ? list[i] : Then::silent;
        return list;
    }

    // Those who speak then: of the ones that spoke, and any that it makes speak. Of the others that cannot be judged the mend says so.
    static std::vector<bool> speaking_after(const std::vector<Then>& after) {
        std::vector<bool> rest(after.size());
        for (std::size_t i = 0; i < rest.size(); ++i) rest[i] = after[i] == Then::speaks;
        return rest;
    }

    // Greedy: the mend that leaves the fewest speaking; among equals the one with the least effort, which stands first.
    void cover(const std::vector<const MendRow*>& rows, std::vector<bool> speaking) {
        Changes done = 0;
        while (number_of(speaking) != 0 && report_.mends.size() < kMostMends) {
            const MendRow* best = nullptr;
            std::vector<bool> left = speaking;
            std::vector<Then> then_best;
            for (const MendRow* row : rows) {
                if (row->change == 0 || is_for_typing(*row) || (row->change & ~done) == 0) continue;
                const std::vector<Then> then_this = after(static_cast<Changes>(done | row->change));
                const std::vector<bool> rest = speaking_after(then_this);
                if (number_of(rest) < number_of(left)) {
                    best = row;
                    left = rest;
                    then_best = then_this;
                }
            }
            if (best == nullptr) break;
            done = static_cast<Changes>(done | best->change);
            add_judged(*best, speaking, then_best);
            note_pinned(report_.mends.back(), best->change, left);
            speaking = left;
        }
    }

    std::vector<std::string> ids(const std::vector<bool>& clients) const {
        std::vector<std::string> list;
        for (std::size_t i = 0; i < clients.size(); ++i) {
            if (clients[i]) list.push_back(settings_.ids[i]);
        }
        return list;
    }

    [[nodiscard]] bool names_mend(const Cause& cause, const MendRow& mend) const {
        const CauseRow* row = table_.find(cause.kind);
        return row != nullptr &&
               std::any_of(row->mends.begin(), row->mends.end(), [&](std::uint8_t i) { return &table_.mends[i] == &mend; });
    }

    // One that nobody was judged again for.
    void add(const MendRow& row) {
        std::vector<std::string> causes, clients;
        std::vector<FindingId> findings;
        for (const Cause& cause : report_.causes) {
            if (!names_mend(cause, row)) continue;
            causes.push_back(cause.id);
            clients.insert(clients.end(), cause.clients.begin(), cause.clients.end());
            findings.insert(findings.end(), cause.findings.begin(), cause.findings.end());
        }
        Mend mend = made(row, values_for(findings, clients));
        mend.causes = std::move(causes);
        report_.mends.push_back(std::move(mend));
    }

    void add_judged(const MendRow& row, const std::vector<bool>& speaking, const std::vector<Then>& after) {
        Mend mend = made(row, values_);
        mend.rejudged = true;
        for (std::size_t i = 0; i < after.size(); ++i) {
            if (after[i] == Then::speaks) mend.left.push_back(settings_.ids[i]);
            if (after[i] == Then::unknown) mend.not_judged.push_back(settings_.ids[i]);
            if (after[i] == Then::silent && speaking[i]) mend.helps.push_back(settings_.ids[i]);
        }
        for (const Cause& cause : report_.causes) {
            const bool helps_one = std::any_of(cause.clients.begin(), cause.clients.end(), [&](const std::string& client) {
                return std::find(mend.helps.begin(), mend.helps.end(), client) != mend.helps.end();
            });
            if (helps_one) mend.causes.push_back(cause.id);
        }
        report_.mends.push_back(std::move(mend));
    }

    Mend made(const MendRow& row, const Values& values) const {
        Mend mend;
        mend.id = std::to_string(report_.mends.size() + 1);
        mend.kind = row.id;
        mend.text = fill(row.text, values);
        mend.who = row.who;
        std::vector<std::string_view> missing;  // what a line that is left out would have made
        for (const std::string_view step : row.steps) {
            std::string line;
            const bool works =
                std::none_of(missing.begin(), missing.end(), [&](std::string_view file) { return step.find(file) != step.npos; });
            if (works && fill_step(step, values, line))
                mend.steps.push_back(line);
            else if (const std::string_view file = file_made_by(step); !file.empty())
                missing.push_back(file);
        }
        return mend;
    }

    // A "Yes" that was given to the old certificate does not hold for a new one.
    void note_pinned(Mend& mend, Changes change, const std::vector<bool>& left) const {
        if ((change & (kChangeNames | kChangeValidity | kChangeIssuer | kChangeKey | kChangeForm)) == 0) return;
        const std::vector<std::string> still = ids(left);
        for (const Verdict& verdict : report_.verdicts) {
            if (!verdict.yes || verdict.yes->lasts != "forever") continue;
            const auto& bound = verdict.yes->bound_to;
            const bool to_certificate = std::find(bound.begin(), bound.end(), "certificate") != bound.end() ||
                                        std::find(bound.begin(), bound.end(), "key") != bound.end();
            if (to_certificate && std::find(still.begin(), still.end(), verdict.id) != still.end())
                mend.asks_once_more.push_back(verdict.id);
        }
    }

    void try_typing(const MendRow& row, const std::vector<bool>& speaking) {
        const std::string name = (row.change & kChangeTyped) != 0 ? nearest_name(report_.target.name, names_)
                                                                  : (names_.empty() ? std::string() : names_.front());
        if (!is_public_name(name) || name.find('*') != std::string::npos || number_of(speaking) == 0) return;
        if (report_.mends.size() > kMostMends) return;
        const std::vector<Then> then_typed = after(row.change);
        if (number_of(speaking_after(then_typed)) >= number_of(speaking)) return;
        add_judged(row, speaking, then_typed);
        report_.hints.push_back(report_.mends.back().text);
    }

    Report& report_;
    const std::vector<JudgedChain>& chains_;
    Settings::Impl& settings_;
    const CauseTable& table_;
    Values values_;  ///< of mends that are judged again, whatever cause they take away
    const Chain* shown_ = nullptr;
    Authority authority_ = Authority::others;
    std::vector<std::string> names_;
    std::vector<bool> counted_;  ///< the profiles whose verdicts count
};

}  // namespace

void find_mends(Report& report, const std::vector<JudgedChain>& chains, Settings::Impl& settings) {
    if (!report.causes.empty()) Mender(report, chains, settings).run();
}

void find_assumptions(Report& report, const std::vector<JudgedChain>& chains, Settings::Impl& settings) {
    const CauseRow* row = settings.causes().find("root-only-added");
    const bool added = std::any_of(report.paths.begin(), report.paths.end(),
                                   [](const Path& path) { return path.anchor && path.anchor->origin == AnchorOrigin::added; });
    if (row == nullptr || !added) return;
    std::vector<std::string> clients;
    const Chain* shown = nullptr;
    bool is_news = false;  // there is a client that has the root and would not take the chain without it
    for (const JudgedChain& judged : chains) {
        if (origin_of(report, judged.id) != AnchorOrigin::added) continue;
        Case chain = *judged.chain;
        chain.trust = &settings.without_added;
        chain.roots = settings.roots();
        chain.issuers_were_fetched = true;  // what fetching could bring is that very root
        const std::vector<clients::Outcome> without = outcomes(chain, settings);
        for (std::size_t i = 0; i < without.size(); ++i) {
            const bool speaks = without[i] == clients::Outcome::warns || without[i] == clients::Outcome::refuses;
            const bool silent_now = judged.judgement->verdicts()[i].outcome == clients::Outcome::silent;
            if (!speaks || (!judged.wants.empty() && !judged.wants[i])) continue;
            is_news = is_news || silent_now || judged.judgement->verdicts()[i].path.end == verify::PathEnd::anchor;
            if (std::find(clients.begin(), clients.end(), settings.ids[i]) != clients.end()) continue;
            clients.push_back(settings.ids[i]);
            if (shown == nullptr) shown = chain_named(report, judged.id);
        }
    }
    if (!is_news) return;
    report.also.push_back(make_cause(report, *row, shown, {row->findings.begin(), row->findings.end()}, clients));
}

}  // namespace truename::doctor
