#include "cli/preflight.h"

#include <algorithm>

#include "base/text.h"
#include "cli/judging.h"
#include "cli/program.h"
#include "doctor/doctor.h"
#include "doctor/render.h"
#include "servers/sni_name.h"

namespace truename::cli {

namespace {

/// The clients that would warn or refuse.
std::vector<std::string> stumbling(const doctor::Report& report) {
    std::vector<std::string> names;
    for (const doctor::Verdict& verdict : report.verdicts) {
        if (verdict.outcome == doctor::Outcome::warns || verdict.outcome == doctor::Outcome::refuses) names.push_back(verdict.title);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

Result<doctor::Settings, Stop> make_settings(const Arguments& arguments, std::vector<doctor::NamedFile> added_roots) {
    doctor::Options options;
    for (const std::string_view list : arguments.all("client")) {
        for (const std::string_view id : list_items(list)) options.clients.emplace_back(id);
    }
    auto folder = data_folder(arguments);
    if (!folder) return forward_error(folder);
    options.data_folder = std::move(*folder);
    options.added_roots = std::move(added_roots);
    auto settings = doctor::prepare(std::move(options));
    if (!settings) return Unexpected{stop_for(settings.error())};
    return std::move(*settings);
}

}  // namespace

Result<doctor::Settings, Stop> settings_with_root(const authority::Authority& authority, const Arguments& arguments) {
    return make_settings(arguments, {{"the authority's root", authority.root()}});
}

Result<doctor::Settings, Stop> settings_for_request(const Arguments& arguments) {
    return make_settings(arguments, {});
}

Result<doctor::Report, Stop> judge_draft(const authority::Draft& draft, const authority::Authority& authority, std::string_view name,
                                         const doctor::Settings& settings, Time now) {
    doctor::PredictInput input;
    input.files = {{"the certificate", authority::signed_certificate(draft.row, draft.algorithm)},
                   {"the intermediate", authority.intermediate()}};
    input.takes_first_as_signed = true;
    input.now = now;
    input.name = servers::example_of(name);
    auto report = doctor::predict(input, settings);
    if (!report) return Unexpected{stop_for(report.error())};
    return std::move(*report);
}

Result<ExitCode, Stop> preflight(const authority::Draft& draft, const authority::Authority& authority, const Arguments& arguments,
                                 Program& program) {
    const auto settings = settings_with_root(authority, arguments);
    if (!settings) return forward_error(settings);
    ExitCode code = ExitCode::silent;
    for (const std::string& name : draft.names) {
        const auto report = judge_draft(draft, authority, name, *settings, program.clock().now());
        if (!report) return forward_error(report);
        const std::vector<std::string> names = stumbling(*report);
        if (names.empty()) continue;
        if (&name == &draft.names.front()) {
            code = static_cast<ExitCode>(report->exit);
            program.print(
                doctor::render_text(*report, {.colour = program.colours(), .width = program.width(), .verbose = program.verbose()}));
            break;
        }
        program.note("Under " + printable(name) + " these would warn or refuse: " + join(names, ", ") + ". Name the server as " +
                     draft.names.front() + " in their settings.");
    }
    return code;
}

}  // namespace truename::cli
