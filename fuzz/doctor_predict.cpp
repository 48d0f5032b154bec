// Must reach predict() and everything behind it (reading PEM and DER, requests, staples, revocation lists, the graph, the judge, causes,
// made certificates) and every renderer.
//
// The input is a file that an administrator might name; when it begins with a zero byte, a byte of choices and what stands behind are a
// file, issuers, a stapled response and a revocation list, each with its length in two bytes before it. Always the same file gives the same
// report.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "fuzz/blocks.h"
#include "fuzz/doctor_report.h"

namespace {

using namespace truename;

const doctor::Settings& settings(bool all) {
    const auto prepare = [](bool everybody) {
        doctor::Options options;  // with --trust, requests would be refused
        if (everybody) options.clients = {"all"};
        auto made = doctor::prepare(options);
        if (!made) std::abort();
        return std::move(*made);
    };
    static const doctor::Settings kUsual = prepare(false), kAll = prepare(true);
    return all ? kAll : kUsual;
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 65'536) return 0;
    std::uint8_t choices = 0;
    const doctor::PredictInput input = read_input(Bytes(data, size), choices);
    const auto shown = doctor::render_certificates(input.files[0], input.now);
    must(!shown || is_safe(*shown), "what is shown is safe for a terminal");

    const doctor::Settings& chosen = settings((choices & 0x20U) != 0);
    const auto report = doctor::predict(input, chosen);
    if (!report) {
        must(is_safe(to_sentence(report.error())), "a failure is safe for a terminal");
        return 0;
    }
    check_report(*report, false);
    must(report->predicted && report->connections == 0, "nobody was asked");
    must(doctor::render_json(*report) == doctor::render_json(*doctor::predict(input, chosen)), "the same file gives the same report");
    return 0;
}
