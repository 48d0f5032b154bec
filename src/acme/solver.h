#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "finding/failure.h"
#include "net/dns_update.h"

namespace truename::acme {

/// What has to be shown where, so that the authority sees that a name is one's own.
struct Answer {
    std::string name;               ///< without the star
    std::string token;              ///< of base64url's characters
    std::string key_authorization;  ///< AccountKey::key_authorization()
};

/// A way to show answers. Each that was shown is taken away again, whatever comes of it.
class Solver {
  public:
    virtual ~Solver() = default;
    /// The challenge that it solves: `http-01` or `dns-01`.
    [[nodiscard]] virtual std::string_view type() const = 0;
    virtual Result<void, Failure> show(const Answer& answer) = 0;
    /// After the last of them was shown: waits until others can see them.
    virtual Result<void, Failure> settle() { return {}; }
    /// Says what is wrong when it could not be taken away.
    virtual Result<void, Failure> take_away(const Answer& answer) = 0;
};

/// The path of an answer on a web server (RFC 8555 8.3).
std::string path_of(const Answer& answer);

/// Listens on this TCP port of every address and shows answers to whoever asks for them, and nothing else to anybody. Fails with `local`
/// when somebody else listens there, or the right to is missing.
Result<std::unique_ptr<Solver>, Failure> make_http_listener(std::uint16_t port);

/// Puts answers as files into the folder from which a web server serves the name.
std::unique_ptr<Solver> make_webroot(std::string folder);

using net::RunProgram;

/// Has a program put answers into the DNS: `PROGRAM present NAME VALUE` and `PROGRAM cleanup NAME VALUE`, where NAME is
/// `_acme-challenge.mail.example.com.` and VALUE the contents of a TXT record (RFC 8555 8.4). `pause` is waited for when all are there, for
/// name servers that are slow to know. `clean` runs what takes away.
std::unique_ptr<Solver> make_dns_hook(std::string program, RunProgram run, RunProgram clean, std::function<Result<void, Failure>()> pause);

/// Puts answers into the DNS itself, by asking the primary server of the zone (RFC 2136).
std::unique_ptr<Solver> make_dns_update(net::UpdateServer server, RunProgram run, RunProgram clean,
                                        std::function<Result<void, Failure>()> pause);

}  // namespace truename::acme
