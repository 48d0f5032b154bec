// truename-differential MUTANTS [SEED [SUITES [SHOW]]]: every chain of tests/cases and of the public suites below SUITES, and that many
// mutants of them, as TLS libraries answer and as our profiles of them do. Prints each disagreement, and of each library how many agree.
// SHOW is a piece of the head of a line (` #17,`): what is asked there is printed as PEM. A program for tests; it is not installed.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <random>
#include <vector>

#include "base/text.h"
#include "tests/differential/libraries.h"
#include "tests/differential/mutant.h"
#include "tests/differential/reasons.h"
#include "x509/pem.h"

namespace truename::differential {

namespace {

struct Count {
    std::size_t all = 0, agreed = 0, accepted = 0, disputed = 0, disputed_agreed = 0, refused = 0, reasons = 0;
};

class Comparison {
  public:
    explicit Comparison(std::string show) : show_(std::move(show)), libraries_(start_libraries()) {}

    void compare(const std::string& what, const Question& question, std::vector<Count>& counts) {
        if (!show_.empty() && what.find(show_) != std::string::npos) print(what, question);
        for (const Asked& asked : libraries_) asked.library->ask(question);
        std::vector<conformance::Answer> ours;
        for (const Asked& asked : libraries_) ours.push_back(ours_of(asked, question.trial));
        std::vector<Opinion> theirs;
        bool any_accepts = false, any_refuses = false;
        for (const Asked& asked : libraries_) {
            theirs.push_back(asked.library->answer());
            any_accepts = any_accepts || (theirs.back().is_given && theirs.back().accepts);
            any_refuses = any_refuses || (theirs.back().is_given && !theirs.back().accepts);
        }
        ++all_;
        accepted_ += any_accepts ? 1 : 0;
        counts.resize(libraries_.size());
        for (std::size_t i = 0; i < libraries_.size(); ++i) {
            if (theirs[i].is_given) count(what, i, theirs[i], ours[i], any_accepts && any_refuses, counts[i]);
        }
    }

    /// Returns whether all agreed.
    bool report(const char* what, const std::vector<Count>& counts) {
        bool is_same = true;
        std::printf("%s: %zu, %zu of them accepted by some library\n", what, all_, accepted_);
        for (std::size_t i = 0; i < counts.size(); ++i) {
            const Count& one = counts[i];
            is_same = is_same && one.agreed == one.all;
            std::printf("%s, %s: %zu of %zu agree, %zu of %zu where libraries differ, %zu of %zu for the same reason, %zu accepted\n", what,
                        libraries_[i].name.c_str(), one.agreed, one.all, one.disputed_agreed, one.disputed, one.reasons, one.refused,
                        one.accepted);
        }
        all_ = accepted_ = 0;
        return is_same;
    }

  private:
    static conformance::Answer ours_of(const Asked& asked, conformance::Trial trial) {
        trial.ignored_of_leaf = asked.without;
        return conformance::judge(trial, asked.profile);
    }

    void count(const std::string& what, std::size_t which, const Opinion& theirs, const conformance::Answer& ours, bool is_disputed,
               Count& count) {
        const Asked& asked = libraries_[which];
        const bool is_same = theirs.accepts == ours.accepted;
        ++count.all;
        count.agreed += is_same ? 1 : 0;
        count.accepted += theirs.accepts ? 1 : 0;
        count.disputed += is_disputed ? 1 : 0;
        count.disputed_agreed += is_disputed && is_same ? 1 : 0;
        if (is_same && theirs.accepts) return;
        const bool is_same_reason = is_same && agrees(asked.name, theirs.reason, ours.findings);
        count.refused += is_same ? 1 : 0;
        count.reasons += is_same_reason ? 1 : 0;
        if (is_same_reason) return;
        std::printf("%s: %s %s%s (%s), ours %s (%s), told: %s\n", what.c_str(), asked.name.c_str(), is_same ? "otherwise " : "",
                    theirs.accepts ? "accepts" : "refuses", theirs.reason.c_str(), ours.accepted ? "accepts" : "refuses",
                    join(ours.findings, ", ").c_str(), join(ours.told, ", ").c_str());
    }

    static void print(const std::string& what, const Question& question) {
        std::printf("%s asks for %s at %s\n", what.c_str(), question.trial.name.c_str(), format_time(question.trial.at).c_str());
        for (const auto* list : {&question.trial.chain, &question.trial.anchors}) {
            std::puts(list == &question.trial.chain ? "sent:" : "trusted:");
            for (const ByteString& der : *list) std::printf("%s", x509::to_pem("CERTIFICATE", der).c_str());
        }
    }

    std::string show_;
    std::vector<Asked> libraries_;
    std::size_t all_ = 0, accepted_ = 0;
};

/// Mutants come from each suite alike, however large it is.
struct Pool {
    std::vector<std::vector<Scene>> suites;
    void add(Scene scene) {
        if (suites.empty() || suites.back().front().suite != scene.suite) suites.emplace_back();
        suites.back().push_back(std::move(scene));
    }
    [[nodiscard]] const Scene& draw(std::mt19937& random) const {
        const auto& suite = suites[random() % suites.size()];
        return suite[random() % suite.size()];
    }
};

int run(std::size_t mutants, unsigned seed, const std::string& folder, const std::string& show) {
    Comparison comparison(show);
    KeyBox keys(TRUENAME_SOURCE_DIR "/tests/keys");
    Pool pool;
    bool is_same = true;
    const auto compare_all = [&](const char* what, const std::vector<Scene>& scenes) {
        std::vector<Count> counts;
        for (const Scene& scene : scenes) {
            comparison.compare(scene.suite + " " + scene.id, scene.question, counts);
            Scene made = rekeyed(scene, keys);
            if (scene.suite != "cases") comparison.compare(scene.suite + " " + scene.id + " with other keys", made.question, counts);
            pool.add(std::move(made));
        }
        if (!scenes.empty()) is_same = comparison.report(what, counts) && is_same;
    };
    compare_all("cases", scenes_of_cases(TRUENAME_SOURCE_DIR));
    if (!folder.empty()) compare_all("suites", scenes_of_suites(folder));
    std::mt19937 random(seed);
    std::vector<Count> counts;
    for (std::size_t i = 0; i < mutants; ++i) {
        const Scene& scene = pool.draw(random);
        const Mutant mutant = mutate(scene, random);
        comparison.compare("mutant #" + std::to_string(i) + " of " + scene.suite + " " + scene.id + ", " + mutant.change, mutant.question,
                           counts);
    }
    if (mutants > 0) is_same = comparison.report("mutants", counts) && is_same;
    return is_same ? 0 : 1;
}

}  // namespace

}  // namespace truename::differential

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fputs("usage: truename-differential MUTANTS [SEED [SUITES [SHOW]]]\n", stderr);
        return 64;
    }
    const auto argument = [&](int i) { return argc > i ? std::string(argv[i]) : std::string(); };
    std::setvbuf(stdout, nullptr, _IOLBF, 1U << 16);
    try {
        return truename::differential::run(std::strtoul(argv[1], nullptr, 10),
                                           argc > 2 ? static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)) : 1U, argument(3),
                                           argument(4));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "truename-differential: %s\n", error.what());
        return 66;
    }
}
