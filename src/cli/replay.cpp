#include <string>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/asking.h"
#include "cli/commands.h"
#include "cli/file.h"
#include "cli/judging.h"
#include "cli/outputs.h"
#include "cli/program.h"
#include "cli/shared_options.h"
#include "doctor/doctor.h"
#include "probe/evidence.h"

namespace truename::cli {

namespace {

/// The evidence of each target in a file: `check --save` writes one a line.
Result<std::vector<probe::Evidence>, Stop> read_evidence_file(std::string_view path) {
    const Result<ByteString, Stop> bytes = read_file(path, "reading the evidence in", probe::kMaxEvidenceSize);
    if (!bytes) return forward_error(bytes);
    std::vector<probe::Evidence> all;
    std::size_t line = 0;
    for (const std::string_view text : split(as_text(*bytes), '\n')) {
        ++line;
        if (trim(text).empty()) continue;
        Result<probe::Evidence, Failure> evidence = probe::read_evidence(text);
        if (!evidence) {
            Failure failure = evidence.error();
            failure.object = input_name(path) + (line > 1 ? " line " + std::to_string(line) : "");
            return Unexpected{stop_for(std::move(failure))};
        }
        all.push_back(std::move(*evidence));
    }
    if (all.empty())
        return Unexpected{Stop{ExitCode::bad_input,
                               {FailureKind::input, "reading the evidence in", input_name(path), "there is nothing in it",
                                "It is written by truename check --save FILE"}}};
    return all;
}

ExitCode run_replay(const Arguments& arguments, Program& program) {
    auto evidence = read_evidence_file(arguments.positionals()[0]);
    if (!evidence) return program.stop(evidence.error());
    auto options = judging_options(arguments, program);
    if (!options) return program.stop(options.error());
    auto required = required_protocols(arguments);
    if (!required) return program.stop(required.error());
    options->require = std::move(*required);
    options->deep = evidence->front().deep;
    const auto issuers = given_issuers(arguments);
    if (!issuers) return program.stop(issuers.error());
    Result<Outputs, Stop> outputs = Outputs::open(arguments, evidence->size() == 1 ? Many::one : Many::several);
    if (!outputs) return program.stop(outputs.error());
    const Result<doctor::Settings, Failure> settings = doctor::prepare(std::move(*options));
    if (!settings) return program.stop(stop_for(settings.error()));

    ExitCode code = ExitCode::silent;
    for (probe::Evidence& each : *evidence) {
        each.fetched.insert(each.fetched.end(), issuers->begin(), issuers->end());
        const doctor::Report report = doctor::examine(each, *settings);
        code = worst(code, static_cast<ExitCode>(report.exit));
        if (const auto added = outputs->add(report, program); !added) return program.stop(added.error());
    }
    if (const auto finished = outputs->finish(program); !finished) return program.stop(finished.error());
    return code;
}

constexpr Option kOptions[] = {
    option::kTrust,  option::kClient, option::kAt,   option::kIssuer, option::kRequire,
    option::kOutput, option::kDetail, option::kLang, option::kData,
};

}  // namespace

const Command kReplayCommand = {
    .name = "replay",
    .summary = "Judge again what was saved by check --save, without a network",
    .positionals = "FILE",
    .least = 1,
    .most = 1,
    .offers = Offers::file,
    .options = kOptions,
    .run = run_replay,
};

}  // namespace truename::cli
