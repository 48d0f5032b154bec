#include "cli/certificate_tell.h"

#include "base/json.h"
#include "base/text.h"
#include "cli/program.h"
#include "servers/diff.h"
#include "x509/print.h"

namespace truename::cli {

namespace {

/// `new, 0600`, `as before, 0640, now closed to others`.
std::string change_in_words(const servers::FileChange& change) {
    const std::string mode = servers::mode_in_words(change.after.mode);
    if (!change.before.exists) return "new, mode " + mode;
    if (change.before.link) return "was a link to " + printable(*change.before.link) + ", becomes a file, mode " + mode;
    return "replaced, mode " + mode + (change.before.mode != change.after.mode ? ", closed to others" : "");
}

/// Several lines made safe for a terminal.
std::string printable_lines(std::string_view text) {
    std::string lines;
    for (const std::string_view line : split(text, '\n')) lines += printable(line) + "\n";
    return lines;
}

/// What would change in configurations.
std::string edits_in_words(const servers::Plan& plan) {
    std::string text;
    for (const servers::FileEdit& edit : plan.edits)
        text += "\n" + printable_lines(servers::unified_diff(edit.old_bytes, edit.new_bytes, edit.file, edit.file)) + "\n";
    return text;
}

std::string plan_in_words(const servers::Plan& plan, const servers::Completed& completed, const Telling& telling) {
    const std::string& from = telling.orders_from;
    std::string text = !from.empty()    ? "Would order a certificate from " + printable(from) + " and install it"
                       : telling.issues ? "Would issue and install a certificate"
                                        : "Would install the certificate";
    text += " for " + servers::first_few(plan.names) + ":\n";
    for (const std::string& note : plan.places) text += "  " + note + "\n";
    for (const servers::FileChange& change : plan.changes) text += "  " + printable(change.path) + "  " + change_in_words(change) + "\n";
    if (plan.changes.empty()) text += "  every file is as it should be; the servers would be reloaded and asked\n";
    text += edits_in_words(plan);
    for (const std::string& map : plan.maps) text += "  postmap -F " + printable(map.substr(map.find(' ') + 1)) + "\n";
    if (!from.empty()) return text + "Nothing was asked of it, and nothing was changed.\n";
    return text + "  chain sent: " + counted(completed.credential.chain.size(), "certificate") + "\nNothing was changed.\n";
}

void write_telling(JsonWriter& json, const Telling& telling) {
    json.key("also_named").begin_array();
    for (const servers::AlsoNamed& each : telling.also) {
        json.begin_object().member("server", each.server).member("config", each.config).member("setting", each.setting);
        json.member("set_in", each.set_in).member("reload", each.reload);
        write_texts(json, "files", each.files);
        json.end_object();
    }
    json.end_array();
    write_texts(json, "notes", telling.notes);
}

std::string plan_as_json(const servers::Plan& plan, const servers::Completed& completed, const Telling& telling) {
    JsonWriter json(2);
    json.begin_object().member("state", "planned").member("issues", telling.issues);
    if (!telling.orders_from.empty()) json.member("directory", telling.orders_from);
    write_texts(json, "names", plan.names);
    json.key("files").begin_array();
    for (const servers::FileChange& change : plan.changes) {
        json.begin_object().member("path", change.path);
        json.member("change", !change.before.exists ? "new" : change.before.link ? "link-replaced" : "replaced");
        json.member("mode", servers::mode_in_words(change.after.mode)).end_object();
    }
    json.end_array().key("edits").begin_array();
    for (const servers::FileEdit& edit : plan.edits) {
        json.begin_object().member("file", edit.file);
        json.member("diff", servers::unified_diff(edit.old_bytes, edit.new_bytes, edit.file, edit.file)).end_object();
    }
    json.end_array();
    write_texts(json, "places", plan.places);
    write_texts(json, "maps", plan.maps);
    if (telling.orders_from.empty()) json.member("chain", completed.credential.chain.size());
    write_telling(json, telling);
    return json.end_object().take() + "\n";
}

std::string outcome_as_json(const servers::Outcome& outcome, const servers::Installation& installation, const Telling& telling) {
    JsonWriter json(2);
    json.begin_object().member("state", name_of(outcome.stage)).member("number", outcome.number);
    write_texts(json, "names", installation.names);
    write_certificate(json, installation);
    json.member("proved", outcome.proof.proved).member("rounds", outcome.proof.rounds).member("connections", outcome.proof.connections);
    write_texts(json, "wrong", outcome.proof.wrong);
    if (outcome.failure) json.member("failure", to_sentence(*outcome.failure));
    write_telling(json, telling);
    return json.end_object().take() + "\n";
}

std::string outcome_in_words(const servers::Outcome& outcome, const servers::Installation& installation) {
    const std::string names = servers::first_few(installation.names);
    const std::string number = std::to_string(outcome.number);
    const std::string what = installation.has_certificate() ? "Installed for " + names + " until " + format_date(installation.not_after)
                                                            : "The servers have the name " + names + " now";
    std::string text;
    switch (outcome.stage) {
        case servers::Stage::installed:
            text = what + " and proved, as number " + number + ".\n";
            break;
        case servers::Stage::unproved:
            text = what + ", as number " + number + ", but not proved.\n";
            break;
        case servers::Stage::writing:
        case servers::Stage::undoing:
        case servers::Stage::undone:
        case servers::Stage::rolled_back:
            text = outcome.failure ? "Nothing is changed: every file is as it was before.\n"
                                   : "Number " + number + " is undone: every file is as it was before it.\n";
            break;
    }
    const servers::Proof& proof = outcome.proof;
    if (proof.proved) {
        text += "  " + counted(proof.connections, "connection") + " in " + counted(proof.rounds, "round") +
                " in the end showed nothing but " +
                (is_put_back(outcome.stage) || !installation.has_certificate() ? "what was there before" : "the new certificate") +
                ".\n  This does not show: connections that were open before, and other machines behind the same name.\n";
    }
    for (const std::string& wrong : proof.wrong) text += "  " + wrong + "\n";
    if (outcome.stage == servers::Stage::installed) text += "  truename certificate undo puts back what was there before.\n";
    return text;
}

}  // namespace

void write_certificate(JsonWriter& json, const servers::Installation& installation) {
    if (!installation.has_certificate()) return;
    json.member("serial", installation.serial).member("sha256", installation.fingerprint);
    json.member("not_before", format_time(installation.not_before)).member("not_after", format_time(installation.not_after));
}

void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
    json.key(key).begin_array();
    for (const std::string& text : texts) json.value(text);
    json.end_array();
}

void tell_edits(const servers::Plan& plan, Program& program) {
    program.print(edits_in_words(plan));
}

void tell_plan(const servers::Plan& plan, const servers::Completed& completed, const Telling& telling, Program& program) {
    program.print(telling.json ? plan_as_json(plan, completed, telling) : plan_in_words(plan, completed, telling));
}

Stop stop_for_rollback(const servers::Outcome& outcome) {
    return {outcome.is_interrupted ? ExitCode::interrupted : ExitCode::refuses, *outcome.failure};
}

ExitCode tell_outcome(const servers::Outcome& outcome, const servers::Installation& installation, const Telling& telling,
                      Program& program) {
    program.print(telling.json ? outcome_as_json(outcome, installation, telling)
                               : program.with_places(outcome_in_words(outcome, installation)));
    for (const std::string& note : outcome.notes) program.note(note);
    if (outcome.failure) return program.stop(stop_for_rollback(outcome));
    const servers::Proof& proof = outcome.proof;
    if (outcome.stage == servers::Stage::unproved || (!proof.proved && !proof.wrong.empty())) return ExitCode::not_judged;
    return ExitCode::silent;
}

}  // namespace truename::cli
