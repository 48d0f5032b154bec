#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "net/address.h"
#include "net/dialog.h"
#include "net/event_loop.h"
#include "net/injection.h"
#include "net/tls.h"
#include "net/tls_report.h"

namespace truename::net {

/// How long and how much one connection may take.
struct ConnectionLimits {
    std::chrono::milliseconds connect{5000};
    std::chrono::milliseconds greeting{10000};  ///< from the TCP connection to the end of the greeting
    std::chrono::milliseconds step{8000};       ///< one answer, or the handshake as a whole
    std::chrono::milliseconds after_tls{3000};  ///< what comes inside TLS: it is of interest, and no more
    std::chrono::milliseconds total{25000};
    std::size_t answer_bytes = std::size_t{64} << 10;
};

/// What one connection is for.
struct ConnectionPlan {
    SocketAddress address;
    MailProtocol protocol = MailProtocol::none;
    bool starttls = false;
    TlsHello hello;
    bool keep_open = false;  ///< a connection whose handshake was completed stays open until it is destroyed
    bool injects = false;    ///< a harmless command is sent behind STARTTLS in plain text, to see whether TLS answers it; never kept open
};

/// How a connection ended.
enum class ConnectionEnd : std::uint8_t {
    open,         ///< it has not
    unreachable,  ///< the system could not even try: `system_error` says why
    refused,      ///< nothing listens there
    timeout,      ///< nothing came in time: `phase` says what was waited for
    dropped,      ///< the other side closed it: `phase` says when
    dialog,       ///< the words before TLS led to no TLS: see `dialog.end`
    tls           ///< TLS was tried: see `tls`
};

/// What a connection was doing when it ended.
enum class ConnectionPhase : std::uint8_t { connect, dialog, handshake, inside };

/// What was seen of one connection.
struct ConnectionReport {
    ConnectionEnd end = ConnectionEnd::open;
    ConnectionPhase phase = ConnectionPhase::connect;
    int system_error = 0;      ///< errno of a connect that failed
    bool opened = false;       ///< a TCP connection came about
    bool tls_unasked = false;  ///< a port that should greet in plain text said nothing, so TLS was tried on it
    DialogReport dialog;       ///< before TLS
    TlsReport tls;
    DialogReport inside;          ///< the greeting inside TLS, for ports that begin with it
    std::string injected_answer;  ///< what the server said inside TLS to a command from before it; empty: nothing
    std::chrono::milliseconds elapsed{0};
};

/// One connection from the first packet to the leave-taking: TCP, the words before TLS, the handshake, the greeting inside. Waits in the
/// loop only; every phase has a deadline of its own under that of the whole, counted from its beginning, so that a byte now and then does
/// not stretch it. One that is kept open has told its listener everything and has no deadline any more: whoever keeps it bounds the time.
class Connection final : private EventHandler {
  public:
    /// Is told once when the connection has shown all that it will. It may not destroy the connection inside the call.
    class Listener {
      public:
        virtual ~Listener() = default;
        virtual void on_end(Connection& connection) = 0;
    };

    /// All references must outlive the connection.
    Connection(EventLoop& loop, TlsContext& tls, ConnectionPlan plan, const ConnectionLimits& limits, Listener& listener);
    /// Takes leave of a server whose connection was kept open.
    ~Connection() override;

    /// Begins. The listener may be told before this returns.
    void start();

    /// Complete once the listener has been told.
    [[nodiscard]] ConnectionReport& report() { return report_; }
    [[nodiscard]] const ConnectionPlan& plan() const { return plan_; }
    /// True while it is kept open.
    [[nodiscard]] bool is_kept() const { return report_.end != ConnectionEnd::open && static_cast<bool>(socket_); }

  private:
    void on_ready() override;
    void on_deadline() override;

    void go_on();
    void enter(ConnectionPhase phase, std::chrono::milliseconds longest);
    void on_connected();
    void talk();
    void on_dialog_end();
    void begin_tls();
    void shake_hands();
    void on_secure();
    void listen_inside();
    void make_it_speak();
    void say_goodbye();
    void close();
    void finish(ConnectionEnd end);
    [[nodiscard]] std::string local_name() const;
    [[nodiscard]] bool flush();
    void acknowledge_now();
    [[nodiscard]] bool has_heard_enough(std::string_view bytes);

    EventLoop& loop_;
    TlsContext& context_;
    ConnectionPlan plan_;
    const ConnectionLimits& limits_;
    Listener& listener_;
    ConnectionReport report_;
    bool goodbye_said_ = false;
    Ticks started_{};
    Descriptor socket_;
    std::optional<TlsSession> session_;
    std::unique_ptr<Dialog> dialog_;
    std::optional<InjectionWatch> watch_;
    std::string unsent_;
};

}  // namespace truename::net
