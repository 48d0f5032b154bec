#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "doctor/report.h"
#include "x509/certificate.h"

namespace truename::doctor {

/// Puts `item` at the end unless it is there already: lists of a report hold each thing once.
void add_once(std::vector<std::string>& list, const std::string& item);

/// The certificate as reports show it. Bytes that are no certificate have only their SHA-256.
Certificate describe(Bytes der);

/// The names of subjectAltName in their order: DNS names bare, others with their kind before a colon; safe for a terminal.
std::vector<std::string> names_of(const x509::KnownExtensions& extensions);

/// Days by the calendar from the one on which the certificate ended until that of `at`: 0 when it ended on the same day.
std::int64_t days_since(Time end, Time at);

/// True where less than a day lies between the two, so that a date alone would not tell them apart.
bool is_within_a_day(Time a, Time b);

/// `7 hours`, or `less than an hour`: the time between the two, whichever is earlier.
std::string hours_between(Time a, Time b);

/// `2026-11-24 09:30 UTC`, where a date is not enough.
std::string format_minute(Time time);

/// True for a name that others than its own network can ask DNS for: it has a dot and a last label of the public Internet.
bool is_public_name(std::string_view name);

/// Whether a public authority may certify the name, as users type it or as reports write those of certificates (`mail.example.com`,
/// `IP:192.0.2.1`): a public name, or an address that is not of an inner network. CA/Browser Forum BR 7.1.2.7.12
bool is_certifiable(const std::string& name);

/// The name among `names` (DNS names only, no wildcards, public ones) that is most like `wanted`; empty when there is none or `wanted` is
/// among them.
std::string nearest_name(std::string_view wanted, const std::vector<std::string>& names);

/// The chain that renews this one, the newest when there are several: the same names, issuer and kind of key, a later end. Null when there
/// is none.
const Chain* renewal_of(const Report& report, const std::string& chain);

/// Where the root of the paths of that chain comes from, best first; nothing when no path ends in one.
std::optional<AnchorOrigin> origin_of(const Report& report, const std::string& chain);

/// Whether the chain comes from an authority of somebody's own: its root was added, nobody trusts it, or the certificate is its own issuer.
bool is_own_authority(const Report& report, const std::string& chain);

}  // namespace truename::doctor
