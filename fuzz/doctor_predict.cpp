// Must reach predict() and everything behind it (reading PEM and DER, requests, staples, revocation lists, the graph, the judge, causes,
// made certificates) and every renderer.
//
// The input is a file that an administrator might name; when it begins with a zero byte, a byte of choices and what stands behind are a
// file, issuers, a stapled response and a revocation list, each with its length in two bytes before it. By choice a few days before the
// certificate ends, and for one client alone. Always the same file gives the same report.
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "clients/library.h"
#include "fuzz/blocks.h"
#include "fuzz/doctor_report.h"
#include "fuzz/first_inputs.h"
#include "fuzz/signed_mutator.h"
#include "x509/certificate.h"

namespace {

using namespace truename;

constexpr std::uint8_t kAll = 0x20, kNearItsEnd = 0x40, kOne = 0x80;

const doctor::Settings& settings_for(const std::vector<std::string>& clients) {
    static std::map<std::vector<std::string>, doctor::Settings> made;
    const auto known = made.find(clients);
    if (known != made.end()) return known->second;
    doctor::Options options;  // with --trust, requests would be refused
    options.clients = clients;
    auto prepared = doctor::prepare(options);
    if (!prepared) std::abort();
    return made.emplace(clients, std::move(*prepared)).first->second;
}

const doctor::Settings& settings(std::uint8_t choices, std::size_t size) {
    const auto& profiles = clients::compiled().profiles;
    if ((choices & kOne) != 0) return settings_for({std::string(profiles[size % profiles.size()].id)});
    return settings_for({(choices & kAll) != 0 ? "all" : "usual"});
}

/// What a file holds that can be judged.
std::vector<Bytes> judged_in(const doctor::NamedFile& file, x509::PemBundle& bundle) {
    auto read = x509::read_pem_bundle(file.bytes, file.name);
    if (!read) return {};
    bundle = std::move(*read);
    auto all = bundle.all(x509::PemKind::certificate), requests = bundle.all(x509::PemKind::request);
    all.insert(all.end(), requests.begin(), requests.end());
    return all;
}

/// The words of --as-ca.
const char* as_ca(unsigned choice) {
    constexpr const char* kWords[] = {"keeps", "sorts", "10d", "sorts,added"};
    return kWords[choice % 4];
}

doctor::PredictInput read_input(Bytes input, std::uint8_t& choices) {
    doctor::PredictInput asked;
    asked.name = "mail.example.com";
    asked.now = Time(std::chrono::seconds(1'795'478'400));
    if (input.size() < 2 || input[0] != 0) {
        asked.files.push_back({"input", to_owned(input)});
        return asked;
    }
    choices = input[1];
    const auto blocks = split_blocks(input.subspan(2), 4);
    const auto block = [&](std::size_t i) { return i < blocks.size() ? to_owned(blocks[i]) : ByteString(); };
    asked.files.push_back({"input", block(0)});
    if (!block(1).empty()) asked.issuers.push_back({"issuers", block(1)});
    if (!block(2).empty()) asked.ocsp = {"response", block(2)};
    if (!block(3).empty()) asked.crls.push_back({"list", block(3)});
    if ((choices & 1U) != 0) asked.name = (choices & 2U) != 0 ? "remote.example.com" : "192.0.2.1";
    if ((choices & 4U) != 0) asked.as_ca = *doctor::parse_as_ca(as_ca(choices >> 3U));
    return asked;
}

FirstInputs first_inputs;

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
    size = first_inputs.choose(data, size, max, seed);
    return size > 2 && data[0] == 0 ? mutate_blocks(data, size, max, seed / 2, 2) : LLVMFuzzerMutate(data, size, max);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 65'536) return 0;
    first_inputs.see(Bytes(data, size));
    std::uint8_t choices = 0;
    doctor::PredictInput input = read_input(Bytes(data, size), choices);
    x509::PemBundle bundle;
    const std::vector<Bytes> judged = judged_in(input.files[0], bundle);
    const auto first = x509::parse_certificate(judged.empty() ? Bytes() : judged[0]);
    if ((choices & kNearItsEnd) != 0 && first) input.now = first->validity.not_after.time - std::chrono::days(5);
    const auto shown = doctor::render_certificates(input.files[0], input.now);
    must(!shown || is_safe(*shown), "what is shown is safe for a terminal");

    const doctor::Settings& chosen = settings(choices, size);
    const auto report = doctor::predict(input, chosen);
    if (!report) {
        must(is_safe(to_sentence(report.error())), "a failure is safe for a terminal");
        return 0;
    }
    must(!judged.empty(), "who names neither certificate nor request is told so");
    check_report(*report, false);
    must(report->predicted && report->connections == 0, "nobody was asked");
    must(doctor::render_json(*report) == doctor::render_json(*doctor::predict(input, chosen)), "the same file gives the same report");
    return 0;
}
