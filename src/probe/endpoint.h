#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "finding/failure.h"

namespace truename::probe {

/// What a port speaks, in the order in which reports list them.
enum class Protocol : std::uint8_t {
    imaps,
    imap,
    pop3s,
    pop3,
    submissions,
    submission,
    smtp,
    sieve,
    tls  ///< TLS from the first byte, whatever comes inside: a port number that says nothing
};

/// Whether TLS begins with the connection or by a command (STARTTLS, STLS).
enum class TlsMode : std::uint8_t { implicit, starttls };

/// What all endpoints of one protocol share.
struct ProtocolInfo {
    Protocol protocol;
    std::string_view name;  ///< `imaps`: in ids, JSON, `--ports`, `--starttls` and before `://`
    std::uint16_t port;     ///< the registered one; 0 for `tls`
    TlsMode tls;
};

/// Every protocol, in the order of the enum.
std::span<const ProtocolInfo> all_protocols();

/// The row of `protocol`.
const ProtocolInfo& info(Protocol protocol);

/// The protocol with that name; nothing when there is none. Letter case is ignored.
std::optional<Protocol> find_protocol(std::string_view name);

/// The protocol whose registered port that is; nothing for other ports.
std::optional<Protocol> protocol_of_port(std::uint16_t port);

/// A port to ask, and how.
struct Port {
    Protocol protocol = Protocol::imaps;
    std::uint16_t number = 0;

    friend bool operator==(const Port&, const Port&) = default;
};

/// The eight mail protocols at their registered ports: what a bare host name means.
std::vector<Port> usual_ports();

/// Reads `--ports`: `993,587`, `imaps,submission`, `imap:10143`, in any mixture, doubles once. A number that is no registered port is TLS
/// from the first byte. Fails with `usage`.
Result<std::vector<Port>, Failure> parse_ports(std::string_view text);

/// Reads `--starttls`: `imap`, `pop3`, `smtp`, `submission`, `sieve`. Fails with `usage`, also for protocols that have no STARTTLS.
Result<Protocol, Failure> parse_starttls(std::string_view text);

}  // namespace truename::probe
