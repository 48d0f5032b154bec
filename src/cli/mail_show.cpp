#include "base/text.h"
#include "cli/mail.h"
#include "cli/program.h"
#include "mail/address.h"
#include "mail/structure.h"

namespace truename::cli {

namespace {

std::string octets_in_words(std::uint64_t octets) {
    if (octets < 10'000) return counted(static_cast<std::size_t>(octets), "octet");
    return octets < 10'000'000 ? std::to_string(octets / 1'000) + " kB" : std::to_string(octets / 1'000'000) + " MB";
}

ExitCode run_mail_show(const Arguments& arguments, Program& program) {
    mail::StructureReader reader;
    if (const auto pushed = push_message(arguments, reader); !pushed) return program.stop(pushed.error());
    const auto from = mail::from_address(reader.header());
    program.print(from ? "says it is from " + printable(*from) + "\n" : "who it is from is not clear: " + from.error().reason + "\n");
    bool is_whole = true;
    for (const mail::ShownPart& part : reader.parts()) {
        const std::string indent(2 * part.depth, ' ');
        program.print(indent + part.type + ", " + octets_in_words(part.octets) + (part.is_cut_off ? ", cut off" : "") + "\n");
        for (const std::string_view line : split(part.about, '\n')) {
            if (!line.empty()) program.print(indent + "  " + std::string(line) + "\n");
        }
        const std::string& failure = part.header_failure.empty() ? part.cms_failure : part.header_failure;
        if (!failure.empty()) program.print(indent + "  cannot be read: " + failure + "\n");
        is_whole = is_whole && !part.is_cut_off && failure.empty();
    }
    return is_whole ? ExitCode::silent : ExitCode::bad_input;
}

}  // namespace

const Command kMailShowCommand = {
    .name = "mail show",
    .summary = "Show the parts of a message, who has signed it and to whom it is encrypted, without checking or opening anything",
    .positionals = "[FILE]",
    .least = 0,
    .most = 1,
    .offers = Offers::file,
    .run = run_mail_show,
};

}  // namespace truename::cli
