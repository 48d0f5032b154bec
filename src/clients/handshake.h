#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "clients/fact.h"
#include "clients/profile.h"
#include "finding/finding.h"
#include "x509/algorithm.h"

namespace truename::clients {

/// Whether a client's TLS can meet the server's.
enum class Reaches : std::uint8_t { yes, no, not_asked, not_judged };

/// The words of the JSON contract.
std::string_view name_of(Reaches value);

/// Why a client's TLS cannot meet the server's.
enum class Barrier : std::uint8_t {
    none,        ///< it can, or nobody knows
    name,        ///< it sends no name in the hello, and the server ends the handshake without one
    old_client,  ///< the server takes only newer versions of TLS
    old_server,  ///< the server takes no version of TLS that the client still speaks
    key,         ///< the server's key is of a kind that the client cannot use
};

/// What is known of the handshakes that one endpoint completes.
struct ServerTls {
    enum class Answer : std::uint8_t { not_asked, no, yes };
    static constexpr std::size_t kRsa = 0, kEcdsa = 1, kOther = 2;
    std::array<std::array<Answer, 3>, 5> answers{};  ///< [TlsVersion][kRsa, kEcdsa or kOther], with ciphers of today
    std::optional<ServerKey> other;                  ///< the kind of key behind kOther; nothing: that column says nothing
    Answer without_name = Answer::not_asked;         ///< whether a hello without a name (SNI) is completed
};

/// The kind of a server's key, as far as TLS tells kinds apart; nothing for a key that no server can use or that cannot be read.
std::optional<ServerKey> server_key_of(const x509::SubjectPublicKeyInfo& key);

/// Whether the client's TLS can use a server key of that kind; not known where nobody knows.
Fact<bool> can_use(const TlsRule& rule, ServerKey key);

/// The finding that says that a key is of that kind; nothing for RSA and ECDSA, which are nothing special.
std::optional<FindingId> finding_of(ServerKey key);

/// True for the findings that finding_of() gives.
bool tells_kind_of_key(FindingId id);

/// Whether the client's TLS can meet the server's. `not_judged` also where only ciphers decide that nobody asked for.
Reaches reaches(const TlsRule& rule, const ServerTls& server);

/// The worst of all endpoints: a client is helped only when it reaches every one. `not_asked` when there is none.
Reaches reaches(const TlsRule& rule, std::span<const ServerTls> servers);

/// The reason of the first server that reaches() gives `no` for.
Barrier barrier(const TlsRule& rule, std::span<const ServerTls> servers);

}  // namespace truename::clients
