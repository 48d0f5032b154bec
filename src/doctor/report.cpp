#include "doctor/report.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace truename::doctor {

namespace {

template <std::size_t N>
std::string_view pick(const std::string_view (&words)[N], std::size_t index) {
    return index < N ? words[index] : words[N - 1];
}

}  // namespace

std::string_view name_of(Outcome value) {
    static constexpr std::string_view kWords[] = {"silent", "warns", "refuses", "not-judged"};
    return pick(kWords, static_cast<std::size_t>(value));
}

std::string_view name_of(Reaches value) {
    static constexpr std::string_view kWords[] = {"yes", "no", "not-asked", "not-judged"};
    return pick(kWords, static_cast<std::size_t>(value));
}

std::string_view name_of(Verifies value) {
    static constexpr std::string_view kWords[] = {"all", "no-name", "nothing"};
    return pick(kWords, static_cast<std::size_t>(value));
}

std::string_view name_of(Confidence value) {
    static constexpr std::string_view kWords[] = {"observed", "source", "documented", "reported", "inferred"};
    return pick(kWords, static_cast<std::size_t>(value));
}

std::string_view name_of(EndpointState value) {
    static constexpr std::string_view kWords[] = {"judged", "limited", "refused", "timeout", "dropped", "no-tls", "tls-failed"};
    return pick(kWords, static_cast<std::size_t>(value));
}

std::string_view name_of(TlsMode value) {
    static constexpr std::string_view kWords[] = {"implicit", "starttls"};
    return pick(kWords, static_cast<std::size_t>(value));
}

std::string_view name_of(Handshake value) {
    static constexpr std::string_view kWords[] = {"completed", "failed", "none"};
    return pick(kWords, static_cast<std::size_t>(value));
}

std::string_view name_of(AnchorOrigin value) {
    static constexpr std::string_view kWords[] = {"shipped", "added", "none"};
    return pick(kWords, static_cast<std::size_t>(value));
}

std::string_view name_of(Who who) {
    static constexpr std::string_view kWords[] = {"nobody", "server", "user", "ca", "provider", "unknown"};
    return pick(kWords, static_cast<std::size_t>(who));
}

bool counts(const Verdict& verdict) {
    return !(verdict.retired && verdict.reaches == Reaches::no);
}

const Chain* chain_named(const Report& report, std::string_view id) {
    const auto at = std::find_if(report.chains.begin(), report.chains.end(), [&](const Chain& chain) { return chain.id == id; });
    return at == report.chains.end() ? nullptr : &*at;
}

std::array<unsigned, 4> count_outcomes(const Report& report) {
    static constexpr Outcome kWorstFirst[] = {Outcome::refuses, Outcome::warns, Outcome::not_judged, Outcome::silent};
    const auto rank = [](Outcome outcome) { return std::find(std::begin(kWorstFirst), std::end(kWorstFirst), outcome); };
    std::map<std::string_view, Outcome> worst;
    for (const Verdict& verdict : report.verdicts) {
        if (!counts(verdict)) continue;
        const auto [at, is_new] = worst.try_emplace(verdict.id, verdict.outcome);
        if (!is_new && rank(verdict.outcome) < rank(at->second)) at->second = verdict.outcome;
    }
    std::array<unsigned, 4> numbers{};
    for (const auto& [client, outcome] : worst) ++numbers[static_cast<std::size_t>(outcome)];
    return numbers;
}

}  // namespace truename::doctor
