#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "x509/certificate.h"
#include "x509/mailbox.h"

namespace truename::verify {

/// Where in a certificate a mailbox stands.
enum class MailboxPlace : std::uint8_t {
    rfc822_name,        ///< subjectAltName, in ASCII (RFC 5280 4.2.1.6)
    smtp_utf8_mailbox,  ///< subjectAltName, outside ASCII (RFC 9598 3)
    email_address,      ///< the subject's emailAddress, as certificates had it before (RFC 5280 4.1.2.6)
};

/// A mailbox of a certificate.
struct PresentedMailbox {
    MailboxPlace place{};
    std::string text;                      ///< as it stands, not checked, not safe to print
    std::optional<x509::Mailbox> mailbox;  ///< as it is compared; nothing when the text is no mailbox, which then matches none
    std::uint32_t offset = 0;              ///< in the certificate
};

/// The most mailboxes that are looked at.
inline constexpr std::size_t kMaxPresentedMailboxes = 10'000;

/// The mailboxes of a certificate: those of subjectAltName in its order, then those of the subject. An rfc822Name is ASCII; one that is not
/// is no mailbox.
std::vector<PresentedMailbox> presented_mailboxes(const x509::Certificate& certificate);

/// When the subject's emailAddress is compared, too.
enum class SubjectMailbox : std::uint8_t {
    never,
    without_listed,  ///< when subjectAltName holds no mailbox (RFC 8550 3 wants it to)
    always,
};

/// Those of the presented mailboxes that are looked at; borrowed.
std::vector<const PresentedMailbox*> compared_mailboxes(const std::vector<PresentedMailbox>& presented,
                                                        SubjectMailbox subject = SubjectMailbox::without_listed);

/// How a mailbox asked for is compared with those of a certificate.
struct MailboxRule {
    SubjectMailbox subject = SubjectMailbox::without_listed;
    bool local_part_folded = false;  ///< letter case of ASCII in the local part is ignored, against RFC 5280 7.5

    friend bool operator==(const MailboxRule&, const MailboxRule&) = default;
};

/// The first of the presented mailboxes that is the one asked for (RFC 9598 5: the local part octet by octet, the host by its A-labels);
/// nothing when none is or `wanted` is no mailbox. Borrows from `presented`.
const PresentedMailbox* find_mailbox(const std::vector<PresentedMailbox>& presented, std::string_view wanted, const MailboxRule& rule);

}  // namespace truename::verify
