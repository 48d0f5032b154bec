#include "authority/key_type.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/certificate.h"
#include "cli/certificate_tell.h"
#include "cli/judging.h"
#include "cli/preflight.h"
#include "cli/program.h"
#include "cli/shared_options.h"
#include "doctor/render.h"
#include "request/foretell.h"
#include "servers/pending_request.h"

namespace truename::cli {

namespace {

std::string json_of(const servers::PendingRequest& request) {
    JsonWriter json;
    write_texts(json.begin_object(), "names", request.names);
    return json.member("folder", request.folder).member("request", request.pem).end_object().take() + "\n";
}

ExitCode list_requests(const Arguments& arguments, Program& program) {
    const auto requests = servers::pending_requests(state_folder(arguments));
    if (requests.empty() && !arguments.has("json")) program.print("No request waits for its answer.\n");
    for (const servers::PendingRequest& each : requests)
        program.print(arguments.has("json") ? json_of(each)
                                            : printable(join(each.names, ", ")) + "  " + printable(each.folder) + "/request.pem\n");
    return ExitCode::silent;
}

ExitCode forget(const Arguments& arguments, Program& program) {
    const auto name = arguments.get("forget");
    if (auto gone = servers::forget_request(state_folder(arguments), std::string(*name)); !gone)
        return program.stop(stop_for(gone.error()));
    program.print("The request for " + printable(*name) + " and its key are gone.\n");
    return ExitCode::silent;
}

/// How the authority of `--as-ca` makes certificates; nothing where it is not given.
Result<std::optional<doctor::AsCa>, Stop> read_as_ca(const Arguments& arguments) {
    const auto text = arguments.get("as-ca");
    if (!text) return std::optional<doctor::AsCa>();
    const auto as_ca = doctor::parse_as_ca(*text);
    if (!as_ca) return Unexpected{stop_for(as_ca.error())};
    return std::optional(*as_ca);
}

ExitCode run_request(const Arguments& arguments, Program& program) {
    if (arguments.has("list")) return list_requests(arguments, program);
    if (arguments.has("forget")) return forget(arguments, program);
    const auto names = names_to_serve(arguments);
    if (!names) return program.stop(names.error());
    if (names->empty())
        return program.stop(
            usage_stop("the command line", "--name is missing", "Name the server as your users type it: --name mail.example.com"));
    crypto::forbid_dumps();
    const auto type = authority::find_key_type(arguments.get("key-type").value_or("p256"));  // its words are those of the option
    const auto key = authority::make_key(*type);
    if (!key) return program.stop(stop_for(key.error()));
    const auto as_ca = read_as_ca(arguments);
    if (!as_ca) return program.stop(as_ca.error());
    const auto settings = settings_for_request(arguments);
    if (!settings) return program.stop(settings.error());
    const auto report = request::foretell(*names, names->front(), *as_ca, *key, *settings, program.clock().now());
    if (!report) return program.stop(stop_for(report.error()));
    const auto code = static_cast<ExitCode>(report->exit);
    const bool bothers = code == ExitCode::warns || code == ExitCode::refuses;
    if (bothers && !arguments.has("force")) {
        program.print(doctor::render_text(*report, {.colour = program.colours(), .width = program.width(), .verbose = program.verbose()}));
        program.note("No request was made; --force makes it all the same.");
        return code;
    }
    const auto request = servers::keep_request(state_folder(arguments), *names, *key);
    if (!request) return program.stop(stop_for(request.error()));
    if (arguments.has("json")) {
        program.print(json_of(*request));
        return ExitCode::silent;
    }
    program.print(request->pem);
    program.note("Hand this in with an authority; it is in " + printable(request->folder) +
                 "/request.pem, and its key beside it. The answer: truename certificate import FILE");
    return ExitCode::silent;
}

constexpr Option kRequestOptions[] = {
    {.name = "name",
     .argument = "NAME",
     .help = "A name of the server; the first is the one that users type, because some programs look at no other.",
     .repeatable = true},
    {.name = "key-type",
     .argument = "TYPE",
     .help = "The kind of key: `p256` (the default), or one that the authority wants.",
     .offers = Offers::words,
     .words = authority::kKeyTypes},
    {.name = "as-ca",
     .argument = "WORDS",
     .help = "What the authority will make of it, as for `predict`: `keeps` or `sorts` the order of names, for how many days (`90d`)."},
    {.name = "list", .help = "List the requests that wait for their answers."},
    {.name = "forget", .argument = "NAME", .help = "Take away the request with this first name, and its key."},
    {.name = "force", .help = "Make it although some mail program would warn or refuse."},
    {.name = "json", .help = "Write each request as one JSON object: its names, its folder, and the request itself."},
    option::kState,
    option::kClient,
    option::kData,
};

}  // namespace

const Command kCertificateRequestCommand = {
    .name = "certificate request",
    .summary = "Make a key and a request for an authority, and keep them until the answer comes",
    .options = kRequestOptions,
    .run = run_request,
};

}  // namespace truename::cli
