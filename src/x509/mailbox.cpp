#include "x509/mailbox.h"

#include <algorithm>

#include "base/text.h"
#include "x509/dns_name.h"

namespace truename::x509 {

namespace {

/// Where the @ before the host stands. A quoted local part may hold others (RFC 5321 4.1.2), a plain one may not.
std::size_t find_at(std::string_view text) {
    if (!text.starts_with('"')) return text.find('@');
    const std::size_t end = text.rfind("\"@");
    return end == 0 || end == std::string_view::npos ? std::string_view::npos : end + 1;
}

}  // namespace

std::optional<Mailbox> parse_mailbox(std::string_view text) {
    const std::size_t at = find_at(text);
    if (at == 0 || at == std::string_view::npos || !is_utf8(text)) return std::nullopt;
    if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }))
        return std::nullopt;
    const std::string_view host = text.substr(at + 1);
    const DnsNameTraits traits = classify_dns_name(host);
    if (traits.has_trailing_dot || traits.is_ip_address) return std::nullopt;
    auto converted = to_a_labels(host);
    if (!converted || converted->find('*') != std::string::npos) return std::nullopt;
    return Mailbox{std::string(text.substr(0, at)), std::move(*converted)};
}

}  // namespace truename::x509
