#include "authority/handout.h"
#include "base/text.h"
#include "cli/ca.h"
#include "cli/judging.h"
#include "cli/out_folder.h"
#include "cli/program.h"
#include "x509/print.h"

namespace truename::cli {

namespace {

constexpr std::string_view kKinds = "windows macos ios thunderbird debian android page";

/// The files of one handout, and its steps on standard output and beside them.
ExitCode export_one(const authority::Handout& handout, const ByteString& root, const OutFolder& out, Program& program) {
    const auto filled = authority::FilledHandout::make(handout, root);
    if (!filled) return program.stop(stop_for(filled.error()));
    for (const authority::FilledHandout::File& file : filled->files) {
        if (const auto written = out.write(file.name, file.contents, Readers::everybody); !written) return program.stop(written.error());
    }
    const std::string text = to_text(*filled);
    if (const auto written = out.write("README.txt", text, Readers::everybody); !written) return program.stop(written.error());
    program.print(text);
    return ExitCode::silent;
}

ExitCode export_page(const ByteString& root, const OutFolder& out, Program& program) {
    std::vector<authority::FilledHandout> all;
    for (const authority::Handout& handout : authority::handouts()) {
        auto filled = authority::FilledHandout::make(handout, root);
        if (!filled) return program.stop(stop_for(filled.error()));
        all.push_back(std::move(*filled));
    }
    const auto certificate = x509::parse_certificate(root);
    const auto names = x509::common_names(certificate->subject);
    const std::string page = to_page(all, names.empty() ? "Root" : names.front(), root);
    if (const auto written = out.write("index.html", page, Readers::everybody); !written) return program.stop(written.error());
    program.print("Written: " + printable(out.path()) + "/index.html\n");
    return ExitCode::silent;
}

ExitCode run_ca_export(const Arguments& arguments, Program& program) {
    const auto kind = arguments.get("for");
    if (!kind) return program.stop(usage_stop("the command line", "--for is missing", "There are: " + std::string(kKinds)));
    const auto folder = store_folder(arguments);
    if (!folder) return program.stop(folder.error());
    const auto opened = authority::Authority::open(*folder);
    if (!opened) return program.stop(stop_for(opened.error()));
    const auto out = OutFolder::open(arguments.get("out").value_or(""));
    if (!out) return program.stop(out.error());
    if (*kind == "page") return export_page(opened->root(), *out, program);
    return export_one(*authority::find_handout(*kind), opened->root(), *out, program);
}

constexpr Option kOptions[] = {
    option::kStore,
    {.name = "for",
     .argument = "KIND",
     .help =
         "For whom: `windows`, `macos`, `ios`, `thunderbird`, `debian`, `android`, or `page` (a web page with all of them). Always needed.",
     .offers = Offers::words,
     .words = kKinds},
    {.name = "out", .argument = "FOLDER", .help = "Write the files there. Always needed.", .offers = Offers::folder},
};

}  // namespace

const Command kCaExportCommand = {
    .name = "ca export",
    .summary = "Write the root and the steps by which people make their programs trust it, and how to take it away again",
    .options = kOptions,
    .run = run_ca_export,
};

}  // namespace truename::cli
