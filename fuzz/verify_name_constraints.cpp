// Must reach match_subtree for every kind of name, report_constraints and find_mailbox.
//
// Input: 0 to 15, kinds of a name and of a constraint in its low and high bits, then the name's length and both; or more, then an issuer
// and a subject, each with its length in two bytes before it.
#include <cstdint>
#include <string>

#include "base/text.h"
#include "fuzz/blocks.h"
#include "fuzz/must.h"
#include "verify/mailboxes.h"
#include "verify/name_constraints.h"

using namespace truename;
using verify::SubtreeMatch;

namespace {

void compare(std::uint8_t choice, Bytes input) {
    const std::size_t size = std::min<std::size_t>(input[0], input.size() - 1);
    const auto kind = static_cast<x509::GeneralNameKind>(choice % 9);
    const x509::GeneralName name{kind, input.subspan(1, size), 0}, base{kind, input.subspan(1 + size), 0};
    const SubtreeMatch match = verify::match_subtree(name, base);
    must(match == verify::match_subtree(name, base), "the same names lie the same way");
    const x509::GeneralName other{static_cast<x509::GeneralNameKind>((choice + 1) % 9), base.value, 0};
    must(verify::match_subtree(name, other) == SubtreeMatch::outside, "names of two kinds have nothing to do with each other");
    if (kind == x509::GeneralNameKind::dns_name) {
        std::string_view end = as_text(base.value);
        if (end.size() > 1 && end.ends_with('.') && !end.ends_with("..")) end.remove_suffix(1);
        const std::string text = ascii_lower(name.text()), lower = ascii_lower(end);
        must(match != SubtreeMatch::inside || text.ends_with(lower), "a host name inside of a constraint ends with it");
        const bool is_cut = match == SubtreeMatch::inside && !lower.empty() && text.size() > lower.size();
        must(!is_cut || text[text.size() - lower.size() - 1] == '.' || lower[0] == '.', "and begins at a label");
    }
    if (kind == x509::GeneralNameKind::ip_address && match != SubtreeMatch::unsupported) {
        std::string bits;
        for (const std::uint8_t octet : base.value.subspan(base.value.size() / 2))
            for (unsigned bit = 0x80; bit != 0; bit >>= 1) bits += (octet & bit) != 0 ? '1' : '0';
        must(bits.find("01") == std::string::npos, "a mask is ones and then zeros");
    }
    const std::string_view wanted = base.text();
    if (kind == x509::GeneralNameKind::rfc822_name && match == SubtreeMatch::inside && wanted.find('@') != std::string_view::npos)
        must(name.text().starts_with(wanted.substr(0, wanted.rfind('@') + 1)), "a mailbox has its own letters before the host");
    if (kind == x509::GeneralNameKind::ip_address && match == SubtreeMatch::inside)
        must(name.value.size() * 2 == base.value.size(), "an address lies inside of its own family only");
}

void report(Bytes input) {
    const auto blocks = split_blocks(input, 2);
    if (blocks.size() < 2) return;
    const auto issuer = x509::parse_certificate(blocks[0]), subject = x509::parse_certificate(blocks[1]);
    if (!issuer || !subject) return;
    verify::Budget budget;
    budget.name_comparisons = 2'000;
    verify::Meter meter(budget), again(budget);
    std::vector<Finding> findings, same;
    verify::report_constraints(*issuer, *subject, verify::Role::leaf, meter, findings);
    verify::report_constraints(*issuer, *subject, verify::Role::leaf, again, same);
    must(findings.size() == same.size() && findings.size() <= 6, "each kind of violation is told once, twice the same");
    must(findings.empty() || issuer->known.name_constraints.is_present(), "who constrains nothing is not violated");
    const auto mailboxes = verify::presented_mailboxes(*subject);
    for (const verify::PresentedMailbox& each : mailboxes) {
        const auto* found = verify::find_mailbox(mailboxes, each.text, {.subject = verify::SubjectMailbox::always});
        must(!each.mailbox || found != nullptr, "a mailbox is found by its own text");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2 || size > 16'384) return 0;
    const Bytes input(data, size);
    if (data[0] < 16)
        compare(data[0], input.subspan(1));
    else
        report(input.subspan(1));
    return 0;
}
