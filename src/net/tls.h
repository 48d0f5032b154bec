#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.h"
#include "finding/failure.h"
#include "net/tls_report.h"

namespace truename::net {

/// What came of a read, write or handshake that does not wait.
enum class TlsIo : std::uint8_t {
    done,
    again,  ///< the socket must become readable or writable first
    ended   ///< the connection has ended, in order or not: see the report
};

/// The client's end of one TLS connection on a socket that does not block. Verifies nothing: it only tells what the server sends.
class TlsSession {
  public:
    struct Impl;
    explicit TlsSession(std::unique_ptr<Impl> impl);
    TlsSession(TlsSession&&) noexcept;
    TlsSession& operator=(TlsSession&&) noexcept;
    ~TlsSession();

    /// Goes on with the handshake as far as it goes.
    TlsIo handshake();
    /// Reads what there is; `size` says how much came.
    TlsIo read(std::span<char> buffer, std::size_t& size);
    /// Writes all of a short text, or none: `again` when the socket is full.
    TlsIo write(std::string_view text);
    /// Takes leave (close_notify) without waiting for the answer.
    void shut_down();

    /// What was seen so far. Alerts that came after the handshake count: a TLS 1.3 server tells only then that it wants a client's
    /// certificate.
    [[nodiscard]] const TlsReport& report() const;
    /// The same, given away.
    TlsReport take_report();

  private:
    std::unique_ptr<Impl> impl_;
};

/// What all sessions of one thread share. It speaks TLS 1.0 to 1.3 with every cipher that OpenSSL has (security level 0), because a server
/// that is limited to old ones is to be recognised, not refused.
class TlsContext {
  public:
    /// `max_chain` is the largest Certificate message that is taken. Fails with `local`.
    static Result<TlsContext, Failure> make(std::size_t max_chain);
    TlsContext(TlsContext&&) noexcept;
    TlsContext& operator=(TlsContext&&) noexcept;
    ~TlsContext();

    /// A session on `fd`, which stays the caller's and must outlive it. Nothing is sent before handshake(). Fails with `local`.
    Result<TlsSession, Failure> start(int fd, const TlsHello& hello);

  private:
    struct Impl;
    explicit TlsContext(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace truename::net
