#pragma once

#include <string>

#include "net/dns_record.h"

namespace truename::address {

/// The data of a record as zone files have it (RFC 1035 5.1), names with their last dots.
std::string to_data(const net::MailExchanger& record);
/// The same.
std::string to_data(const net::ServiceRecord& record);
/// The same.
std::string to_data(const net::TlsaRecord& record);
/// The same, safe for a terminal.
std::string to_data(const net::CaaRecord& record);

}  // namespace truename::address
