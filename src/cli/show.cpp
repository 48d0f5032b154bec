#include <string>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/judging.h"
#include "cli/program.h"
#include "doctor/doctor.h"

namespace truename::cli {

namespace {

ExitCode run_show(const Arguments& arguments, Program& program) {
    const auto at = judging_time(arguments);
    if (!at) return program.stop(at.error());
    const auto files = named_files(arguments.positionals(), "reading the certificate in");
    if (!files) return program.stop(files.error());
    std::string text;
    for (const doctor::NamedFile& file : *files) {
        const Result<std::string, Failure> shown = doctor::render_certificates(file, at->value_or(program.clock().now()));
        if (!shown) return program.stop(stop_for(shown.error()));
        if (files->size() > 1) text += (text.empty() ? "" : "\n") + printable(file.name) + ":\n";
        text += *shown;
    }
    program.print(text);
    return ExitCode::silent;
}

constexpr Option kOptions[] = {
    {.name = "at",
     .argument = "TIME",
     .help = "Count the days left from this time: `2027-03-01`, `2027-03-01T08:00` (UTC) or `@` and seconds since 1970."},
};

}  // namespace

const Command kShowCommand = {
    .name = "show",
    .summary = "Show a certificate or request as an administrator reads it, its names numbered in their order",
    .positionals = "FILE...",
    .least = 1,
    .most = kAnyNumber,
    .offers = Offers::file,
    .options = kOptions,
    .run = run_show,
};

}  // namespace truename::cli
