// Prints a hand-made report, for tests of other languages and for looking at pages:  doctor_sample NAME
// text|verbose|json|line|summary|nagios|html `doctor_sample schema` prints the schema, `doctor_sample names` the names.
#include <cstdio>
#include <string>

#include "doctor/render.h"
#include "tests/doctor/sample.h"

using namespace truename::doctor;

namespace {

std::string render(const Report& report, const std::string& format) {
    if (format == "text") return render_text(report);
    if (format == "verbose") return render_text(report, {.verbose = true});
    if (format == "json") return render_json(report);
    if (format == "line") return render_json_line(report) + "\n";
    if (format == "summary") return render_json_summary(report) + "\n";
    if (format == "nagios") return render_nagios(report);
    if (format == "html") return render_html(report);
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    const std::string name = argc > 1 ? argv[1] : "";
    std::string text;
    if (name == "schema") text = json_schema();
    for (const NamedReport& sample : sample_reports()) {
        if (name == "names") text += std::string(sample.name) + "\n";
        if (name == sample.name && argc > 2) text = render(sample.report, argv[2]);
    }
    std::fputs(text.c_str(), stdout);
    return text.empty() ? 64 : 0;
}
