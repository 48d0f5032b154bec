#include "address/records_text.h"

#include "base/text.h"

namespace truename::address {

std::string to_data(const net::MailExchanger& record) {
    return std::to_string(record.preference) + " " + record.name + ".";
}

std::string to_data(const net::ServiceRecord& record) {
    return std::to_string(record.priority) + " " + std::to_string(record.weight) + " " + std::to_string(record.port) + " " + record.target +
           ".";
}

std::string to_data(const net::TlsaRecord& record) {
    return std::to_string(record.usage) + " " + std::to_string(record.selector) + " " + std::to_string(record.matching) + " " +
           to_hex(record.data);
}

std::string to_data(const net::CaaRecord& record) {
    std::string value;
    for (const char c : printable(record.value)) value += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    return std::string(record.critical ? "128 " : "0 ") + record.tag + " \"" + value + "\"";
}

}  // namespace truename::address
