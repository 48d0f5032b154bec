#include <sys/stat.h>

#include "base/text.h"
#include "cli/asking.h"
#include "cli/ca.h"
#include "cli/certificate.h"
#include "cli/file.h"
#include "cli/judging.h"
#include "cli/program.h"
#include "cli/shared_options.h"
#include "probe/issuers.h"
#include "servers/offer.h"
#include "servers/pending_request.h"

namespace truename::cli {

namespace {

constexpr std::size_t kMostBytes = std::size_t{4} << 20;

Result<servers::Offer, Stop> read_offer(const Arguments& arguments, Program& program) {
    crypto::forbid_dumps();
    crypto::Secret passphrase;
    if (const auto path = arguments.get("passphrase-file")) {
        auto read = read_secret(std::string(*path), "reading the passphrase in", program);
        if (!read) return forward_error(read);
        passphrase = std::move(*read);
    }
    servers::Offer offer;
    const auto add = [&](std::string_view path) -> Result<void, Stop> {
        auto bytes = read_file(path, "reading", kMostBytes);
        if (!bytes) return forward_error(bytes);
        const std::size_t keys = offer.keys().size();
        const auto added = offer.add(path == "-" ? "standard input" : path, *bytes, passphrase.view());
        crypto::clear(*bytes);
        if (!added) return Unexpected{stop_for(added.error())};
        struct stat about {};
        if (offer.keys().size() != keys && ::stat(std::string(path).c_str(), &about) == 0 && (about.st_mode & 07U) != 0)
            program.note("Everybody on this machine can get at the private key in " + printable(path) + ": chmod 600 " + printable(path));
        return {};
    };
    for (const std::string_view path : arguments.positionals()) {
        if (auto added = add(path); !added) return forward_error(added);
    }
    for (const std::string_view path : arguments.all("issuer")) {
        if (auto added = add(path); !added) return forward_error(added);
    }
    for (const std::string_view path : arguments.all("key")) {
        const std::size_t before = offer.keys().size();
        if (auto added = add(path); !added) return forward_error(added);
        if (offer.keys().size() == before)
            return Unexpected{Stop{ExitCode::bad_input, {FailureKind::input, "reading the key in", input_name(path), "there is none", ""}}};
    }
    return offer;
}

/// Looks for the issuer of a certificate among those that the servers send now, the roots that programs have, then where it says that it
/// is.
servers::FetchIssuers fetcher(const Arguments& arguments, Program& program, const doctor::Settings& settings,
                              const std::vector<servers::Surveyed>& servers) {
    const bool fetches = arguments.get("fetch") != "none";
    std::string near;
    for (const servers::Surveyed& each : servers) {
        if (!each.survey.servings.empty()) near = each.survey.servings.front().listener.address;
    }
    const std::vector<ByteString> in_place = servers::issuers_in_places(servers);
    return [&program, &settings, near, fetches, in_place](const ByteString& certificate) {
        std::vector<ByteString> found = servers::issuers_among(in_place, certificate);
        for (const Bytes root : doctor::roots_for(certificate, settings)) found.push_back(to_owned(root));
        if (!found.empty() || !fetches) return found;
        const auto fetched = probe::fetch_issuers({certificate}, near, {});
        if (!fetched) return found;
        for (const probe::Fetched& each : *fetched) {
            servers::Offer offer;
            if (each.failure)
                program.detail(to_sentence(*each.failure));
            else if (offer.add(each.url, each.bytes, ""))
                found.insert(found.end(), offer.certificates().begin(), offer.certificates().end());
        }
        return found;
    };
}

ExitCode run_import(const Arguments& arguments, Program& program) {
    auto offer = read_offer(arguments, program);
    if (!offer) return program.stop(offer.error());
    const auto chosen = chosen_servers(arguments);
    if (!chosen) return program.stop(chosen.error());
    const auto settings = installing_settings(arguments, program);
    if (!settings) return program.stop(settings.error());
    const auto surveyed = servers::survey_all(*chosen);
    if (!surveyed) return program.stop(stop_for(surveyed.error()));
    std::vector<servers::NamedKey> keys = servers::keys_of_requests(state_folder(arguments));
    for (servers::NamedKey& key : servers::keys_in_places(*surveyed)) keys.push_back(std::move(key));
    auto completed = servers::complete(*offer, keys, fetcher(arguments, program, *settings, *surveyed));
    if (!completed) return program.stop(stop_for(completed.error()));
    auto names = names_to_serve(arguments);
    if (!names) return program.stop(names.error());
    const crypto::PrivateKey key = completed->credential.key;
    const ExitCode code =
        install(arguments, program, *surveyed, {std::move(*completed), audience_for(std::move(*names), arguments), {"import"}}, *settings);
    if ((code != ExitCode::silent && code != ExitCode::not_judged) || arguments.has("dry-run")) return code;
    // The record of the installation has the key now.
    if (const auto ended = servers::end_request(state_folder(arguments), key); !ended) program.note(to_sentence(ended.error()));
    return code;
}

/// What an installation put into the files.
Result<servers::Completed, Failure> installed_credential(servers::Journal& journal, std::int64_t number) {
    const auto installation = journal.installation(number);
    if (!installation) return forward_error(installation);
    const auto changes = journal.changes(number);
    if (!changes) return forward_error(changes);
    servers::Offer offer;
    for (const servers::FileChange& change : *changes) {
        if (auto added = offer.add(change.path, as_bytes(change.after.bytes.view()), ""); !added) return forward_error(added);
    }
    return servers::complete(offer, {}, [](const ByteString&) { return std::vector<ByteString>(); });
}

ExitCode run_use(const Arguments& arguments, Program& program) {
    const auto number = read_number(arguments.positionals().front());
    if (!number) return program.stop(number.error());
    const auto settings = installing_settings(arguments, program);
    if (!settings) return program.stop(settings.error());
    std::optional<servers::Completed> completed;
    servers::Origin origin{"use"};
    bool by_name = false;
    std::vector<std::shared_ptr<const servers::Server>> chosen;
    {
        auto journal = open_journal(arguments);
        if (!journal) return program.stop(journal.error());
        auto found = installed_credential(*journal, *number);
        if (!found) return program.stop(stop_for(found.error()));
        completed = std::move(*found);
        const auto installation = journal->installation(*number);
        if (!installation) return program.stop(stop_for(installation.error()));
        origin.store = installation->store;
        by_name = installation->by_name;
        auto recorded = servers::servers_of(*installation);
        if (!recorded) return program.stop(stop_for(recorded.error()));
        chosen = std::move(*recorded);
    }
    const auto surveyed = servers::survey_all(chosen);
    if (!surveyed) return program.stop(stop_for(surveyed.error()));
    auto names = names_to_serve(arguments);
    if (!names) return program.stop(names.error());
    return install(arguments, program, *surveyed, {std::move(*completed), {std::move(*names), by_name}, std::move(origin)}, *settings);
}

constexpr Option kName = {.name = "name",
                          .argument = "NAME",
                          .help =
                              "A name that users type, which the certificate must have; it goes where that name is served. Otherwise it "
                              "goes where what is there now has a name in common with it.",
                          .repeatable = true};
constexpr Option kForce = {.name = "force", .help = "Install it although some mail program says more to it than to the present one."};

constexpr Option kImportOptions[] = {
    option::kServer,
    option::kConfig,
    {.name = "key",
     .argument = "FILE",
     .help = "The private key, where it is neither in the files nor the one that the server has already.",
     .repeatable = true,
     .offers = Offers::file},
    {.name = "issuer", .argument = "FILE", .help = "A certificate that the chain lacks.", .repeatable = true, .offers = Offers::file},
    {.name = "passphrase-file",
     .argument = "FILE",
     .help = "The file whose first line opens a locked key or a PKCS #12 file.",
     .offers = Offers::file},
    kName,
    option::kSni,
    option::kDryRun,
    option::kJson,
    kForce,
    {.name = "fetch",
     .argument = "WHEN",
     .help = "Fetch missing issuers from where certificates name them: `auto` (the default) or `none`.",
     .offers = Offers::words,
     .words = "auto none"},
    option::kState,
    option::kPatience,
    option::kTrust,
    option::kClient,
    option::kAt,
    option::kLang,
    option::kData,
};

constexpr Option kUseOptions[] = {kName,          option::kDryRun, option::kJson, kForce,        option::kState, option::kPatience,
                                  option::kTrust, option::kClient, option::kAt,   option::kLang, option::kData};

}  // namespace

const Command kCertificateImportCommand = {
    .name = "certificate import",
    .summary = "Install what an authority sent: any form, any order, with the key or without",
    .positionals = "FILE...",
    .least = 1,
    .most = kAnyNumber,
    .offers = Offers::file,
    .options = kImportOptions,
    .run = run_import,
};

const Command kCertificateUseCommand = {
    .name = "certificate use",
    .summary = "Install again what an earlier installation put in",
    .positionals = "NUMBER",
    .least = 1,
    .most = 1,
    .options = kUseOptions,
    .run = run_use,
};

}  // namespace truename::cli
