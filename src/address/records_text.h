#pragma once

#include <string>

#include "net/dns_record.h"

namespace truename::address {

// The data of records as zone files have it (RFC 1035 5.1), names with their last dots.

std::string to_data(const net::MailExchanger& record);
std::string to_data(const net::ServiceRecord& record);
std::string to_data(const net::TlsaRecord& record);

/// Safe for a terminal.
std::string to_data(const net::CaaRecord& record);

}  // namespace truename::address
