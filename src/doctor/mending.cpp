#include "doctor/mending.h"

#include <algorithm>
#include <bit>

#include "doctor/causes.h"
#include "doctor/describe.h"
#include "doctor/diagnosis.h"
#include "doctor/what_if.h"

namespace truename::doctor {

namespace {

constexpr std::size_t kMostMends = 5;

const Chain* chain_named(const Report& report, const std::string& id) {
    for (const Chain& chain : report.chains) {
        if (chain.id == id) return &chain;
    }
    return nullptr;
}

// The mends that the report's causes name, each once, in the order of mends.toml: least effort first.
std::vector<const MendRow*> candidates(const Report& report) {
    std::vector<bool> named(all_mends().size());
    for (const Cause& cause : report.causes) {
        const CauseRow* row = find_cause(cause.kind);
        if (row == nullptr) continue;
        for (const std::uint8_t index : row->mends) named[index] = true;
    }
    std::vector<const MendRow*> rows;
    for (std::size_t i = 0; i < named.size(); ++i) {
        if (named[i]) rows.push_back(&all_mends()[i]);
    }
    return rows;
}

bool names_mend(const Cause& cause, const MendRow& mend) {
    const CauseRow* row = find_cause(cause.kind);
    return row != nullptr && std::any_of(row->mends.begin(), row->mends.end(), [&](std::uint8_t i) { return &all_mends()[i] == &mend; });
}

class Mender {
  public:
    Mender(Report& report, const std::vector<JudgedChain>& chains, Settings::Impl& settings)
        : report_(report), chains_(chains), settings_(settings) {
        const Chain* shown = chains.empty() ? nullptr : chain_named(report, chains.front().id);
        // Texts speak of the first chain that somebody minds.
        for (const Verdict& verdict : report.verdicts) {
            if (verdict.outcome == Outcome::warns || verdict.outcome == Outcome::refuses) {
                shown = chain_named(report, verdict.chain);
                break;
            }
        }
        values_ = make_values(report, shown, {}, {});
        names_ = shown == nullptr || shown->certificates.empty() ? std::vector<std::string>() : shown->certificates.front().names;
    }

    void run() {
        const std::vector<bool> speaking = counted_only(still_speaks(report_, chains_, 0, settings_));
        const std::vector<const MendRow*> rows = candidates(report_);
        cover(rows, speaking);
        add_for_quiet_causes();
        for (const MendRow* row : rows) {
            if (row->change == 0 && report_.mends.size() < kMostMends) add(*row, {}, {}, false);
        }
        for (const MendRow* row : rows) {
            if (is_for_typing(*row)) try_typing(*row, speaking);
        }
    }

  private:
    // A certificate that ends soon troubles nobody yet, so nothing can be judged again; its first mend is still the thing to do.
    void add_for_quiet_causes() {
        for (const Cause& cause : report_.causes) {
            const CauseRow* row = find_cause(cause.kind);
            if (!cause.clients.empty() || row == nullptr) continue;
            const MendRow& mend = all_mends()[row->mends.front()];
            if (mend.change != 0) add(mend, {}, {}, false);
        }
    }

    static bool is_for_typing(const MendRow& row) { return (row.change & (kChangeTyped | kChangeFirst)) != 0; }

    // A retired client that cannot reach the server needs no mend.
    std::vector<bool> counted_only(std::vector<bool> speaks) const {
        for (std::size_t i = 0; i < speaks.size(); ++i) {
            const bool counts_somewhere = std::any_of(report_.verdicts.begin(), report_.verdicts.end(), [&](const Verdict& v) {
                return v.id == settings_.ids[i] && counts(v) && (v.outcome == Outcome::warns || v.outcome == Outcome::refuses);
            });
            speaks[i] = speaks[i] && counts_somewhere;
        }
        return speaks;
    }

    static std::size_t number_of(const std::vector<bool>& clients) {
        return static_cast<std::size_t>(std::count(clients.begin(), clients.end(), true));
    }

    static std::vector<bool> both(std::vector<bool> a, const std::vector<bool>& b) {
        for (std::size_t i = 0; i < a.size(); ++i) a[i] = a[i] && b[i];
        return a;
    }

