#include "authority/audit_check.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/ca.h"
#include "cli/judging.h"
#include "cli/program.h"

namespace truename::cli {

namespace {

std::string in_json(const authority::AuditReport& report) {
    JsonWriter json(2);
    json.begin_object().member("good", report.is_good()).member("entries", report.entries).member("head", report.head);
    json.key("problems").begin_array();
    for (const std::string& problem : report.problems) json.value(problem);
    return json.end_array().end_object().take() + "\n";
}

std::string in_words(const authority::AuditReport& report) {
    const std::string entries = std::to_string(report.entries) + (report.entries == 1 ? " entry" : " entries");
    if (report.is_good()) return "The log has " + entries + ", and everything is as they say.\nhead  " + report.head + "\n";
    std::string text = "The log has " + entries + ". Something was changed:\n";
    for (const std::string& problem : report.problems) text += "  " + problem + "\n";
    return text;
}

ExitCode run_ca_audit(const Arguments& arguments, Program& program) {
    const auto folder = store_folder(arguments);
    if (!folder) return program.stop(folder.error());
    auto store = authority::Store::open(*folder);
    if (!store) return program.stop(stop_for(store.error()));
    program.set_activity("reading the log");
    auto report = authority::check_audit(*store, authority::ListFiles::there, arguments.get("head").value_or(""));
    program.end_activity();
    if (!report) return program.stop(stop_for(report.error()));
    if (arguments.has("head") && report->known_head_at == 0)
        report->problems.push_back("no entry has the head " + printable(*arguments.get("head")) + ": the log was cut, or made anew");
    program.print(arguments.has("json") ? in_json(*report) : in_words(*report));
    return report->is_good() ? ExitCode::silent : ExitCode::refuses;
}

constexpr Option kOptions[] = {
    option::kStore,
    {.name = "head",
     .argument = "HASH",
     .help = "The head that an earlier run printed: a log that was cut since, or made anew, has it no more."},
    {.name = "json", .help = "As a JSON object."},
};

}  // namespace

const Command kCaAuditCommand = {
    .name = "ca audit",
    .summary = "Look whether one byte of what the authority has recorded was changed",
    .options = kOptions,
    .run = run_ca_audit,
};

}  // namespace truename::cli
