#include "net/dns_record.h"

#include <arpa/inet.h>

#include "base/text.h"
#include "net/address.h"

namespace truename::net {

namespace {

constexpr std::size_t kMaxLabel = 63, kMaxName = 255;  // RFC 1035 2.3.4

std::uint16_t number_at(Bytes data, std::size_t at) {
    return static_cast<std::uint16_t>(data[at] << 8U | data[at + 1]);
}

void add_label(std::string& name, Bytes label) {
    if (!name.empty()) name += '.';
    for (const std::uint8_t byte : label) {
        const char c = static_cast<char>(byte);
        if (is_alphanumeric(c) || c == '-' || c == '_') {
            name += ascii_lower(std::string_view(&c, 1));
        } else {
            const std::string digits = std::to_string(byte);
            name += "\\" + std::string(3 - digits.size(), '0') + digits;
        }
    }
}

/// A name that ends where the data does.
std::optional<std::string> read_name(Bytes data) {
    if (data.size() > kMaxName) return std::nullopt;
    std::string name;
    while (!data.empty()) {
        const std::size_t length = data.front();
        if (length > kMaxLabel || length + 1 > data.size()) return std::nullopt;
        if (length == 0) return data.size() == 1 ? std::optional(name) : std::nullopt;
        add_label(name, data.subspan(1, length));
        data = data.subspan(length + 1);
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> read_address_record(Bytes data) {
    char text[INET6_ADDRSTRLEN] = "";
    if (data.size() != 4 && data.size() != 16) return std::nullopt;
    return ::inet_ntop(data.size() == 4 ? AF_INET : AF_INET6, data.data(), text, sizeof text);
}

std::optional<std::string> read_name_record(Bytes data) {
    return read_name(data);
}

std::optional<MailExchanger> read_mail_exchanger(Bytes data) {
    if (data.size() < 3) return std::nullopt;
    auto name = read_name(data.subspan(2));
    if (!name) return std::nullopt;
    return MailExchanger{number_at(data, 0), std::move(*name)};
}

std::optional<ServiceRecord> read_service_record(Bytes data) {
    if (data.size() < 7) return std::nullopt;
    auto target = read_name(data.subspan(6));
    if (!target) return std::nullopt;
    return ServiceRecord{number_at(data, 0), number_at(data, 2), number_at(data, 4), std::move(*target)};
}

std::optional<TlsaRecord> read_tlsa_record(Bytes data) {
    if (data.size() < 4) return std::nullopt;
    return TlsaRecord{data[0], data[1], data[2], ByteString(data.begin() + 3, data.end())};
}

std::optional<CaaRecord> read_caa_record(Bytes data) {
    if (data.size() < 3 || data[1] == 0 || data.size() < std::size_t{2} + data[1]) return std::nullopt;
    const std::string_view tag = as_text(data.subspan(2, data[1]));
    for (const char c : tag) {
        if (!is_alphanumeric(c)) return std::nullopt;
    }
    return CaaRecord{(data[0] & 0x80U) != 0, ascii_lower(tag), std::string(as_text(data.subspan(std::size_t{2} + data[1])))};
}

std::optional<std::string> reverse_name(const std::string& address) {
    const auto parsed = SocketAddress::from_text(address, 0);
    if (!parsed) return std::nullopt;
    const std::string bytes = address_bytes(*parsed);
    std::string name;
    if (bytes.size() == 4) {
        for (std::size_t i = 4; i-- > 0;) name += std::to_string(static_cast<std::uint8_t>(bytes[i])) + ".";
        return name + "in-addr.arpa";
    }
    const std::string digits = to_hex(as_bytes(bytes));
    for (std::size_t i = digits.size(); i-- > 0;) name += std::string(1, digits[i]) + ".";
    return name + "ip6.arpa";
}

}  // namespace truename::net
