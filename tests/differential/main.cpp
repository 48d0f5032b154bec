// truename-differential MUTANTS [SEED]: every case of tests/cases, and that many mutants of them, as OpenSSL itself answers and as the
// profile `openssl` does. Prints each disagreement and ends with how many agree. A program for tests; it is not installed.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include "base/text.h"
#include "recipe/test_case.h"
#include "tests/differential/mutant.h"
#include "tests/differential/openssl_opinion.h"

namespace truename::differential {

namespace {

struct Scene {
    std::string id;
    const recipe::TestCase* test;
    recipe::Built built;
    conformance::Trial trial;
};

struct Count {
    std::size_t all = 0, agreed = 0, accepted = 0;
};

void compare(const std::string& what, const conformance::Trial& trial, Count& count) {
    const Opinion theirs = ask_openssl(trial);
    const conformance::Answer ours = conformance::judge(trial, "openssl");
    ++count.all;
    count.accepted += theirs.accepts ? 1 : 0;
    if (theirs.accepts == ours.accepted) {
        ++count.agreed;
        return;
    }
    std::printf("%s: OpenSSL %s (%s), ours %s (%s)\n", what.c_str(), theirs.accepts ? "accepts" : "refuses", theirs.reason.c_str(),
                ours.accepted ? "accepts" : "refuses", join(ours.findings, ", ").c_str());
}

void print(const char* what, const Count& count) {
    std::printf("%s: %zu of %zu agree, %zu accepted by OpenSSL\n", what, count.agreed, count.all, count.accepted);
}

std::vector<Scene> scenes_of(const std::vector<recipe::TestCase>& cases) {
    std::vector<Scene> scenes;
    for (const recipe::TestCase& test : cases) {
        auto built = recipe::build(test.recipe, TRUENAME_SOURCE_DIR "/tests/keys");
        if (!built || test.chain.empty()) continue;
        Scene scene{test.id, &test, std::move(*built), {}};
        for (const std::string& name : test.chain) scene.trial.chain.push_back(to_owned(scene.built.certificate(name)));
        for (const std::string& name : test.anchors) scene.trial.anchors.push_back(to_owned(scene.built.certificate(name)));
        scene.trial.name = test.host;
        scene.trial.at = test.at;
        scenes.push_back(std::move(scene));
    }
    return scenes;
}

/// One certificate of the chain changed and signed again by its issuer's key.
void compare_mutant(const Scene& scene, std::size_t number, std::mt19937& random, Count& count) {
    const std::size_t which = random() % scene.trial.chain.size();
    const std::string& name = scene.test->chain[which];
    const auto described = std::find_if(scene.test->recipe.certificates.begin(), scene.test->recipe.certificates.end(),
                                        [&](const recipe::Description& description) { return description.name == name; });
    const auto issuer = scene.built.certificates.find(described->issuer);
    if (issuer == scene.built.certificates.end()) return;
    Mutant mutant = mutate(scene.trial.chain[which], issuer->second.key, random);
    conformance::Trial trial = scene.trial;
    trial.chain[which] = std::move(mutant.der);
    compare(scene.id + " #" + std::to_string(number) + ", " + name + ": " + mutant.change, trial, count);
}

int run(std::size_t mutants, unsigned seed) {
    const auto cases = recipe::load_cases(TRUENAME_SOURCE_DIR "/tests/cases");
    if (!cases) {
        std::fprintf(stderr, "truename-differential: %s\n", to_sentence(cases.error()).c_str());
        return 66;
    }
    const std::vector<Scene> scenes = scenes_of(*cases);
    Count of_cases, of_mutants;
    for (const Scene& scene : scenes) compare(scene.id, scene.trial, of_cases);
    std::mt19937 random(seed);
    for (std::size_t i = 0; i < mutants; ++i) compare_mutant(scenes[i % scenes.size()], i, random, of_mutants);
    print("cases", of_cases);
    print("mutants", of_mutants);
    return of_cases.agreed == of_cases.all && of_mutants.agreed == of_mutants.all ? 0 : 1;
}

}  // namespace

}  // namespace truename::differential

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fputs("usage: truename-differential MUTANTS [SEED]\n", stderr);
        return 64;
    }
    return truename::differential::run(std::strtoul(argv[1], nullptr, 10),
                                       argc > 2 ? static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)) : 1U);
}
