#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "doctor/report.h"

namespace truename::doctor {

/// What several renderers say in the same words. Nothing here is escaped: each renderer does that for its own format.

/// The clients with that outcome, each once, in the order of the verdicts; retired ones that cannot reach the server are left out.
std::vector<std::string> clients_with(const Report& report, Outcome outcome);

/// The findings of all verdicts and of all endpoints, each once, in the order of FindingId.
std::vector<FindingId> distinct_findings(const Report& report);

/// The verdicts of one chain: refuses, warns, not judged, silent with less checked than all, silent; else in the report's order. They
/// borrow from `report`.
std::vector<const Verdict*> sorted_verdicts(const Report& report, std::string_view chain);

/// What a chain brings that was not said before.
struct NewVerdicts {
    std::vector<const Verdict*> list;  ///< in the order of sorted_verdicts, without those who say the same to the chain `like`
    std::size_t same = 0;              ///< how many were left out
    std::string like;                  ///< an earlier chain, the one to which most say the same; empty when nobody does
};
NewVerdicts new_verdicts(const Report& report, const Chain& chain);

/// Endpoints that a reader sees as one: same port, protocol, state and chain on several addresses.
struct EndpointGroup {
    const Endpoint* first;               ///< borrows from the report
    std::vector<std::string> addresses;  ///< more than one when they all answer alike
};
std::vector<EndpointGroup> grouped_endpoints(const Report& report);

/// `993 imaps`, `143 imap+starttls`: the protocol as the port is known by.
std::string protocol_label(const Endpoint& endpoint);

/// `chain A`, `refused (nothing listens)`, `limited: the server answered 421; not judged`.
std::string state_label(const Endpoint& endpoint);

/// `6 endpoints asked · 6 connections · 0.4 s`.
std::string effort_label(const Report& report);

/// `CN=remote.example.com · issued by example-SBS-CA (trusted by --trust) · 700 days left`.
std::string chain_label(const Report& report, const Chain& chain);

/// `700 days left`, `expired 3 days ago` (by the calendar), or `valid from 2027-03-01 (in 12 days)` while that is still to come.
std::string life_label(std::optional<Time> not_before, Time not_after, Time at);

/// What a cause touches: `chain B · 3 clients`; the chain only where there are several. May be empty.
std::string touched_label(const Report& report, const Cause& cause);

/// `warns`, `refuses`, `silent`, `not judged`.
std::string outcome_label(Outcome outcome);

/// `1 warns`, `2 warn`, `3 silent`: so many clients.
std::string outcome_label(unsigned number, Outcome outcome);

/// What stands behind the outcome: `asked again after each restart`, `checks nothing`; may be empty.
std::string remark(const Verdict& verdict);

/// The same in a report that knows where the client does not come in at all; this is said first.
std::string remark(const Report& report, const Verdict& verdict);

/// `yes`, `no`, `not asked`, `not judged`.
std::string reaches_label(Reaches reaches);

/// True when for some client of the report it is known whether its TLS reaches the server.
bool knows_reaches(const Report& report);

/// The text that the client shows, or its code when the text is not known; may be empty.
std::string spoken(const Verdict& verdict);

/// The most readable part of a distinguished name in RFC 4514 form: its CN, else its O, else all of it.
std::string short_name(std::string_view distinguished_name);

/// True for the text of an IPv4 or IPv6 address, for which no client sends a name in the hello.
bool is_address(std::string_view name);

/// True for a step of a mend that is to be read (`If a wizard put ... first.`), not pasted.
bool is_sentence(std::string_view step);

/// `mends N1 → all silent`, `mends T1 → 3 clients still not silent`; never "all" where some client cannot be judged.
std::string effect_label(const Report& report, const Mend& mend);

/// Whom the mend does not silence, of whom nothing can be said, and who asks once more: a sentence each.
std::vector<std::string> effect_notes(const Report& report, const Mend& mend);

/// The names for people of clients by their ids, each once.
std::vector<std::string> titles(const Report& report, const std::vector<std::string>& ids);

/// The addresses that were asked, each once.
std::vector<std::string> addresses(const Report& report);

}  // namespace truename::doctor
