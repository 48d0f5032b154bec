#include "tests/differential/scene.h"

#include <cstdio>
#include <stdexcept>

#include "recipe/test_case.h"
#include "tests/conformance/suite.h"

namespace truename::differential {

namespace {

/// A trial as every TLS client would meet it: without what a case tells its own library to do otherwise.
conformance::Trial plain(const conformance::Trial& trial) {
    return {.chain = trial.chain, .anchors = trial.anchors, .name = trial.name, .at = trial.at};
}

using Run = std::vector<conformance::Case> (*)(const std::filesystem::path&);
constexpr std::pair<const char*, Run> kSuites[] = {{"bettertls", conformance::run_bettertls},
                                                   {"boringssl-pki", conformance::run_boringssl},
                                                   {"gnutls-chains", conformance::run_gnutls},
                                                   {"go-x509", conformance::run_go},
                                                   {"limbo", conformance::run_limbo},
                                                   {"mozpkix", conformance::run_mozpkix},
                                                   {"openssl-verify", conformance::run_openssl_verify},
                                                   {"pkits", conformance::run_pkits}};

}  // namespace

std::vector<Scene> scenes_of_cases(const std::filesystem::path& source) {
    const auto cases = recipe::load_cases(source / "tests/cases");
    if (!cases) throw std::runtime_error(to_sentence(cases.error()));
    std::vector<Scene> scenes;
    for (const recipe::TestCase& test : *cases) {
        const auto built = recipe::build(test.recipe, source / "tests/keys");
        if (!built || test.chain.empty()) continue;
        Scene scene{"cases", test.id, {}, {}};
        conformance::Trial& trial = scene.question.trial;
        for (const std::string& name : test.chain) trial.chain.push_back(to_owned(built->certificate(name)));
        for (const std::string& name : test.anchors) trial.anchors.push_back(to_owned(built->certificate(name)));
        trial.name = test.host;
        trial.at = test.at;
        scene.question.leaf_key = built->certificates.find(test.chain.front())->second.key.to_pem();
        scenes.push_back(std::move(scene));
    }
    return scenes;
}

std::vector<Scene> scenes_of_suites(const std::filesystem::path& folder) {
    std::vector<Scene> scenes;
    for (const auto& [suite, run] : kSuites) {
        if (!std::filesystem::exists(folder / suite)) continue;
        std::size_t number = 0;
        conformance::watch_trials([&, name = suite](const conformance::Trial& trial) {
            if (trial.chain.empty() || trial.anchors.empty()) return;
            scenes.push_back({name, std::to_string(++number), {plain(trial), {}}, {}});
        });
        run(folder / suite);
        conformance::watch_trials({});
    }
    return scenes;
}

}  // namespace truename::differential
