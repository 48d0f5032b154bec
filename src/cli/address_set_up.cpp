#include "cli/address_set_up.h"

#include "base/text.h"
#include "cli/certificate.h"
#include "cli/certificate_tell.h"
#include "cli/judging.h"
#include "cli/program.h"

namespace truename::cli {

ExitCode set_up_servers(const Arguments& arguments, Program& program, const std::string& name) {
    const auto chosen = chosen_servers(arguments);
    if (!chosen) return program.stop(chosen.error());
    auto plan = servers::plan_host_name(*chosen, name);
    if (!plan) return program.stop(stop_for(plan.error()));
    for (const std::string& warning : plan->warnings) program.note(warning);
    if (plan->edits.empty()) {
        program.note("The mail servers have the name " + printable(name) + " already.");
        return ExitCode::silent;
    }
    if (arguments.has("dry-run")) {
        tell_edits(*plan, program);
        return ExitCode::silent;
    }
    const auto surveyed = servers::survey_all(*chosen);
    if (!surveyed) return program.stop(stop_for(surveyed.error()));
    const auto settings = installing_settings(arguments, program);
    if (!settings) return program.stop(settings.error());
    const auto patience = read_patience(arguments);
    if (!patience) return program.stop(patience.error());
    auto journal = open_journal(arguments);
    if (!journal) return program.stop(journal.error());
    servers::Installer installer = make_installer(*journal, *settings, *patience, program);
    const auto outcome = installer.configure(*surveyed, std::move(*plan), {"address"});
    program.end_activity();
    if (!outcome) return program.stop(stop_for(outcome.error()));
    for (const std::string& note : outcome->notes) program.note(note);
    if (outcome->failure) return program.stop(stop_for_rollback(*outcome));
    program.note("The mail servers have the name " + printable(name) + " now (truename certificate undo " +
                 std::to_string(outcome->number) + " puts it back).");
    return ExitCode::silent;
}

}  // namespace truename::cli
