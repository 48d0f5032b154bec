// Reaches predict() and everything behind it (reading PEM and DER, the graph, the judge, causes, made certificates) and every renderer.
// The input is a file that an administrator might name. What must always hold: the same file gives the same report; every format is valid
// UTF-8 without control characters; the page is small and holds no script; the exit code is one of four.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/text.h"
#include "doctor/doctor.h"
#include "doctor/render.h"

namespace {

using namespace truename;

const doctor::Settings& settings() {
    static const doctor::Settings prepared = [] {
        auto made = doctor::prepare({});  // with --trust, requests would be refused
        if (!made) std::abort();
        return std::move(*made);
    }();
    return prepared;
}

void check(bool holds) {
    if (!holds) std::abort();
}

bool is_safe(const std::string& text) {
    for (const char c : text) {
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F) return false;
    }
    return is_utf8(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 65'536) return 0;
    doctor::PredictInput input;
    input.name = "mail.example.com";
    input.now = Time(std::chrono::seconds(1'795'478'400));
    input.files.push_back({"input", ByteString(data, data + size)});
    const auto shown = doctor::render_certificates(input.files[0], input.now);
    check(!shown || is_safe(*shown));

    const auto report = doctor::predict(input, settings());
    if (!report) {
        check(is_safe(to_sentence(report.error())));
        return 0;
    }
    check(report->exit >= 0 && report->exit <= 3);
    const std::string json = doctor::render_json(*report);
    check(is_safe(json) && is_safe(doctor::render_json_summary(*report)));
    doctor::TextOptions verbose;
    verbose.verbose = true;
    check(is_safe(doctor::render_text(*report, verbose)));
    const std::string line = doctor::render_nagios(*report);
    check(is_safe(line) && line.find('\n') == line.size() - 1);
    const std::string page = doctor::render_html(*report);
    check(is_safe(page) && page.size() < 300 * 1024 && page.find("<script") == std::string::npos);
    check(json == doctor::render_json(*doctor::predict(input, settings())));
    return 0;
}
