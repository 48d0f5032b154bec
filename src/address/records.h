#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "address/dns_view.h"
#include "base/bytes.h"

namespace truename::address {

/// One record as a zone file has it.
struct Record {
    std::string owner;  ///< without the last dot
    net::DnsType type = net::DnsType::a;
    std::string data;  ///< `10 remote.example.com.`; empty: it cannot be known yet

    friend bool operator==(const Record&, const Record&) = default;
};

/// `_imaps._tcp.example.com.  IN SRV 0 1 993 remote.example.com.`; a comment where the data is not known.
std::string zone_line(const Record& record);

/// How a record stands.
enum class RecordState : std::uint8_t {
    there,
    missing,
    differs,  ///< there is another, and it is wrong
    other,    ///< there is another, somebody's choice that is left alone
    unknown,  ///< the DNS did not answer
};

/// `there`, `missing`, ...: the word in JSON.
std::string_view name_of(RecordState state);

/// Who has to make a record, and whether it has to be.
enum class Need : std::uint8_t {
    needed,
    optional,  ///< it helps some programs, and is missed by none
    provider,  ///< whoever gave the address makes it (PTR)
};

/// `needed`, `optional`, `provider`: the word in JSON.
std::string_view name_of(Need need);

/// A record that the address wants, and what the DNS has in its place.
struct RecordCheck {
    Record wanted;
    std::vector<std::string> found;  ///< the data of what is there, safe for a terminal
    RecordState state = RecordState::unknown;
    Need need = Need::needed;
    net::DnsProof proof = net::DnsProof::not_checked;
    std::string why;  ///< what it is for, or what is wrong, a sentence without its full stop
};

/// What the records should say.
struct Wishes {
    std::vector<std::string> addresses;  ///< of the name; empty: those that it has
    std::vector<probe::Port> services;   ///< that answer with TLS under the name, announced by SRV records
    std::vector<ByteString> smtp_chain;  ///< what the name shows on port 25, DER; empty: not seen
    bool has_files = false;              ///< files with settings are served under the domain's names
};

/// Holds the DNS against what is wished.
std::vector<RecordCheck> check_records(const DnsView& view, const InternetAddress& address, const Wishes& wishes);

/// The lines for nsupdate that add them; those whose data is not known yet are left out.
std::vector<std::string> lines_to_add(const std::vector<Record>& records);

/// Whether a TLSA record fits what a server shows (RFC 7671 5): its own certificate for usages 1 and 3, one of those behind it for 0 and 2.
bool fits(const net::TlsaRecord& record, const std::vector<ByteString>& chain);

}  // namespace truename::address
