#include "cli/predict_message.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "cli/mail.h"
#include "cli/program.h"
#include "doctor/render/layout.h"
#include "mail/address.h"
#include "mail/mail_program.h"
#include "mail/structure.h"

namespace truename::cli {

namespace {

ExitCode code_of(mail::Reading reading) {
    switch (reading) {
        case mail::Reading::yes:
            return ExitCode::silent;
        case mail::Reading::unchecked:
        case mail::Reading::some_recipients:
            return ExitCode::warns;
        case mail::Reading::no:
            return ExitCode::refuses;
        case mail::Reading::unknown:
            break;
    }
    return ExitCode::not_judged;
}

std::string in_words(mail::Reading reading) {
    switch (reading) {
        case mail::Reading::yes:
            return "reads it";
        case mail::Reading::unchecked:
            return "reads it, and cannot check the signature";
        case mail::Reading::some_recipients:
            return "some recipients cannot read it";
        case mail::Reading::no:
            return "cannot read it";
        case mail::Reading::unknown:
            break;
    }
    return "not known";
}

bool is_signature(const mail::ShownPart& part) {
    constexpr mail::MessageTrait kOthers[] = {mail::MessageTrait::part_inside, mail::MessageTrait::other_content,
                                              mail::MessageTrait::no_signers};
    return !part.is_encrypted && !part.needs.empty() && std::ranges::find(kOthers, part.needs.front()) == std::end(kOthers);
}

std::string_view kind_of(const mail::ShownPart& part) {
    if (is_signature(part)) return "signed";
    if (part.is_encrypted) return "encrypted";
    return part.needs.empty() ? "neither signed nor encrypted, so nothing is foretold" : mail::describe(part.needs.front());
}

/// ` (reported)`: how sure something is, unless somebody has watched it.
std::string doubt(std::string_view confidence) {
    return confidence == mail::kConfidences[0] ? "" : " (" + std::string(confidence) + ")";
}

/// What a program shows of signatures that it can check.
std::string signatures_in_words(const mail::MailProgram& program, std::size_t width) {
    if (program.signatures.empty()) return "  shows of a signature: not known what\n";
    std::string text;
    for (const mail::SignatureFact& fact : program.signatures) {
        const std::string when(mail::describe_signature(fact.when));
        text += doctor::hanging("  shows of ", "one " + when + ": " + fact.shows + doubt(fact.grounds.confidence), width);
    }
    return text;
}

/// How sure the reading is: as sure as the least sure fact that says so.
std::string doubt(const mail::Foretold& foretold) {
    if (foretold.reading == mail::Reading::unknown) return "";
    const std::string_view* least = std::begin(mail::kConfidences);
    for (const mail::MessageTrait trait : foretold.used) {
        const auto fact = foretold.program->facts.find(trait);
        if (fact == foretold.program->facts.end() || fact->second.is_read != (foretold.reading == mail::Reading::yes)) continue;
        least = std::max(least, std::ranges::find(mail::kConfidences, fact->second.grounds.confidence));
    }
    return doubt(*least);
}

std::string to_text(const std::string& name, const mail::ShownPart& part, const std::vector<mail::Foretold>& all, std::size_t width) {
    std::string text = printable(name) + ": " + std::string(kind_of(part)) + "\n";
    if (part.needs.empty()) return text;
    text += "\n";
    for (const mail::Foretold& each : all) {
        text += each.program->title + "\n";
        text += doctor::hanging("  ", in_words(each.reading) + (each.why.empty() ? "" : ": " + each.why) + doubt(each), width);
        if (is_signature(part) && (each.reading == mail::Reading::yes || each.reading == mail::Reading::unknown))
            text += signatures_in_words(*each.program, width);
    }
    if (part.is_encrypted) text += "\nWhat is inside, a signature perhaps, is seen by who opens it: truename mail decrypt\n";
    return text;
}

void write_grounds(JsonWriter& json, const mail::Grounds& grounds) {
    json.member("source", grounds.source).member("confidence", grounds.confidence);
}

void write_facts(JsonWriter& json, const mail::Foretold& foretold) {
    json.key("facts").begin_array();
    for (const mail::MessageTrait trait : foretold.used) {
        const auto fact = foretold.program->facts.find(trait);
        if (fact == foretold.program->facts.end()) continue;
        json.begin_object().member("what", mail::name_of(trait)).member("reads", fact->second.is_read).member("how", fact->second.how);
        write_grounds(json, fact->second.grounds);
        json.end_object();
    }
    json.end_array();
}

void write_signatures(JsonWriter& json, const mail::MailProgram& program) {
    json.key("signature").begin_array();
    for (const mail::SignatureFact& fact : program.signatures) {
        json.begin_object().member("when", fact.when).member("shows", fact.shows);
        write_grounds(json, fact.grounds);
        json.end_object();
    }
    json.end_array();
}

std::string to_json(const std::string& name, const mail::ShownPart& part, const std::vector<mail::Foretold>& all, ExitCode code) {
    JsonWriter json(2);
    json.begin_object().member("message", name).member("signed", is_signature(part)).member("encrypted", part.is_encrypted);
    json.member("exit", static_cast<int>(code)).key("programs").begin_array();
    for (const mail::Foretold& each : all) {
        json.begin_object()
            .member("id", each.program->id)
            .member("title", each.program->title)
            .member("reads", mail::name_of(each.reading))
            .member("why", each.why);
        write_facts(json, each);
        if (is_signature(part)) write_signatures(json, *each.program);
        json.end_object();
    }
    return json.end_array().end_object().take() + "\n";
}

/// The programs of these ids, all where there are none.
Result<std::vector<mail::MailProgram>, Stop> chosen_programs(const std::vector<std::string>& only) {
    const std::vector<mail::MailProgram>& all = mail::mail_programs();
    if (only.empty()) return all;
    std::vector<mail::MailProgram> chosen;
    for (const std::string& id : only) {
        const auto found = std::ranges::find(all, id, &mail::MailProgram::id);
        if (found != all.end()) {
            chosen.push_back(*found);
            continue;
        }
        std::string known;
        for (const mail::MailProgram& each : all) known += (known.empty() ? "" : ", ") + each.id;
        return Unexpected{
            usage_stop("--client", "nothing is known of what \"" + printable(id) + "\" makes of messages", "There are: " + known)};
    }
    return chosen;
}

}  // namespace

ExitCode predict_message(const std::string& name, Bytes file, const std::vector<std::string>& only, bool as_json, Program& program) {
    const auto programs = chosen_programs(only);
    if (!programs) return program.stop(programs.error());
    mail::StructureReader reader;
    const auto written = reader.write(file);
    const auto read = written ? reader.finish() : written;
    if (!read) return program.stop(stop_for_mail(read.error()));
    const mail::ShownPart part = mail::deciding_part(reader.parts());
    if (!part.cms_failure.empty() || part.is_cut_off)
        return program.stop({ExitCode::bad_input,
                             {FailureKind::input, "reading the message in", printable(name),
                              part.cms_failure.empty() ? "it is cut off" : part.cms_failure, ""}});
    const auto all = mail::foretell_reading(part, *programs);
    ExitCode code = ExitCode::silent;
    for (const mail::Foretold& each : all) code = worst(code, code_of(each.reading));
    program.print(as_json ? to_json(name, part, all, code) : to_text(name, part, all, program.width()));
    return code;
}

}  // namespace truename::cli
