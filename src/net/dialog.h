#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace truename::net {

/// What is spoken in plain text around TLS.
enum class MailProtocol : std::uint8_t {
    none,  ///< nothing is known: no word is said and no greeting expected
    imap,
    pop3,
    smtp,
    sieve
};

/// Where a dialog stands; also what it waits for.
enum class DialogStep : std::uint8_t { greeting, capabilities, starttls };

/// How a dialog ended.
enum class DialogEnd : std::uint8_t {
    open,            ///< it has not
    tls_next,        ///< the server agreed to STARTTLS: TLS begins with the next byte
    greeted,         ///< the greeting came, and no STARTTLS was wanted
    limited,         ///< the server turned us away for now: 421, `* BYE`, `-ERR` instead of a greeting
    not_offered,     ///< no STARTTLS among the capabilities
    refused,         ///< STARTTLS was offered and then refused
    wrong_protocol,  ///< what came is not this protocol
    too_long         ///< more bytes than the limit without an end
};

/// What was seen of a dialog. All texts are the server's: not safe for a terminal.
struct DialogReport {
    DialogEnd end = DialogEnd::open;
    DialogStep step = DialogStep::greeting;  ///< how far it came
    bool greeting_began = false;             ///< the server said something, be it less than a line
    std::string greeting;                    ///< lines joined by \n, at most 1 KB
    std::string capabilities;                ///< before TLS, words and lines joined by a blank, at most 4 KB
    std::string answer;                      ///< the line that ended it, at most 512 bytes
    std::string leftover;                    ///< what stood after the agreement to TLS in plain text, at most 512 bytes
    bool login_before_tls = false;           ///< a login in plain text is offered before TLS
    bool masked = false;                     ///< a filter on the way has overwritten words of the dialog with X or stars

    friend bool operator==(const DialogReport&, const DialogReport&) = default;
};

/// The client's side of a mail protocol up to TLS, as a machine that eats bytes and says bytes: it knows no sockets and no time.
///
///     auto dialog = make_dialog(MailProtocol::imap, DialogGoal::starttls, "[192.0.2.9]", 65536);
///     while (dialog->report().end == DialogEnd::open) { dialog->feed(bytes from the server); send(dialog->take_output()); }
///
/// Commands are sent one at a time, never ahead of the answer. Bytes after the server's agreement to TLS are kept in `leftover` and never
/// come out again, so they cannot reach the TLS session (CVE-2011-0411 and its kin).
class Dialog {
  public:
    /// `max_bytes` is how much one answer may be.
    Dialog(bool wants_starttls, std::size_t max_bytes) : wants_starttls_(wants_starttls), max_bytes_(max_bytes) {}
    Dialog(const Dialog&) = delete;
    Dialog& operator=(const Dialog&) = delete;
    virtual ~Dialog() = default;

    /// Takes bytes in any portions; after the end they are only looked at as `leftover`.
    void feed(std::string_view bytes);

    /// What must be sent now, empty when nothing; gives it away.
    std::string take_output();

    /// What was seen so far.
    [[nodiscard]] const DialogReport& report() const { return report_; }

    /// The command that takes leave: `QUIT`, `a9 LOGOUT`, with its line end.
    [[nodiscard]] virtual std::string_view goodbye() const = 0;

  protected:
    // One line without its line end, by the step that it belongs to. A protocol whose greeting is the list of capabilities has no such
    // step.
    virtual void on_greeting(std::string_view line) = 0;
    virtual void on_capabilities(std::string_view) {}
    virtual void on_starttls(std::string_view line) = 0;

    [[nodiscard]] bool wants_starttls() const { return wants_starttls_; }
    void send(std::string_view text) { output_ += text; }
    /// Goes to another step, with a new allowance of bytes.
    void advance(DialogStep step);
    void end(DialogEnd how, std::string_view line);
    void add_greeting(std::string_view line);
    void add_capability(std::string_view words);
    void allow_login() { report_.login_before_tls = true; }
    void mask() { report_.masked = true; }

  private:
    void on_line(std::string_view line);

    bool wants_starttls_;
    std::size_t max_bytes_;
    std::size_t step_bytes_ = 0;
    std::string line_, output_;
    DialogReport report_;
};

/// What a dialog is for.
enum class DialogGoal : std::uint8_t {
    greeting,  ///< read the greeting only: what comes inside TLS on a port that begins with it
    starttls   ///< come to the point where TLS begins
};

/// The dialog of `protocol`, not `none`. `local_name` is what we call ourselves in EHLO: a domain or an address literal. `max_bytes` is how
/// much one answer may be.
std::unique_ptr<Dialog> make_dialog(MailProtocol protocol, DialogGoal goal, std::string_view local_name, std::size_t max_bytes);

/// True when a line of plain text where TLS should be is a server's complaint that its TLS does not start: `* BYE`, `-ERR`, `NO`, `4xx`,
/// `5xx`.
bool is_complaint(std::string_view text);

}  // namespace truename::net
