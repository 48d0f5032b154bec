// Must reach examine() and everything behind it (endpoints that differ, who is shut out, causes, mends judged again) and every renderer.
//
// Input: one byte of choices; a file of roots with its length in two bytes before it; evidence as --save writes it. The same evidence
// always gives the same report.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "fuzz/doctor_report.h"
#include "fuzz/first_inputs.h"
#include "fuzz/text_mutator.h"
#include "probe/evidence.h"

namespace {

using namespace truename;

constexpr std::uint8_t kAll = 1, kRequires = 2, kDeep = 4, kOwnRoots = 8, kGerman = 16, kBrief = 32, kOther = 64;

std::optional<doctor::Settings> prepare(std::uint8_t choices, Bytes roots) {
    doctor::Options options;
    if ((choices & kAll) != 0) options.clients = {"all"};
    if ((choices & kRequires) != 0) options.require = {"imaps", "submission"};
    options.deep = (choices & kDeep) != 0;
    options.trust = (choices & kOwnRoots) != 0 ? doctor::TrustBase::own : doctor::TrustBase::none;
    if ((choices & kGerman) != 0) options.lang = "de";
    options.brief = (choices & kBrief) != 0;
    if (!roots.empty()) options.added_roots.push_back({"roots", to_owned(roots)});
    if ((choices & kOther) != 0) options.at = *parse_time("2027-06-01");
    auto made = doctor::prepare(std::move(options));
    if (made) return std::move(*made);
    must(is_safe(to_sentence(made.error())), "a failure is safe for a terminal");
    return std::nullopt;
}

FirstInputs first_inputs;

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
    size = first_inputs.choose(data, size, max, seed);
    return mutate_text(data, size, max, seed / 2, size < 3 ? 0 : 3 + data[1] * 256U + data[2]);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3 || size > 65'536) return 0;
    first_inputs.see(Bytes(data, size));
    const Bytes input(data + 3, size - 3);
    const Bytes roots = input.first(std::min<std::size_t>(data[1] * 256U + data[2], input.size()));
    const auto evidence = probe::read_evidence(as_text(input.subspan(roots.size())));
    if (!evidence) return 0;
    const auto settings = prepare(data[0], roots);
    if (!settings) return 0;
    const doctor::Report report = doctor::examine(*evidence, *settings);
    check_report(report, (data[0] & kRequires) != 0);
    must(report.endpoints.size() == evidence->endpoints.size(), "every endpoint is told");
    must(report.missing.empty() || (data[0] & kRequires) != 0, "nothing is missing that nobody required");
    must(report.mends.empty() || (data[0] & kBrief) == 0, "who wants it brief gets no mends");
    must(doctor::render_json(report) == doctor::render_json(doctor::examine(*evidence, *settings)), "the same evidence, the same report");
    return 0;
}
