#include "cli/predict_message.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "cli/mail.h"
#include "cli/program.h"
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
    return part.recipient_needs.empty() && !part.needs.empty() && part.needs.front() != mail::MessageTrait::part_inside &&
           part.needs.front() != mail::MessageTrait::other_content;
}

std::string_view kind_of(const mail::ShownPart& part) {
    if (is_signature(part)) return "signed";
    if (!part.recipient_needs.empty()) return "encrypted";
    return part.needs.empty() ? "neither signed nor encrypted, so nothing is foretold" : mail::describe(part.needs.front());
}

std::string to_text(const std::string& name, const mail::ShownPart& part, const std::vector<mail::Foretold>& all) {
    std::string text = printable(name) + ": " + std::string(kind_of(part)) + "\n";
    if (part.needs.empty()) return text;
    text += "\n";
    for (const mail::Foretold& each : all) {
        text += each.program->title + "\n  " + in_words(each.reading) + (each.why.empty() ? "" : ": " + each.why) + "\n";
        if (is_signature(part) && each.reading == mail::Reading::yes)
            text += "  shows " + (each.program->shows.empty() ? "of the signature: not known what" : each.program->shows) + "\n";
    }
    if (!part.recipient_needs.empty()) text += "\nWhat is inside, a signature perhaps, is seen by who opens it: truename mail decrypt\n";
    return text;
}

std::string to_json(const std::string& name, const mail::ShownPart& part, const std::vector<mail::Foretold>& all, ExitCode code) {
    JsonWriter json(2);
    json.begin_object().member("message", name).member("signed", is_signature(part)).member("encrypted", !part.recipient_needs.empty());
    json.member("exit", static_cast<int>(code)).key("programs").begin_array();
    for (const mail::Foretold& each : all) {
        json.begin_object()
            .member("id", each.program->id)
            .member("title", each.program->title)
            .member("reads", mail::name_of(each.reading));
        json.member("why", each.why).member("source", each.program->source).member("confidence", each.program->confidence);
        if (is_signature(part) && !each.program->shows.empty()) {
            json.member("shows", each.program->shows).member("shows_source", each.program->shows_source);
            json.member("shows_confidence", each.program->shows_confidence);
        }
        json.end_object();
    }
    return json.end_array().end_object().take() + "\n";
}

}  // namespace

bool is_message(Bytes file) {
    constexpr std::size_t kMostHeader = 102'400;  // as much as Postfix takes
    for (std::string_view rest = as_text(file).substr(0, kMostHeader); !rest.empty();) {
        const std::size_t size = std::min(rest.find('\n') + 1, rest.size());  // npos + 1 is 0
        const std::string_view line = rest.substr(0, size == 0 ? rest.size() : size);
        if (trim(line).empty()) return false;
        const std::string name = ascii_lower(trim(line.substr(0, std::min(line.find(':'), line.size()))));
        if (line.find(':') != std::string_view::npos && (name == "from" || name == "mime-version")) return true;
        rest.remove_prefix(line.size());
    }
    return false;
}

ExitCode predict_message(const std::string& name, Bytes file, bool as_json, Program& program) {
    mail::StructureReader reader;
    const auto written = reader.write(file);
    const auto read = written ? reader.finish() : written;
    if (!read) return program.stop(stop_for_mail(read.error()));
    const mail::ShownPart part = mail::deciding_part(reader.parts());
    if (!part.cms_failure.empty() || part.is_cut_off)
        return program.stop({ExitCode::bad_input,
                             {FailureKind::input, "reading the message in", printable(name),
                              part.cms_failure.empty() ? "it is cut off" : part.cms_failure, ""}});
    const auto all = mail::foretell_reading(part, mail::mail_programs());
    ExitCode code = ExitCode::silent;
    for (const mail::Foretold& each : all) code = worst(code, code_of(each.reading));
    program.print(as_json ? to_json(name, part, all, code) : to_text(name, part, all));
    return code;
}

}  // namespace truename::cli
