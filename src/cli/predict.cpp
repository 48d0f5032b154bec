#include <string>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/judging.h"
#include "cli/message_input.h"
#include "cli/outputs.h"
#include "cli/predict_message.h"
#include "cli/program.h"
#include "cli/shared_options.h"
#include "doctor/doctor.h"
#include "probe/target.h"

namespace truename::cli {

namespace {

Result<doctor::PredictInput, Stop> read_input(const Arguments& arguments, const Program& program) {
    doctor::PredictInput input;
    auto files = named_files(arguments.positionals(), "reading the certificate in");
    if (!files) return forward_error(files);
    input.files = std::move(*files);
    auto issuers = named_files(arguments.all("issuer"), "reading the issuer in");
    if (!issuers) return forward_error(issuers);
    input.issuers = std::move(*issuers);
    if (const std::optional<std::string_view> path = arguments.get("ocsp")) {
        auto ocsp = named_files({*path}, "reading the OCSP response in");
        if (!ocsp) return forward_error(ocsp);
        input.ocsp = std::move(ocsp->front());
    }
    auto crls = named_files(arguments.all("crl"), "reading the revocation list in");
    if (!crls) return forward_error(crls);
    input.crls = std::move(*crls);
    const std::optional<std::string_view> name = arguments.get("name");
    if (!name || name->empty())
        return Unexpected{
            usage_stop("the command line", "--name is missing", "Name the server as your users type it: --name mail.example.com")};
    const auto target = probe::parse_target(*name, "argument");
    if (!target || target->port)
        return Unexpected{usage_stop("--name", "\"" + printable(*name) + "\" is no name of a server",
                                     "Write it as your users type it: mail.example.com")};
    input.name = *name;
    if (const std::optional<std::string_view> as_ca = arguments.get("as-ca")) {
        const Result<doctor::AsCa, Failure> parsed = doctor::parse_as_ca(*as_ca);
        if (!parsed) return Unexpected{stop_for(parsed.error())};
        input.as_ca = *parsed;
    }
    input.now = program.clock().now();
    return input;
}

/// A message, when that is the one file; nothing when it is something else.
Result<std::optional<ExitCode>, Stop> try_message(const Arguments& arguments, Program& program) {
    if (arguments.positionals().size() != 1 || arguments.has("name") || arguments.positionals().front() == "-")
        return std::optional<ExitCode>();
    const auto file = named_files(arguments.positionals(), "reading the message in");
    if (!file) return forward_error(file);
    if (!is_message(file->front().bytes)) return std::optional<ExitCode>();
    const auto output = arguments.get("output").value_or("text");
    if (output != "text" && output != "json")
        return Unexpected{usage_stop("--output", "what is said of a message is written as text or as json, to standard output")};
    for (const std::string_view option : {"as-ca", "trust", "at", "issuer", "ocsp", "crl", "detail"}) {
        if (arguments.has(option)) return Unexpected{usage_stop("--" + std::string(option), "it says nothing of a message")};
    }
    std::vector<std::string> only;
    for (const std::string_view list : arguments.all("client")) {
        for (const std::string_view id : list_items(list)) only.emplace_back(id);
    }
    return std::optional(predict_message(file->front().name, file->front().bytes, only, output == "json", program));
}

ExitCode run_predict(const Arguments& arguments, Program& program) {
    const auto message = try_message(arguments, program);
    if (!message) return program.stop(message.error());
    if (*message) return **message;
    const Result<doctor::PredictInput, Stop> input = read_input(arguments, program);
    if (!input) return program.stop(input.error());
    Result<doctor::Options, Stop> options = judging_options(arguments, program);
    if (!options) return program.stop(options.error());
    for (const doctor::NamedFile& file : input->files)
        program.detail("read " + printable(file.name) + ", " + counted(file.bytes.size(), "byte"));
    Result<Outputs, Stop> outputs = Outputs::open(arguments, Many::one);
    if (!outputs) return program.stop(outputs.error());

    const Result<doctor::Settings, Failure> settings = doctor::prepare(std::move(*options));
    if (!settings) return program.stop(stop_for(settings.error()));
    const Result<doctor::Report, Failure> report = doctor::predict(*input, *settings);
    if (!report) return program.stop(stop_for(report.error()));
    if (const auto added = outputs->add(*report, program); !added) return program.stop(added.error());
    if (const auto finished = outputs->finish(program); !finished) return program.stop(finished.error());
    return static_cast<ExitCode>(report->exit);
}

constexpr Option kOptions[] = {
    {.name = "name", .argument = "NAME", .help = "The name of the server as users type it. Always needed, but for a message."},
    {.name = "as-ca",
     .argument = "LIST",
     .help = "What an authority makes of a request: `keeps` or `sorts` the names, `days=90`, and its root is `shipped` with the programs "
             "or `added`; "
             "with commas between them."},
    option::kClient,
    option::kTrust,
    option::kAt,
    option::kIssuer,
    {.name = "ocsp",
     .argument = "FILE",
     .help = "The OCSP response that the server would staple (DER or PEM). Without it there is none.",
     .offers = Offers::file},
    {.name = "crl",
     .argument = "FILE",
     .help = "A certificate revocation list of one of the issuers (DER or PEM). Without one nobody looks whether a certificate is revoked.",
     .repeatable = true,
     .offers = Offers::file},
    option::kOutput,
    option::kDetail,
    option::kLang,
    option::kData,
};

}  // namespace

const Command kPredictCommand = {
    .name = "predict",
    .summary = "Say what mail programs would make of a certificate or request that no server has yet, or of a message",
    .positionals = "FILE...",
    .least = 1,
    .most = kAnyNumber,
    .offers = Offers::file,
    .options = kOptions,
    .run = run_predict,
};

}  // namespace truename::cli
