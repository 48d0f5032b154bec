// Must reach Judge::judge with every profile that is compiled in, NameMatcher, ClientEyes, reaches() and show().
//
// Input: three bytes of choices; the name asked for with its length in one byte before it; then certificates, each with its length in two
// bytes before it: the server's first, the last one is trusted. The same input always gives the same verdicts.
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "clients/judge.h"
#include "clients/library.h"
#include "fuzz/blocks.h"
#include "fuzz/first_inputs.h"
#include "fuzz/must.h"
#include "fuzz/signed_mutator.h"

using namespace truename;

namespace {

/// What the first byte chooses, and with the other two what a server's TLS can do.
struct Choices {
    std::uint8_t first = 0;
    std::vector<clients::ServerTls> tls;

    explicit Choices(const std::uint8_t* data) : first(data[0]) {
        if ((first & 1U) == 0) return;
        auto& server = tls.emplace_back();
        const unsigned bits = data[1] * 256U + data[2];
        for (std::size_t version = 0; version < server.answers.size(); ++version) {
            for (std::size_t column = 0; column < 3; ++column)
                server.answers[version][column] = static_cast<clients::ServerTls::Answer>((bits >> (version * 3 + column)) % 3);
        }
        if ((bits & 8U) != 0) server.other = clients::ServerKey::ed25519;
        server.without_name = static_cast<clients::ServerTls::Answer>(data[1] % 3);
    }
};

/// Clients of which each answers everything otherwise than one that there is: what warns refuses, what refuses is borne, what is borne
/// warns.
const std::vector<clients::Profile>& contrary() {
    static std::vector<std::vector<clients::Reaction>> reactions;
    static const std::vector<clients::Profile> all = [] {
        std::vector<clients::Profile> made;
        for (clients::Profile profile : clients::compiled().profiles) {
            auto& own = reactions.emplace_back(profile.reactions.begin(), profile.reactions.end());
            for (clients::Reaction& reaction : own)
                reaction.action.value = static_cast<clients::Action>((static_cast<unsigned>(reaction.action.value) + 1) % 3);
            profile.reactions = own;
            made.push_back(profile);
        }
        return made;
    }();
    return all;
}

void check_verdict(const clients::Verdict& verdict, const verify::Verification& verification) {
    using clients::Outcome;
    must(verdict.outcome != Outcome::silent || verdict.told == 0, "who is silent tells nothing");
    must(verdict.told <= verdict.findings.size(), "what is told was found");
    must(verdict.outcome != Outcome::not_judged || !verdict.why.empty(), "who could not be judged has a reason");
    must(!verdict.dialog || verdict.outcome == Outcome::warns || verdict.outcome == Outcome::refuses, "who is silent shows no dialog");
    must(!verdict.yes || verdict.outcome == Outcome::warns, "who refuses has no yes");
    must(!verdict.path.path || verification.path(*verdict.path.path).nodes[0] == *verification.leaf(), "a path begins with the server's");
    if (verdict.outcome == Outcome::warns || verdict.outcome == Outcome::refuses)
        must(!verdict.findings.empty(), "who warns or refuses has a reason");
    if (!verdict.dialog) return;
    const clients::ShownDialog shown = clients::show(*verdict.dialog, "de");
    must(shown.steps.size() == verdict.dialog->dialog->steps.size(), "every step is shown");
    for (const clients::ShownStep& step : shown.steps) must(step.text.find("{HOST}") == std::string::npos, "what is shown is filled in");
    for (const auto& [name, value] : shown.values) {
        const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
        must(std::ranges::none_of(value, is_control), "and safe for a terminal");
    }
}

/// What all clients say, asked in their order or from the last to the first: nobody's answer hangs on what others were asked before.
std::string judge(const Choices& choices, std::string_view host, std::span<const Bytes> certificates, bool backwards) {
    verify::TrustStores trust;
    trust.use_shipped((choices.first & 2U) != 0);
    if (certificates.size() > 1) trust.add_certificate(certificates.back(), (choices.first & 4U) != 0);
    verify::Memory memory;
    verify::Input input;
    input.presented = certificates.first(std::max<std::size_t>(certificates.size() - ((choices.first & 8U) != 0 ? 1 : 0), 1));
    input.fetched = certificates.subspan(certificates.size() / 2, (choices.first & 16U) != 0 ? 1 : 0);
    input.name = host;
    input.at = *parse_time("2026-06-01");
    input.budget.signatures = 100;
    input.budget.candidates = 500;
    input.budget.name_comparisons = 5'000;
    verify::Verification verification(input, trust, memory);
    clients::Context context;
    context.host = host;
    context.port = 993;
    context.tls = choices.tls;
    context.roots = static_cast<clients::Roots>((choices.first >> 5U) % 3);
    context.issuers_were_fetched = (choices.first & 16U) != 0;
    clients::Judge all(verification, context);
    std::string text;
    std::vector<const clients::Profile*> profiles;
    const bool as_they_are = choices.first >> 5U < 6;
    for (const clients::Profile& profile : as_they_are ? clients::compiled().profiles : std::span(contrary())) profiles.push_back(&profile);
    const auto in_order = profiles;
    if (backwards) std::ranges::reverse(profiles);
    std::map<std::string_view, clients::Verdict> verdicts;
    for (const clients::Profile* profile : profiles) {
        const clients::Verdict& verdict = verdicts[profile->id] = all.judge(*profile);
        must(verdict.profile == profile, "a verdict is that of its client");
        check_verdict(verdict, verification);
    }
    for (const clients::Profile* profile : in_order) {
        const clients::Verdict& verdict = verdicts[profile->id];
        text += std::string(profile->id) + " " + std::string(name_of(verdict.outcome)) + " " + std::string(name_of(verdict.reaches));
        for (const verify::Placed& placed : verdict.findings) text += " " + std::string(info(placed.finding->id).name);
        text += verdict.why + "\n";
    }
    return text;
}

FirstInputs first_inputs;

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
    size = first_inputs.choose(data, size, max, seed);
    return mutate_blocks(data, size, max, seed / 2, size < 4 ? 0 : std::min<std::size_t>(size, 4U + data[3]));
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 8 || size > 32'768) return 0;
    first_inputs.see(Bytes(data, size));
    const std::size_t length = std::min<std::size_t>(data[3], size - 4);
    const std::string_view host(reinterpret_cast<const char*>(data) + 4, length);
    const auto blocks = split_blocks(Bytes(data, size).subspan(4 + length), 8);
    if (blocks.empty() || blocks.back().empty()) return 0;
    const Choices choices(data);
    must(judge(choices, host, blocks, false) == judge(choices, host, blocks, true), "the same input gives the same verdicts");
    return 0;
}
