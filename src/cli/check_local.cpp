#include "cli/check_local.h"

#include <algorithm>
#include <chrono>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "cli/asking.h"
#include "cli/certificate.h"
#include "cli/judging.h"
#include "cli/program.h"
#include "servers/also_named.h"
#include "servers/local_check.h"

namespace truename::cli {

namespace {

using servers::CertificateNote;
using servers::LocalAnswer;
using servers::LocalState;

ExitCode code_of(LocalState state) {
    switch (state) {
        case LocalState::same:
            return ExitCode::silent;
        case LocalState::closed:
        case LocalState::not_asked:
            return ExitCode::not_judged;
        case LocalState::other:
        case LocalState::mixed:
            return ExitCode::warns;
        case LocalState::broken_on_disk:
        case LocalState::no_tls:
            return ExitCode::refuses;
    }
    return ExitCode::not_judged;
}

std::string age_in_words(Time since, Time now) {
    const auto age = std::chrono::duration_cast<std::chrono::seconds>(now - since).count();
    const auto of = [](long number, std::string_view unit) { return "since " + counted(static_cast<std::size_t>(number), unit); };
    constexpr long kMinute = 60, kHour = 3600, kDay = 86400;
    if (age >= 2 * kDay) return of(age / kDay, "day");
    if (age >= 2 * kHour) return of(age / kHour, "hour");
    if (age >= kMinute) return of(age / kMinute, "minute");
    return of(std::max<long>(1, age), "second");
}

std::string in_words(const CertificateNote& note) {
    return (note.names.empty() ? "one without a name" : printable(note.names.front())) + ", " + format_date(note.not_before) + " to " +
           format_date(note.not_after) + ", serial number " + note.serial;
}

/// Whether two of the certificates that an answer is about are different and read the same.
bool needs_fingerprints(const LocalAnswer& answer) {
    std::map<std::string, std::string> known;
    const auto clashes = [&](const CertificateNote& note) {
        return known.try_emplace(in_words(note), note.sha256).first->second != note.sha256;
    };
    const bool clash = answer.on_disk && clashes(*answer.on_disk);
    return clash || std::any_of(answer.served.begin(), answer.served.end(), clashes);
}

bool is_newer_on_disk(const LocalAnswer& answer) {
    return answer.on_disk && !answer.served.empty() && answer.on_disk->not_after >= answer.served.front().not_after;
}

/// What is wrong, in one sentence; empty when nothing is.
std::string trouble_of(const LocalAnswer& answer, const std::string& title, Time now) {
    const std::string file = printable(answer.place.certificate_file);
    switch (answer.state) {
        case LocalState::same:
            return {};
        case LocalState::closed:
            return "nothing listens";
        case LocalState::not_asked:
            return "not asked: the time of --timeout was over";
        case LocalState::other:
            return title + (is_newer_on_disk(answer) ? " has the new certificate " : " has this certificate ") +
                   (answer.written ? age_in_words(*answer.written, now) : std::string("in its files")) +
                   (is_newer_on_disk(answer) ? " but serves the old one" : " but serves another") + ": it was not told to read it.";
        case LocalState::mixed:
            return title + " serves several at once: processes from before the change still have the old one.";
        case LocalState::broken_on_disk:
            return "what lies in " + file + " is no certificate with its key: the next start or reload of " + title + " ends TLS here.";
        case LocalState::no_tls:
            return title + " does not come to a handshake (" + printable(answer.trouble) + ").";
    }
    return {};
}

std::string details_of(const LocalAnswer& answer) {
    const bool exact = needs_fingerprints(answer);
    const auto words = [&](const CertificateNote& note) { return in_words(note) + (exact ? ", SHA-256 " + note.sha256 : ""); };
    std::string text =
        "    named in    " +
        (answer.set_in.empty() ? printable(answer.place.setting) : printable(answer.place.setting + " of " + answer.set_in)) + "\n";
    text += "    on the disk " + printable(answer.place.certificate_file) + ": " +
            (answer.on_disk ? words(*answer.on_disk) : std::string("nothing that can be read")) + "\n";
    for (const CertificateNote& note : answer.served) text += "    served      " + words(note) + "\n";
    return text;
}

std::string text_of(const std::vector<servers::Surveyed>& surveyed, const std::vector<LocalAnswer>& answers, bool verbose, Time now) {
    std::string text;
    for (const servers::Surveyed& each : surveyed) {
        const std::string title(each.server->title());
        text += title + "  " + printable(each.server->config()) + "\n";
        bool stale = false;
        for (const LocalAnswer& answer : answers) {
            if (answer.server != each.server->id()) continue;
            const std::string trouble = trouble_of(answer, title, now);
            text += "  " + to_string(answer.question) + ": " + (trouble.empty() ? "serves what its files hold" : trouble) + "\n";
            const bool is_plain =
                answer.state == LocalState::same || answer.state == LocalState::closed || answer.state == LocalState::not_asked;
            if (verbose || !is_plain) text += details_of(answer);
            stale = stale || answer.state == LocalState::other || answer.state == LocalState::mixed;
        }
        if (stale) text += "  Mend: " + printable(each.server->reload_command()) + "\n";
        for (const std::string& note : each.survey.notes) text += "  Not asked: " + printable(note) + "\n";
    }
    for (const auto& server : servers::servers_beside(surveyed)) {
        const bool is_instance =
            std::any_of(surveyed.begin(), surveyed.end(), [&](const servers::Surveyed& each) { return each.server->id() == server->id(); });
        if (is_instance) text += "Not asked: " + servers::instance_left_alone(*server) + "\n";
    }
    return text;
}

void write(JsonWriter& json, std::string_view key, const CertificateNote& note) {
    if (!key.empty()) json.key(key);
    json.begin_object().member("sha256", note.sha256).member("serial", note.serial).key("names").begin_array();
    for (const std::string& name : note.names) json.value(name);
    json.end_array().member("not_before", format_time(note.not_before)).member("not_after", format_time(note.not_after)).end_object();
}

std::string json_of(const std::vector<LocalAnswer>& answers, ExitCode code) {
    JsonWriter json(2);
    json.begin_object().member("exit", static_cast<int>(code)).key("places").begin_array();
    for (const LocalAnswer& answer : answers) {
        json.begin_object().member("server", answer.server).member("state", name_of(answer.state));
        json.member("protocol", info(answer.question.listener.port.protocol).name).member("address", answer.question.listener.address);
        json.member("port", answer.question.listener.port.number).member("sni", answer.question.name);
        json.member("certificate_file", answer.place.certificate_file).member("key_file", answer.place.key_file);
        json.member("setting", answer.place.setting).member("set_in", answer.set_in);
        if (answer.written) json.member("written", format_time(*answer.written));
        if (answer.on_disk) write(json, "on_disk", *answer.on_disk);
        json.key("served").begin_array();
        for (const CertificateNote& note : answer.served) write(json, "", note);
        json.end_array().member("connections", answer.connections).member("failed", answer.failed);
        if (!answer.trouble.empty()) json.member("trouble", answer.trouble);
        json.end_object();
    }
    return json.end_array().end_object().take() + "\n";
}

}  // namespace

ExitCode run_check_local(const Arguments& arguments, Program& program) {
    if (!arguments.positionals().empty())
        return program.stop(usage_stop("the command line", "--local asks the servers of this machine, so no other can be named",
                                       "Name their configuration instead: --server dovecot --config /etc/dovecot"));
    const std::string_view format = arguments.get("output").value_or("text");
    if (format != "text" && format != "json") return program.stop(usage_stop("-o", "--local writes text or json to standard output"));
    const auto chosen = chosen_servers(arguments);
    if (!chosen) return program.stop(chosen.error());
    servers::Asking asking{.clock = &program.clock()};
    if (const auto text = arguments.get("timeout")) {
        const auto whole = parse_seconds("--timeout", *text);
        if (!whole) return program.stop(whole.error());
        asking.until = std::chrono::steady_clock::now() + *whole;
    }
    asking.progress = [&program](std::size_t done, std::size_t all) { program.set_progress(done, all); };
    program.set_activity("reading the settings of the servers of this machine");
    const auto surveyed = servers::survey_all(*chosen);
    if (!surveyed) return program.stop(stop_for(surveyed.error()));
    program.set_activity("asking the servers of this machine");
    const auto answers = servers::check_local(*surveyed, asking);
    program.end_activity();
    if (!answers) return program.stop({ExitCode::internal, answers.error()});
    const bool any =
        std::any_of(answers->begin(), answers->end(), [](const LocalAnswer& answer) { return answer.state != LocalState::closed; });
    ExitCode code = any ? ExitCode::silent : ExitCode::not_judged;
    for (const LocalAnswer& answer : *answers) code = worst(code, code_of(answer.state));
    program.print(format == "json" ? json_of(*answers, code) : text_of(*surveyed, *answers, program.verbose(), program.clock().now()));
    return code;
}

}  // namespace truename::cli
