#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "finding/finding.h"
#include "verify/budget.h"
#include "x509/certificate.h"
#include "x509/dns_name.h"
#include "x509/ip_address.h"

namespace truename::verify {

/// The name asked for (RFC 9525 1.8: reference identifier).
struct ReferenceName {
    std::string text;                        ///< as most clients compare it: A-labels in lower case; the address's own text for addresses
    std::string typed;                       ///< as it was typed, but for brackets round an address
    std::optional<x509::IpAddress> address;  ///< set when it is an address and not a host name
    std::vector<std::string> services;       ///< what it is asked for (`imaps`), for who looks for names of services (RFC 9525 6.1)
};

/// Makes one from what a user types: brackets round IPv6 are taken off, U-labels become A-labels. A text that is no name at all stays as it
/// is and matches nothing.
ReferenceName make_reference_name(std::string_view text);

/// Where in a certificate a presented identifier stood (RFC 9525 section 2).
enum class PresentedKind : std::uint8_t { dns_name, ip_address, common_name, service_name };

/// A name of the leaf that somebody may compare with the one asked for.
struct PresentedName {
    PresentedKind kind = PresentedKind::dns_name;
    std::string text;                        ///< as it stands, not checked, not safe to print; of an address its usual text
    std::optional<x509::IpAddress> address;  ///< of an ip_address with 4 or 16 bytes
    std::uint32_t offset = 0;                ///< in the certificate
    std::uint32_t order = 0;                 ///< its place among those of its kind, from 0
    x509::DnsNameTraits traits;              ///< of its text; not of a service_name
};

/// The most names that are looked at; a certificate with more is not a server's.
inline constexpr std::size_t kMaxPresentedNames = 10'000;

/// The dNSNames, iPAddresses, SRVNames and common names (in the order of the bytes, each kind in its own order, SAN first) of a leaf.
struct PresentedNames {
    std::vector<PresentedName> names;
    bool has_subject_alt_name = false;  ///< the extension is there, readable or not
    bool has_service_names = false;     ///< it holds a URI or an SRVName, which name a service (RFC 6125 1.8)
    bool complete = true;               ///< false when it holds more than kMaxPresentedNames
};
PresentedNames presented_names(const x509::Certificate& leaf);

/// Appends what is true of the leaf's names and the one asked for, as RFC 9525 compares them (dNSName with a whole left label as wildcard,
/// iPAddress; never the common name):
///
/// - name.mismatch when none matches so; a client that compares otherwise decides for itself whether it is one (x509::matches_dns_id)
/// - name.match-not-first, name.wildcard when one matches; name.cn-only when only a common name does (besides name.mismatch)
/// - name.service-only when only an SRVName does, of one of the services asked for or, where none was, of any (besides name.mismatch)
/// - name.address-as-dns when an address was asked for and stands only as dNSName or common name
/// - name.none when there is no dNSName, no iPAddress, no SRVName, and no common name that could be a host's
/// - name.wildcard-partial, name.wildcard-top for the presented names themselves, once each
///
/// name.malformed, name.trailing-dot and name.internal are findings of the certificate (x509).
void report_names(const PresentedNames& presented, const ReferenceName& reference, std::vector<Finding>& findings);

}  // namespace truename::verify
