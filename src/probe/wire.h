#pragma once

#include <cstdint>

#include "net/connection.h"
#include "probe/evidence.h"
#include "probe/probe.h"

namespace truename::probe {

/// What the dialogs of `protocol` are.
net::MailProtocol mail_protocol(Protocol protocol);

/// Writes into `endpoint` what its first connection showed: state, findings, error, reach and texts. The known signatures of broken servers
/// (docs/sources.md, server-facts) become server.* findings. `endpoint` has its id, port, address and hello already.
void record_connection(Endpoint& endpoint, net::ConnectionReport&& report, const Limits& limits);

/// Why a connection led to no handshake; nothing when it did.
std::optional<Failure> failure_of(const Endpoint& endpoint, const net::ConnectionReport& report, const Limits& limits);

/// The columns of Reach: RSA, ECDSA on P-256, P-384 or P-521, and everything else.
enum class KeyColumn : std::uint8_t { rsa, ecdsa, other };

/// The kind of key that a handshake showed: that of the certificate, else what signature and cipher suite tell.
KeyColumn key_column(const net::TlsReport& tls);

/// Writes into `reach` what one handshake with `hello` tells. `alone` says that the server completed another handshake, so that a failure
/// of this one is about what it offered.
void record_reach(Reach& reach, const net::TlsHello& hello, const net::TlsReport& tls, bool alone);

}  // namespace truename::probe