    // Greedy: the mend that silences most of those who still speak; among equals the one that changes least.
    void cover(const std::vector<const MendRow*>& rows, std::vector<bool> speaking) {
        Changes done = 0;
        while (number_of(speaking) != 0 && report_.mends.size() < kMostMends) {
            const MendRow* best = nullptr;
            std::vector<bool> left = speaking;
            for (const MendRow* row : rows) {
                if (row->change == 0 || is_for_typing(*row) || (row->change & ~done) == 0) continue;
                const std::vector<bool> rest =
                    both(speaking, still_speaks(report_, chains_, static_cast<Changes>(done | row->change), settings_));
                const bool lighter = best != nullptr && std::popcount(row->change) < std::popcount(best->change);
                if (number_of(rest) < number_of(left) ||
                    (lighter && number_of(rest) == number_of(left) && number_of(rest) < number_of(speaking))) {
                    best = row;
                    left = rest;
                }
            }
            if (best == nullptr) break;
            done = static_cast<Changes>(done | best->change);
            add(*best, both(speaking, inverse(left)), left, true);
            note_pinned(report_.mends.back(), best->change, left);
            speaking = left;
        }
    }

    static std::vector<bool> inverse(std::vector<bool> clients) {
        clients.flip();
        return clients;
    }

    std::vector<std::string> ids(const std::vector<bool>& clients) const {
        std::vector<std::string> list;
        for (std::size_t i = 0; i < clients.size(); ++i) {
            if (clients[i]) list.push_back(settings_.ids[i]);
        }
        return list;
    }

    void add(const MendRow& row, const std::vector<bool>& helped, const std::vector<bool>& left, bool rejudged) {
        Mend mend;
        mend.id = std::to_string(report_.mends.size() + 1);
        mend.kind = row.id;
        mend.text = fill(row.text, values_);
        mend.who = row.who;
        for (const std::string_view step : row.steps) {
            std::string line;
            if (fill_step(step, values_, line)) mend.steps.push_back(line);
        }
        mend.helps = ids(helped);
        mend.left = ids(left);
        mend.rejudged = rejudged;
        for (const Cause& cause : report_.causes) {
            const bool helps_one = std::any_of(cause.clients.begin(), cause.clients.end(), [&](const std::string& client) {
                return std::find(mend.helps.begin(), mend.helps.end(), client) != mend.helps.end();
            });
            if (rejudged ? helps_one : names_mend(cause, row)) mend.causes.push_back(cause.id);
        }
        report_.mends.push_back(std::move(mend));
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
        const std::vector<bool> left = both(speaking, still_speaks(report_, chains_, row.change, settings_));
        if (number_of(left) >= number_of(speaking)) return;
        add(row, both(speaking, inverse(left)), left, true);
        report_.hints.push_back(report_.mends.back().text);
    }

    Report& report_;
    const std::vector<JudgedChain>& chains_;
    Settings::Impl& settings_;
    Values values_;
    std::vector<std::string> names_;
};

}  // namespace

void find_mends(Report& report, const std::vector<JudgedChain>& chains, Settings::Impl& settings) {
    if (!report.causes.empty()) Mender(report, chains, settings).run();
}

void find_assumptions(Report& report, const std::vector<JudgedChain>& chains, Settings::Impl& settings) {
    const CauseRow* row = find_cause("root-only-added");
    const bool added = std::any_of(report.paths.begin(), report.paths.end(),
                                   [](const Path& path) { return path.anchor && path.anchor->origin == AnchorOrigin::added; });
    if (row == nullptr || !added) return;
    std::vector<std::string> clients;
    const Chain* shown = nullptr;
    for (const JudgedChain& judged : chains) {
        Case chain = *judged.chain;
        chain.trust = &settings.trust_without_added();
        const std::vector<bool> speaks = not_silent(chain, settings);
        for (std::size_t i = 0; i < speaks.size(); ++i) {
            const bool silent_now = judged.judgement->verdicts()[i].outcome == clients::Outcome::silent;
            if (!speaks[i] || (!judged.wants.empty() && !judged.wants[i])) continue;
            if (!silent_now && judged.judgement->verdicts()[i].path.end != verify::PathEnd::anchor) continue;  // minds the root already
            if (std::find(clients.begin(), clients.end(), settings.ids[i]) != clients.end()) continue;
            clients.push_back(settings.ids[i]);
            if (shown == nullptr) shown = chain_named(report, judged.id);
        }
    }
    if (clients.empty()) return;
    report.also.push_back(make_cause(report, *row, shown, {row->findings.begin(), row->findings.end()}, clients));
}

}  // namespace truename::doctor
