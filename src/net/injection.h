#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "net/dialog.h"

namespace truename::net {

/// A command that changes nothing and is allowed before a login, with its line end; empty for `none`.
std::string_view harmless_command(MailProtocol protocol);

/// Tells whether a server takes a command that was sent in plain text, in the same packet behind STARTTLS, as if it had come through TLS
/// (CVE-2011-0411 and its kin: whoever sits on the way can put commands before those of the user).
///
/// The command is harmless_command(). Once TLS is there the client says goodbye and nothing else, so whatever answers anything else but the
/// goodbye answers the command from before. A server that is sound has forgotten it, refused it, or hung up.
class InjectionWatch {
  public:
    explicit InjectionWatch(MailProtocol protocol) : protocol_(protocol) {}

    /// Takes what came inside TLS, in any portions.
    void feed(std::string_view bytes);

    /// The server's line that answers the command from before TLS, at most 512 bytes, not safe for a terminal; empty while there is none.
    [[nodiscard]] const std::string& answer() const { return answer_; }

    /// True when nothing more can come that would change the answer; else the end of the connection tells.
    [[nodiscard]] bool is_over() const { return over_; }

  private:
    void on_line(std::string_view line);
    void on_pop3_line(std::string_view line);
    void take(std::string_view line);

    MailProtocol protocol_;
    std::size_t bytes_ = 0;
    std::string line_, first_line_, answer_;
    bool over_ = false;
};

}  // namespace truename::net
