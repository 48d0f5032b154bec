#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace truename::net {

// Readers of the RDATA of DNS records. Each takes the data of one record, all of it, and gives nothing when it is not of its type's form.
// Names come without the last dot, in lower case, and as zone files write them: what is neither letter, digit, hyphen nor underscore
// is `\DDD` (RFC 1035 5.1), so that they are safe for a terminal and no dot is one that was inside a label. The root is "".

/// RFC 1035 3.3.9.
struct MailExchanger {
    std::uint16_t preference = 0;
    std::string name;  ///< empty: the domain takes no mail (RFC 7505)

    friend bool operator==(const MailExchanger&, const MailExchanger&) = default;
};

/// RFC 2782.
struct ServiceRecord {
    std::uint16_t priority = 0, weight = 0, port = 0;
    std::string target;  ///< empty: the service is not there

    friend bool operator==(const ServiceRecord&, const ServiceRecord&) = default;
};

/// RFC 6698 2.1.
struct TlsaRecord {
    std::uint8_t usage = 0, selector = 0, matching = 0;
    ByteString data;

    friend bool operator==(const TlsaRecord&, const TlsaRecord&) = default;
};

/// RFC 8659 4.1.
struct CaaRecord {
    bool critical = false;
    std::string tag;    ///< in lower case: `issue`
    std::string value;  ///< not safe for a terminal

    friend bool operator==(const CaaRecord&, const CaaRecord&) = default;
};

/// `192.0.2.1` or `2001:db8::1`, of an A or AAAA record.
std::optional<std::string> read_address_record(Bytes data);
/// Of a PTR or CNAME record.
std::optional<std::string> read_name_record(Bytes data);
std::optional<MailExchanger> read_mail_exchanger(Bytes data);
std::optional<ServiceRecord> read_service_record(Bytes data);
std::optional<TlsaRecord> read_tlsa_record(Bytes data);
std::optional<CaaRecord> read_caa_record(Bytes data);

/// The name under which the PTR record of an address lies (RFC 1035 3.5, RFC 3596 2.5); nothing for what is no address.
std::optional<std::string> reverse_name(const std::string& address);

}  // namespace truename::net
