#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/descriptor.h"
#include "finding/failure.h"
#include "net/address.h"
#include "net/event_loop.h"

namespace truename::net {

/// An address of the kind that certificates name: plain http, nothing else.
struct HttpUrl {
    std::string host;  ///< a name, or an address without brackets
    std::uint16_t port = 80;
    std::string path;  ///< path and query, at least `/`
};

/// Reads `http://host[:port]/path?query`; nothing for other schemes, a user name, control characters or blanks, or more than 2,000 bytes.
std::optional<HttpUrl> parse_http_url(std::string_view text);

/// The address that `location` names when it stands in an answer from `base` (RFC 3986 5.2: absolute, `//host/path` or `/path`); nothing
/// for others.
std::optional<HttpUrl> resolve_location(const HttpUrl& base, std::string_view location);

/// `http://host:80/path`, always with the port: two that are equal are the same address.
std::string to_string(const HttpUrl& url);

/// Reads an HTTP/1.x response (RFC 9112) from bytes in any portions: the status, `Location`, and the body by Content-Length, chunks or the
/// end of the connection.
class HttpResponseReader {
  public:
    enum class State : std::uint8_t { more, done, failed };

    explicit HttpResponseReader(std::size_t max_body) : max_body_(max_body) {}

    /// Takes bytes; once done or failed nothing changes any more.
    State feed(std::string_view bytes);
    /// The connection has ended.
    State end();

    [[nodiscard]] State state() const { return state_; }
    /// Why it failed, in words: `larger than 65536 bytes`.
    [[nodiscard]] const std::string& error() const { return error_; }
    [[nodiscard]] int status() const { return status_; }
    [[nodiscard]] const std::string& location() const { return location_; }
    /// The media type of the body in lower case, without parameters; empty when it is not told.
    [[nodiscard]] const std::string& media_type() const { return media_type_; }
    /// Gives the body away.
    std::string take_body() { return std::move(body_); }

  private:
    enum class Part : std::uint8_t { status_line, header, body_by_length, body_to_end, chunk_size, chunk, chunk_end, trailer };

    State fail(std::string why);
    void on_line(std::string_view line);
    void on_status_line(std::string_view line);
    void on_header(std::string_view line);
    void on_headers_end();
    void on_chunk_size(std::string_view line);
    void take_body_bytes(std::string_view& bytes);
    [[nodiscard]] bool reads_lines() const;

    std::size_t max_body_;
    State state_ = State::more;
    Part part_ = Part::status_line;
    std::string line_, location_, media_type_, body_, error_;
    std::size_t head_bytes_ = 0, left_ = 0;
    std::optional<std::size_t> content_length_;
    bool chunked_ = false;
    int status_ = 0;
};

/// What a request carries. With one it is a POST, without one a GET.
struct HttpBody {
    std::string media_type;
    ByteString bytes;
};

/// What came of one request.
struct HttpAnswer {
    int status = 0;          ///< 0: no answer
    std::string location;    ///< of a redirect
    std::string media_type;  ///< HttpResponseReader::media_type()
    std::string body;
    std::optional<Failure> failure;  ///< why there is no answer
};

/// One request on one connection. Knows no names and follows nothing: whoever sends it decides where it goes.
class HttpExchange final : private EventHandler {
  public:
    using Callback = std::function<void(HttpAnswer)>;

    /// `body` is borrowed only by the constructor. `done` is called once, by the loop, and may not destroy this.
    HttpExchange(EventLoop& loop, const SocketAddress& address, const HttpUrl& url, const std::optional<HttpBody>& body, Ticks deadline,
                 std::size_t max_body, Callback done);
    ~HttpExchange() override;

  private:
    void on_ready() override;
    void on_deadline() override;
    void begin();
    void finish(std::optional<Failure> failure);
    [[nodiscard]] Failure failure(FailureKind kind, std::string reason) const;

    EventLoop& loop_;
    SocketAddress address_;
    std::string url_text_, unsent_;
    HttpResponseReader reader_;
    Callback done_;
    Descriptor socket_;
    bool connected_ = false;
};

}  // namespace truename::net
