#include "probe/target.h"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "probe/probe.h"
#include "x509/dns_name.h"
#include "x509/ip_address.h"

namespace truename::probe {

namespace {

constexpr std::size_t kMaxTargetText = 4096;

Unexpected<Failure> wrong(std::string_view doing, std::string_view object, std::string reason, std::string next = {}) {
    return {Failure{FailureKind::usage, std::string(doing), printable(object.substr(0, 255)), std::move(reason), std::move(next)}};
}

constexpr std::string_view kReading = "reading the target";
constexpr std::string_view kForms =
    "Say for example mail.example.com, mail.example.com:993, imaps://mail.example.com or [2001:db8::1]:993.";

/// The parts of a target that say where, as text.
struct Authority {
    std::string_view host;
    std::optional<std::string_view> port;
    bool bracketed = false;
};

std::optional<Authority> split_authority(std::string_view text) {
    Authority result;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) return std::nullopt;
        result.host = text.substr(1, close - 1);
        result.bracketed = true;
        const std::string_view rest = text.substr(close + 1);
        if (rest.empty()) return result;
        if (!rest.starts_with(':')) return std::nullopt;
        result.port = rest.substr(1);
        return result;
    }
    const auto colon = text.find(':');
    result.host = text.substr(0, colon);
    if (colon == std::string_view::npos) return result;
    if (text.find(':', colon + 1) != std::string_view::npos) {
        result.host = text;  // two colons: an IPv6 address without brackets, which leaves no room for a port
    } else {
        result.port = text.substr(colon + 1);
    }
    return result;
}

bool is_host_name(std::string_view name) {
    const auto traits = x509::classify_dns_name(name);
    return traits.valid && !traits.has_star && !traits.is_ip_address;
}

/// Whether that is the '%' and the zone of an IPv6 address: the name or number of a network interface, in the characters that RFC 6874
/// section 2 leaves unescaped, and not longer than Linux lets a name be (IFNAMSIZ).
bool is_zone(std::string_view text) {
    constexpr std::size_t longest = 1 + 15;
    return text.size() > 1 && text.size() <= longest &&
           std::ranges::all_of(text.substr(1), [](char c) { return is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~'; });
}

/// A name or an address in the one form in which it is compared; empty when it is neither.
std::pair<std::string, bool> canonical_host(std::string_view host, bool bracketed) {
    const std::string_view bare = host.substr(0, host.find('%'));
    const std::string_view zone = host.substr(bare.size());  // stays, for the kernel
    if (const auto address = x509::parse_ip_address(bare)) {
        if (address->size == 4 && (bracketed || !zone.empty())) return {};
        if (!zone.empty() && !is_zone(zone)) return {};
        return {x509::to_string(*address) + std::string(zone), true};
    }
    if (bracketed) return {};
    while (host.ends_with('.') && host.size() > 1) host.remove_suffix(1);
    const auto name = x509::to_a_labels(host);
    if (!name || !is_host_name(*name)) return {};
    return {*name, false};
}

}  // namespace

std::string question_of(const Target& target) {
    const std::string protocol(target.protocol ? info(*target.protocol).name : "");
    return target.name + "\n" + protocol + ":" + std::to_string(target.port.value_or(0));
}

Result<Target, Failure> parse_target(std::string_view text, std::string_view source) {
    if (text.size() > kMaxTargetText) return wrong(kReading, text, "longer than any host name");
    Target target;
    target.text = text;
    target.source = source;
    std::string_view rest = trim(text);
    if (const auto scheme = rest.find("://"); scheme != std::string_view::npos) {
        target.protocol = find_protocol(rest.substr(0, scheme));
        if (!target.protocol) {
            return wrong(kReading, text, "there is no mail protocol '" + printable(rest.substr(0, scheme)) + "'",
                         "Known: imaps, imap, pop3s, pop3, submissions, submission, smtp, sieve, tls.");
        }
        rest.remove_prefix(scheme + 3);
        if (rest.ends_with('/')) rest.remove_suffix(1);
    }
    const auto authority = split_authority(rest);
    if (!authority || authority->host.empty()) return wrong(kReading, text, "there is no host in it", std::string(kForms));
    std::tie(target.name, target.is_address) = canonical_host(authority->host, authority->bracketed);
    if (target.name.empty()) return wrong(kReading, text, "this is neither a host name nor an address", std::string(kForms));
    if (authority->port) {
        std::uint16_t number = 0;
        const auto [end, error] = std::from_chars(authority->port->data(), authority->port->data() + authority->port->size(), number);
        if (error != std::errc() || end != authority->port->data() + authority->port->size() || number == 0) {
            return wrong(kReading, text, "the port is not a number from 1 to 65535", std::string(kForms));
        }
        target.port = number;
    } else if (target.protocol) {
        if (info(*target.protocol).port == 0) return wrong(kReading, text, "tls:// needs a port", "Say tls://HOST:PORT.");
        target.port = info(*target.protocol).port;
    }
    return target;
}

Result<std::string, Failure> parse_connect(std::string_view text) {
    const bool bracketed = text.starts_with('[') && text.ends_with(']');
    const auto [host, is_address] = canonical_host(bracketed ? text.substr(1, text.size() - 2) : text, bracketed);
    if (!is_address) return wrong("reading --connect", text, "this is not an IPv4 or IPv6 address");
    return host;
}

Result<ResolveOption, Failure> parse_resolve(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return wrong("reading --resolve", text, "there is no '='", "Say NAME=ADDRESS.");
    const auto [name, is_address] = canonical_host(text.substr(0, equals), false);
    if (name.empty() || is_address) return wrong("reading --resolve", text, "before the '=' stands no host name", "Say NAME=ADDRESS.");
    auto address = parse_connect(text.substr(equals + 1));
    if (!address) return wrong("reading --resolve", text, "after the '=' stands no IPv4 or IPv6 address", "Say NAME=ADDRESS.");
    return ResolveOption{name, *address};
}

}  // namespace truename::probe
