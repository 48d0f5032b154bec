#include "verify/mailboxes.h"

#include <algorithm>

#include "base/text.h"
#include "der/oid.h"

namespace truename::verify {

namespace {

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool are_same(const x509::Mailbox& a, const x509::Mailbox& b, const MailboxRule& rule) {
    if (!rule.local_part_folded) return a == b;
    return a.host == b.host && equal_ignoring_ascii_case(a.local_part, b.local_part);
}

}  // namespace

std::vector<PresentedMailbox> presented_mailboxes(const x509::Certificate& certificate) {
    std::vector<PresentedMailbox> presented;
    const auto add = [&](MailboxPlace place, std::string_view text, std::uint32_t offset) {
        if (presented.size() == kMaxPresentedMailboxes) return;
        const bool can_be_one = place == MailboxPlace::smtp_utf8_mailbox || is_ascii(text);
        presented.push_back({place, std::string(text), can_be_one ? x509::parse_mailbox(text) : std::nullopt, offset});
    };
    for (const x509::GeneralName& name : *certificate.known.subject_alt_name) {
        if (name.kind == x509::GeneralNameKind::rfc822_name) add(MailboxPlace::rfc822_name, name.text(), name.offset);
        if (const auto text = name.smtp_utf8_mailbox()) add(MailboxPlace::smtp_utf8_mailbox, *text, name.offset);
    }
    for (const x509::Attribute& attribute : certificate.subject) {
        if (attribute.type != der::oid::email_address) continue;
        if (const auto text = x509::to_utf8(attribute)) add(MailboxPlace::email_address, *text, attribute.offset);
    }
    return presented;
}

std::vector<const PresentedMailbox*> compared_mailboxes(const std::vector<PresentedMailbox>& presented, SubjectMailbox subject) {
    const auto is_listed = [](const PresentedMailbox& each) { return each.place != MailboxPlace::email_address; };
    const bool has_listed = std::any_of(presented.begin(), presented.end(), is_listed);
    const bool reads_subject = subject == SubjectMailbox::always || (subject == SubjectMailbox::without_listed && !has_listed);
    std::vector<const PresentedMailbox*> compared;
    for (const PresentedMailbox& each : presented) {
        if (is_listed(each) || reads_subject) compared.push_back(&each);
    }
    return compared;
}

const PresentedMailbox* find_mailbox(const std::vector<PresentedMailbox>& presented, std::string_view wanted, const MailboxRule& rule) {
    const auto mailbox = x509::parse_mailbox(wanted);
    if (!mailbox) return nullptr;
    const auto compared = compared_mailboxes(presented, rule.subject);
    const auto found = std::find_if(compared.begin(), compared.end(), [&](const PresentedMailbox* each) {
        return each->mailbox && are_same(*each->mailbox, *mailbox, rule);
    });
    return found == compared.end() ? nullptr : *found;
}

}  // namespace truename::verify
