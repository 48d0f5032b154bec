#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "finding/failure.h"

namespace truename::net {

/// What is asked of a web server over TLS.
struct HttpsRequest {
    std::string method = "GET";  ///< `GET`, `HEAD` or `POST`
    std::string url;             ///< `https://...`
    std::string media_type = {};
    std::string body = {};  ///< of a POST
};

/// What it answered, whatever the status.
struct HttpsResponse {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case, in their order
    std::string body;

    /// The value of the first header of that name (lower case); nothing when there is none.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

/// How a server is talked to.
struct HttpsOptions {
    std::string roots_file = {};              ///< PEM; certificates that are trusted instead of this machine's own; empty: the machine's
    std::vector<std::string> addresses = {};  ///< `HOST:PORT:ADDRESS`, instead of asking the machine's resolver
    std::chrono::milliseconds deadline = std::chrono::seconds(30);  ///< for a whole exchange
    std::size_t max_body = std::size_t{1} << 20;
    std::size_t max_head = std::size_t{64} << 10;
    std::stop_token stop = {};        ///< ends an exchange early
    std::string if_not_trusted = {};  ///< Failure::next where nobody that is trusted vouches for the server
};

/// Talks to web servers over TLS with checked certificates, by libcurl, which is loaded when the first client is made: few commands need
/// it, and it takes longer to load than they run. Follows no redirects, sends no cookies, reads no settings from the environment.
class HttpsClient {
  public:
    /// Fails with `local` when this machine has no libcurl.
    static Result<HttpsClient, Failure> create(HttpsOptions options);
    HttpsClient(HttpsClient&& other) noexcept;
    HttpsClient& operator=(HttpsClient&& other) noexcept;
    ~HttpsClient();

    /// One exchange. Fails with `refused`, `timeout`, `dropped`, with `local` for a name that is not known, with `protocol` when the
    /// server's certificate is not good or the answer too large, and with `usage` for an address that is not https.
    Result<HttpsResponse, Failure> send(const HttpsRequest& request);

  private:
    struct Impl;
    explicit HttpsClient(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace truename::net
