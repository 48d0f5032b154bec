#include "cli/asking.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/text.h"
#include "cli/judging.h"
#include "x509/pem.h"

namespace truename::cli {

namespace {

using std::chrono::milliseconds;

/// No single wait may be longer than all of them together.
void bound_by(probe::Limits& limits, milliseconds whole) {
    limits.target = whole;
    for (milliseconds* each : {&limits.resolve, &limits.connect, &limits.greeting, &limits.step, &limits.connection, &limits.fetch})
        *each = std::min(*each, whole);
}

}  // namespace

Result<std::chrono::milliseconds, Stop> parse_seconds(std::string_view option, std::string_view text) {
    double seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
    if (error != std::errc{} || end != text.data() + text.size() || !(seconds >= 0.05 && seconds <= 3600)) {
        return Unexpected{usage_stop(std::string(option), "\"" + printable(text) + "\" is no number of seconds between 0.05 and 3600")};
    }
    return milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

Result<probe::Limits, Stop> asking_limits(const Arguments& arguments) {
    probe::Limits limits;
    if (const auto text = arguments.get("timeout")) {
        const auto whole = parse_seconds("--timeout", *text);
        if (!whole) return forward_error(whole);
        bound_by(limits, *whole);
    }
    return limits;
}

Result<probe::Options, Stop> asking_options(const Arguments& arguments, bool is_list) {
    probe::Options options;
    if (const auto text = arguments.get("ports")) {
        auto ports = probe::parse_ports(*text);
        if (!ports) return Unexpected{stop_for(ports.error())};
        options.ports = std::move(*ports);
    }
    if (const auto text = arguments.get("starttls")) {
        const auto protocol = probe::parse_starttls(*text);
        if (!protocol) return Unexpected{stop_for(protocol.error())};
        options.starttls = *protocol;
    }
    if (const auto text = arguments.get("connect")) {
        auto address = probe::parse_connect(*text);
        if (!address) return Unexpected{stop_for(address.error())};
        options.connect = std::move(*address);
    }
    for (const std::string_view text : arguments.all("resolve")) {
        auto resolve = probe::parse_resolve(text);
        if (!resolve) return Unexpected{stop_for(resolve.error())};
        options.resolve.push_back(std::move(*resolve));
    }
    const auto limits = asking_limits(arguments);
    if (!limits) return forward_error(limits);
    options.limits = *limits;
    options.deep = arguments.has("deep");
    const bool fetches = arguments.get("fetch").value_or(is_list ? "none" : "auto") == "auto";
    options.fetch = !fetches ? probe::Fetch::none : options.deep ? probe::Fetch::revocation : probe::Fetch::issuers;
    return options;
}

Result<std::vector<std::string>, Stop> required_protocols(const Arguments& arguments) {
    std::vector<std::string> names;
    for (const std::string_view item : list_items(arguments.get("require").value_or(""))) {
        const auto protocol = probe::find_protocol(item);
        if (!protocol) {
            std::vector<std::string_view> known;
            for (const probe::ProtocolInfo& row : probe::all_protocols()) known.push_back(row.name);
            const std::string_view near = nearest(item, known);
            return Unexpected{usage_stop("--require", "\"" + printable(item) + "\" is no service",
                                         near.empty() ? "" : "Did you mean " + std::string(near) + "?")};
        }
        names.emplace_back(probe::info(*protocol).name);
    }
    return names;
}

Result<std::vector<probe::Fetched>, Stop> given_issuers(const Arguments& arguments) {
    auto files = named_files(arguments.all("issuer"), "reading the issuer in");
    if (!files) return forward_error(files);
    std::vector<probe::Fetched> issuers;
    for (const doctor::NamedFile& file : *files) {
        const auto bundle = x509::read_pem_bundle(file.bytes, file.name);
        if (!bundle) return Unexpected{stop_for(bundle.error())};
        const auto certificates = bundle->all(x509::PemKind::certificate);
        if (certificates.empty()) {
            return Unexpected{
                Stop{ExitCode::bad_input,
                     {FailureKind::input, "reading the issuer in", printable(file.name), "there is no certificate in it", ""}}};
        }
        for (const Bytes der : certificates)
            issuers.push_back(
                {.url = "file:" + file.name, .kind = probe::FetchedKind::issuer, .bytes = to_owned(der), .address = "", .failure = {}});
    }
    return issuers;
}

}  // namespace truename::cli
