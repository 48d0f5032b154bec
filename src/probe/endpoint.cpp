#include "probe/endpoint.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace truename::probe {

namespace {

constexpr ProtocolInfo kProtocols[] = {
    {Protocol::imaps, "imaps", 993, TlsMode::implicit},
    {Protocol::imap, "imap", 143, TlsMode::starttls},
    {Protocol::pop3s, "pop3s", 995, TlsMode::implicit},
    {Protocol::pop3, "pop3", 110, TlsMode::starttls},
    {Protocol::submissions, "submissions", 465, TlsMode::implicit},
    {Protocol::submission, "submission", 587, TlsMode::starttls},
    {Protocol::smtp, "smtp", 25, TlsMode::starttls},
    {Protocol::sieve, "sieve", 4190, TlsMode::starttls},
    {Protocol::tls, "tls", 0, TlsMode::implicit},
};

Failure wrong(std::string_view doing, std::string_view object, std::string reason, std::string next) {
    return {FailureKind::usage, std::string(doing), printable(object), std::move(reason), std::move(next)};
}

std::optional<std::uint16_t> to_port(std::string_view text) {
    std::uint16_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number == 0) return std::nullopt;
    return number;
}

Result<Port, Failure> parse_port(std::string_view item) {
    const auto colon = item.find(':');
    const std::string_view word = item.substr(0, colon);
    if (colon == std::string_view::npos) {
        if (const auto number = to_port(word)) return Port{protocol_of_port(*number).value_or(Protocol::tls), *number};
    }
    const auto protocol = find_protocol(word);
    if (!protocol) {
        return Unexpected{wrong("reading --ports", item, "neither a port from 1 to 65535 nor a protocol",
                                "Say for example 993,587 or imaps,submission or imap:10143.")};
    }
    if (colon == std::string_view::npos) {
        if (info(*protocol).port == 0) return Unexpected{wrong("reading --ports", item, "this needs a port number", "Say tls:PORT.")};
        return Port{*protocol, info(*protocol).port};
    }
    const auto number = to_port(item.substr(colon + 1));
    if (!number) return Unexpected{wrong("reading --ports", item, "the port is not a number from 1 to 65535", "")};
    return Port{*protocol, *number};
}

}  // namespace

std::span<const ProtocolInfo> all_protocols() {
    return kProtocols;
}

const ProtocolInfo& info(Protocol protocol) {
    return kProtocols[static_cast<std::size_t>(protocol)];
}

std::optional<Protocol> find_protocol(std::string_view name) {
    for (const ProtocolInfo& row : kProtocols) {
        if (equal_ignoring_ascii_case(row.name, name)) return row.protocol;
    }
    return std::nullopt;
}

std::optional<Protocol> protocol_of_port(std::uint16_t port) {
    for (const ProtocolInfo& row : kProtocols) {
        if (row.port == port && port != 0) return row.protocol;
    }
    return std::nullopt;
}

std::vector<Port> usual_ports() {
    std::vector<Port> ports;
    for (const ProtocolInfo& row : kProtocols) {
        if (row.port != 0) ports.push_back({row.protocol, row.port});
    }
    return ports;
}

Result<std::vector<Port>, Failure> parse_ports(std::string_view text) {
    std::vector<Port> ports;
    for (const std::string_view item : split(text, ',')) {
        auto port = parse_port(trim(item));
        if (!port) return forward_error(port);
        if (std::find(ports.begin(), ports.end(), *port) == ports.end()) ports.push_back(*port);
    }
    return ports;
}

Result<Protocol, Failure> parse_starttls(std::string_view text) {
    const auto protocol = find_protocol(text);
    if (!protocol || info(*protocol).tls != TlsMode::starttls) {
        return Unexpected{
            wrong("reading --starttls", text, "no protocol with STARTTLS has this name", "Say imap, pop3, smtp, submission or sieve.")};
    }
    return *protocol;
}

}  // namespace truename::probe
