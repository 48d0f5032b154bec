#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "finding/finding.h"
#include "verify/budget.h"
#include "verify/path.h"
#include "x509/certificate.h"
#include "x509/general_name.h"

namespace truename::verify {

/// How a name lies to a constraint of its own kind.
enum class SubtreeMatch : std::uint8_t {
    outside,
    inside,
    overlaps,     ///< a wildcard that covers names inside and outside: counts as outside when permitted, as inside when excluded
    cannot_tell,  ///< the name has no part that the constraint speaks of (a URI without a host): RFC 5280 4.2.1.10 has it rejected
    unsupported,  ///< a kind or a form of constraint that this program does not know
};

/// Compares one name with one subtree's base (RFC 5280 4.2.1.10). Both of the same kind, else `outside`.
///
/// - dns_name: the base and everything below it; with a dot in front (which RFC 5280 does not know for DNS names) only what is below
/// - rfc822_name: one mailbox, all mailboxes of a host, or with a dot in front of all hosts below
/// - uniform_resource_identifier: the host exactly, or with a dot in front all hosts below
/// - ip_address: address and mask of the same family
/// - directory_name: RDN by RDN from the front, folded
SubtreeMatch match_subtree(const x509::GeneralName& name, const x509::GeneralName& base);

/// Checks the names of `subject` against the constraints of `issuer`, some certificates above it in a path: RFC 5280 6.1.3(b) and (c),
/// applied constraint by constraint instead of through the intersection of all, which gives the same answer and can name the constraint.
///
/// Appends, at most once each: constraint.violated (found: the name) for the leaf's names, and in its place constraint.violated-uri,
/// -wildcard (one that covers what is excluded), -dot (one that begins with a dot), -family (an address where those of the other family
/// alone are permitted), -by-authority for the names of another `role`; constraint.violated-directory-name for subject and directoryNames;
/// constraint.violated-utf8-mailbox for SmtpUTF8Mailboxes under constraints for mailboxes (RFC 9598 6); constraint.violated-subject-mailbox
/// for one in the subject beside others in the list; constraint.violated-common-name when the leaf has no dNSName and a common name that
/// looks like a host's is outside of those for DNS names, and constraint.violated-common-name-beside-address when it has an iPAddress;
/// constraint.violated-last-common-name, read as an address or as a name of any number of labels; constraint.excludes-uri when the leaf has
/// one; constraint.unreadable-name for a DNS name in which labels cannot be told apart and a mailbox without a host, whatever the
/// constraints are about; constraint.unsupported. The caller leaves out self-issued certificates that are not the leaf. Stops when the
/// meter is used up.
void report_constraints(const x509::Certificate& issuer, const x509::Certificate& subject, Role role, Meter& meter,
                        std::vector<Finding>& findings);

}  // namespace truename::verify
