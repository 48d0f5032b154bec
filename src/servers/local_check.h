#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "finding/failure.h"
#include "servers/plan.h"
#include "servers/wire.h"

namespace truename::servers {

/// How what a port shows and what lies on the disk go together, the worst last.
enum class LocalState : std::uint8_t {
    same,            ///< every connection showed what the files hold
    closed,          ///< nothing listens
    not_asked,       ///< the time was over before
    other,           ///< another certificate than the files hold: the server was not told to read them
    mixed,           ///< several at once: some of its processes have what was there before
    broken_on_disk,  ///< it serves, but what lies there is no certificate with its key: the next start or reload ends TLS
    no_tls,          ///< no handshake comes about
};

/// `same`, `other`, ...: the word in JSON.
std::string_view name_of(LocalState state);

/// A certificate in few words.
struct CertificateNote {
    std::string sha256, serial;
    std::vector<std::string> names;
    Time not_before{}, not_after{};
};

/// One port under one name, and the place that its certificate should come from.
struct LocalAnswer {
    std::string server;  ///< Server::id()
    WireQuestion question;
    Place place;
    std::string set_in;                      ///< where the setting stands: `/etc/dovecot/conf.d/10-ssl.conf line 12`; empty: not known
    std::optional<CertificateNote> on_disk;  ///< nothing when it cannot be read
    std::optional<Time> written;             ///< when its file was last changed
    std::vector<CertificateNote> served;     ///< each certificate that was shown, once
    std::size_t connections = 0, failed = 0;
    std::string trouble;  ///< why connections failed
    LocalState state = LocalState::same;
};

/// Compares what the settings of these servers name with what they serve: every port under every name. One name a port is asked by eight
/// connections at once, that whose files are the newest: a process that is older than any of the files is older than these. Fails with
/// `local`. Not compared: servers that do not run, and ports that need the PROXY protocol.
Result<std::vector<LocalAnswer>, Failure> check_local(const std::vector<Surveyed>& servers, const Asking& asking);

/// What is known of a certificate (DER); nothing when it cannot be read.
std::optional<CertificateNote> note_of(const ByteString& certificate);

}  // namespace truename::servers
