#include "servers/expectations.h"

#include <algorithm>

#include "servers/sni_name.h"

namespace truename::servers {

namespace {

/// More names than these, of places that nothing was done to, are not asked.
constexpr std::size_t kMostUnchanged = 50;

}  // namespace

std::vector<Expectation> expectations_of(const Surveyed& surveyed, const std::set<std::size_t>& touched,
                                         const std::set<std::string>& dead) {
    std::vector<Expectation> expectations;
    std::size_t unchanged = 0;
    std::vector<PairOnDisk> pairs;
    pairs.reserve(surveyed.survey.places.size());
    for (const Place& place : surveyed.survey.places) pairs.push_back(read_pair(place));
    for (const Serving& serving : surveyed.survey.servings) {
        if (dead.contains(to_string({serving.listener, "", net::KeyOffer::any}))) continue;
        for (const std::size_t number : serving.places) {
            if (!pairs[number].fits()) continue;  // it shows nothing that could be expected
            const bool changed = touched.contains(number);
            if (!changed && !serving.name.empty() && ++unchanged > kMostUnchanged) continue;
            const net::KeyOffer keys = serving.places.size() > 1 ? offer_for(pairs[number]) : net::KeyOffer::any;
            expectations.push_back({{serving.listener, serving.name, keys}, pairs[number].chain.front(), changed});
        }
    }
    return expectations;
}

void ask_as(const std::string& name, const std::vector<Place>& places, std::vector<Expectation>& expectations) {
    if (std::ranges::any_of(places, [&](const Place& place) { return any_stands_for(place.names, name); })) return;
    const std::size_t count = expectations.size();
    for (std::size_t i = 0; i < count; ++i) {
        if (!expectations[i].question.name.empty() || !expectations[i].changed) continue;
        expectations.push_back(expectations[i]);
        expectations.back().question.name = name;
    }
}

}  // namespace truename::servers
