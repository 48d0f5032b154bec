#include "mail/mail_program.h"

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "mail/data_files.h"

namespace truename::mail {

namespace {

/// What a program makes of one thing that a message needs.
Reading reading_of(const MailProgram& program, MessageTrait trait) {
    const auto fact = program.facts.find(trait);
    if (fact == program.facts.end()) return Reading::unknown;
    return fact->second.is_read ? Reading::yes : Reading::no;
}

std::string why(const MailProgram& program, MessageTrait trait) {
    const auto fact = program.facts.find(trait);
    std::string text(describe(trait));
    if (fact == program.facts.end()) return text + ": what it makes of that is not known";
    return fact->second.how.empty() ? text : text + ": " + fact->second.how;
}

/// All that some reader has to know for a part.
std::vector<MessageTrait> all_needs(const ShownPart& part) {
    std::vector<MessageTrait> all = part.needs;
    for (const std::vector<MessageTrait>& needs : part.recipient_needs) all.insert(all.end(), needs.begin(), needs.end());
    std::ranges::sort(all);
    all.erase(std::ranges::unique(all).begin(), all.end());
    return all;
}

/// What a program makes of all of these; the first that it cannot do, or else that nobody knows of, says why.
Foretold judge(const MailProgram& program, const std::vector<MessageTrait>& traits) {
    Foretold foretold{&program, Reading::yes, {}, {}};
    for (const MessageTrait trait : traits) {
        const Reading reading = reading_of(program, trait);
        if (reading == Reading::yes || foretold.reading == Reading::no || (reading == foretold.reading)) continue;
        foretold.reading = reading;
        foretold.why = why(program, trait);
    }
    return foretold;
}

Foretold judge_part(const MailProgram& program, const ShownPart& part) {
    if (part.needs.empty()) return {&program, Reading::unknown, "it is neither signed nor encrypted", {}};
    Foretold foretold = judge(program, part.needs);
    if (foretold.reading == Reading::no && part.is_detached_signature) foretold.reading = Reading::unchecked;
    if (foretold.reading == Reading::no || !part.is_encrypted) return foretold;
    if (part.recipient_needs.empty()) return {&program, Reading::no, "it is encrypted to nobody", {}};
    std::size_t readable = 0;
    Foretold worst = foretold;
    for (const std::vector<MessageTrait>& needs : part.recipient_needs) {
        const Foretold one = judge(program, needs);
        readable += one.reading == Reading::yes ? 1 : 0;
        if (one.reading == Reading::no || worst.reading == Reading::yes) worst = one;
    }
    if (readable == part.recipient_needs.size()) return foretold;
    if (readable > 0 && foretold.reading == Reading::yes) worst.reading = Reading::some_recipients;
    return worst;
}

}  // namespace

std::string_view describe_signature(std::string_view when) {
    if (when == "good") return "that is good";
    if (when == "another-sender") return "of somebody else than the sender";
    if (when == "another-date") return "in a message without a Date, or with one an hour and more from the time of the signature";
    if (when == "expired") return "whose certificate has expired";
    if (when == "untrusted") return "whose authority it does not trust";
    return when == "changed" ? "of a message that was changed" : "";
}

std::string_view name_of(Reading reading) {
    switch (reading) {
        case Reading::yes:
            return "yes";
        case Reading::no:
            return "no";
        case Reading::unchecked:
            return "unchecked";
        case Reading::some_recipients:
            return "some-recipients";
        case Reading::unknown:
            return "unknown";
    }
    return "";
}

const std::vector<MailProgram>& mail_programs() {
    static const std::vector<MailProgram> kPrograms = [] {
        std::vector<MailProgram> programs;
        for (const DataFile& file : mail_program_files()) {
            auto program = read_mail_program(file.id, file.toml);
            if (!program) std::abort();  // a test reads each of them
            programs.push_back(std::move(*program));
        }
        return programs;
    }();
    return kPrograms;
}

ShownPart deciding_part(const std::vector<ShownPart>& parts) {
    // Certificates alone, as keys are handed out, protect nothing.
    const auto is_protected = [](const ShownPart& part) {
        return (!part.needs.empty() && part.needs.front() != MessageTrait::no_signers) || !part.cms_failure.empty();
    };
    const bool is_signed = ascii_lower(parts.front().type) == "multipart/signed";
    const auto signature = std::ranges::find_if(parts, &ShownPart::is_detached_signature);
    if (is_signed && signature != parts.end()) return *signature;
    ShownPart part = parts.front();
    if (!is_protected(part) && std::ranges::any_of(parts, is_protected)) part.needs = {MessageTrait::part_inside};
    return part;
}

std::vector<Foretold> foretell_reading(const ShownPart& part, const std::vector<MailProgram>& programs) {
    std::vector<Foretold> all;
    all.reserve(programs.size());
    for (const MailProgram& program : programs) {
        all.push_back(judge_part(program, part));
        all.back().used = all_needs(part);
    }
    return all;
}

}  // namespace truename::mail
