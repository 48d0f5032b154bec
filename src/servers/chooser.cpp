#include "servers/chooser.h"

#include <unistd.h>

#include <algorithm>

#include "base/text.h"
#include "servers/offer.h"
#include "servers/sni_name.h"
#include "x509/certificate.h"
#include "x509/dns_name.h"

namespace truename::servers {

namespace {

std::string machine_name() {
    char name[256] = {};
    return ::gethostname(name, sizeof name - 1) == 0 ? ascii_lower(name) : "";
}

bool shares_a_name(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    const auto meets = [](const std::vector<std::string>& wanted, const std::vector<std::string>& have) {
        return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& name) { return covers(have, asked_as(name)); });
    };
    return meets(a, b) || meets(b, a);
}

std::string key_algorithm(const ByteString& certificate_der) {
    const auto certificate = x509::parse_certificate(certificate_der);
    if (!certificate) return {};
    const Bytes oid = certificate->subject_public_key_info.algorithm.algorithm.content();
    return std::string(as_text(oid));
}

/// Whether the settings have just this name of a certificate for a place: `.example.com` is how Postfix writes `*.example.com`.
bool has_pattern_of(const Place& place, const std::string& name) {
    return std::ranges::any_of(
        place.names, [&](const std::string& pattern) { return pattern == name || (name.starts_with("*.") && pattern == name.substr(1)); });
}

}  // namespace

bool is_stopgap(const PairOnDisk& pair) {
    const auto certificate = x509::parse_certificate(pair.chain.front());
    if (!certificate || !x509::is_self_issued(*certificate)) return false;
    const std::string machine = machine_name();
    const std::vector<std::string> names = host_names(pair.chain.front());
    return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
        return name == machine || name.starts_with(machine + ".") || x509::classify_dns_name(name).labels < 2;
    });
}

template <class F>
std::vector<std::size_t> Chooser::places_where(F&& wanted) const {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < survey_.places.size(); ++i) {
        if (wanted(survey_.places[i])) places.push_back(i);
    }
    return places;
}

Chooser::Chooser(const Survey& survey, const Credential& credential) : survey_(survey), own_(host_names(credential.chain.front())) {
    for (const Place& place : survey.places) pairs_.push_back(read_pair(place));
    algorithm_ = key_algorithm(credential.chain.front());
}

std::vector<std::size_t> Chooser::for_names(const std::vector<std::string>& names) const {
    std::vector<std::size_t> chosen;
    for (const std::string& name : names) {
        // As servers choose: the name itself before a star, and a star before everybody's.
        std::vector<std::size_t> own = places_where([&](const Place& place) { return has_pattern_of(place, name); });
        if (own.empty()) own = places_where([&](const Place& place) { return any_stands_for(place.names, name); });
        if (own.empty()) own = places_where([](const Place& place) { return place.names.empty(); });
        chosen.insert(chosen.end(), own.begin(), own.end());
    }
    return right_kind_of_key(chosen);
}

std::vector<std::size_t> Chooser::by_name(const std::vector<std::string>& names, std::vector<std::string>& missing) const {
    std::vector<std::size_t> chosen;
    for (const std::string& name : names) {
        const std::vector<std::size_t> own = places_where([&](const Place& place) {
            return has_pattern_of(place, name) &&
                   std::ranges::all_of(place.names, [&](const std::string& each) { return covers(own_, asked_as(each)); });
        });
        if (own.empty()) missing.push_back(name);
        chosen.insert(chosen.end(), own.begin(), own.end());
    }
    return right_kind_of_key(chosen);
}

std::vector<std::size_t> Chooser::for_certificate() const {
    std::vector<std::size_t> chosen = places_where([&](const Place& place) {
        return std::any_of(place.names.begin(), place.names.end(), [&](const std::string& name) { return covers(own_, asked_as(name)); });
    });
    const bool named = !chosen.empty();
    for (std::size_t i = 0; i < survey_.places.size(); ++i) {
        if (survey_.places[i].names.empty() && is_for_everybody(pairs_[i], named)) chosen.push_back(i);
    }
    return right_kind_of_key(chosen);
}

bool Chooser::is_for_everybody(const PairOnDisk& pair, bool named) const {
    if (pair.chain.empty() || is_stopgap(pair)) return !named;
    return shares_a_name(host_names(pair.chain.front()), own_);
}

/// Where a server has keys of several types for the same names, only that of the certificate's type.
std::vector<std::size_t> Chooser::right_kind_of_key(std::vector<std::size_t> chosen) const {
    std::sort(chosen.begin(), chosen.end());
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
    const auto has_twin = [&](std::size_t place) {
        return std::any_of(survey_.servings.begin(), survey_.servings.end(), [&](const Serving& serving) {
            const auto& all = serving.places;
            if (std::find(all.begin(), all.end(), place) == all.end()) return false;
            return std::any_of(all.begin(), all.end(), [&](std::size_t other) { return other != place && is_of_the_kind(other); });
        });
    };
    std::erase_if(chosen, [&](std::size_t place) { return !is_of_the_kind(place) && has_twin(place); });
    return chosen;
}

bool Chooser::is_of_the_kind(std::size_t place) const {
    return !pairs_[place].chain.empty() && key_algorithm(pairs_[place].chain.front()) == algorithm_;
}

}  // namespace truename::servers
