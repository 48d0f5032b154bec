#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"
#include "fuzz/lines.h"
#include "fuzz/must.h"
#include "net/dialog.h"
#include "net/injection.h"

/// What a server says, read again by somebody who has all of it before him: line by line, in the order in which a dialog goes.
class ServerLines {
  public:
    explicit ServerLines(std::string_view bytes) : rest_(bytes) {}

    /// The next whole line without its line end.
    std::optional<std::string_view> next() { return take_line(rest_); }

    [[nodiscard]] std::string_view rest() const { return rest_; }

  private:
    std::string_view rest_;
};

/// What a dialog must come to, by that reading; `answer` is empty where nothing is expected of it.
struct Outcome {
    truename::net::DialogEnd end = truename::net::DialogEnd::open;
    std::string said = {};
    bool login = false;
    std::string_view answer = {};
};

inline bool begins(std::string_view line, std::string_view with) {
    return truename::ascii_lower(line).starts_with(truename::ascii_lower(with));
}

/// Whether a word stands between blanks; `word` in small letters.
inline bool holds_word(std::string_view line, std::string_view word) {
    return (" " + truename::ascii_lower(line) + " ").find(" " + std::string(word) + " ") != std::string::npos;
}

/// Texts of a report are the server's own, within their limits.
inline void check_texts(const truename::net::DialogReport& report, std::string_view bytes) {
    must(report.greeting.size() <= 1024 && report.capabilities.size() <= 4096, "texts are bounded");
    must(report.answer.size() <= 512 && report.leftover.size() <= 512, "lines are bounded");
    must(report.greeting_began == !bytes.empty(), "who said something has begun");
    for (const std::string_view line : truename::split(report.greeting, '\n'))
        must(bytes.find(line) != std::string_view::npos, "the greeting is what the server said");
    must(bytes.find(report.answer) != std::string_view::npos, "so is the answer that ended it");
    must(report.leftover.size() == 512 || bytes.ends_with(report.leftover), "what is left over goes to the end");
}

/// The line inside TLS that can only be an answer to the command from before it, by the words of injection.h; empty when there is none.
inline std::string_view injected_answer(truename::net::MailProtocol protocol, ServerLines lines) {
    using enum truename::net::MailProtocol;
    std::string_view before;
    while (const auto line = lines.next()) {
        if (protocol == imap && begins(*line, "a8 ")) return *line;
        if (protocol == imap && begins(*line, "a9 ")) return {};
        if (protocol == smtp && (begins(*line, "250") || begins(*line, "50"))) return *line;
        if (protocol == smtp && (begins(*line, "221") || begins(*line, "421"))) return {};
        if (protocol == sieve && (line->find("sent-before-tls") != std::string_view::npos || begins(*line, "no "))) return *line;
        if (protocol == pop3 && !before.empty()) return before;
        before = *line;
    }
    return {};
}

/// What comes inside TLS is looked at the same way in one piece and in portions.
inline void check_injection(truename::net::MailProtocol protocol, std::string_view bytes, std::size_t portion) {
    truename::net::InjectionWatch whole(protocol), pieces(protocol);
    whole.feed(bytes);
    for (std::size_t at = 0; at < bytes.size(); at += portion) pieces.feed(bytes.substr(at, portion));
    must(whole.answer() == pieces.answer() && whole.is_over() == pieces.is_over(), "portions change no answer");
    must(whole.is_over() || whole.answer().empty(), "behind an answer nothing is waited for");
    const bool is_short = bytes.size() < std::size_t{64} << 10;
    must(!is_short || whole.answer() == injected_answer(protocol, ServerLines(bytes)).substr(0, 512), "the answer is the server's line");
    must(truename::net::harmless_command(protocol).ends_with("\r\n"), "there is a command for every protocol");
}

/// A server says `data`: the dialog must give the same report in one piece and in portions, keep no more than it promises, and come to what
/// `expected`, which is given the server's lines and whether STARTTLS is wanted, makes of them.
template <class Expected>
void fuzz_dialog(truename::net::MailProtocol protocol, const std::uint8_t* data, std::size_t size, Expected&& expected) {
    using namespace truename::net;
    if (size == 0) return;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const DialogGoal goal = (data[0] & 1) != 0 ? DialogGoal::greeting : DialogGoal::starttls;
    const std::size_t max = (data[0] & 2) != 0 ? 100 : 4096, portion = 1 + data[0] / 4;
    const auto whole = make_dialog(protocol, goal, "[192.0.2.1]", max);
    whole->feed(bytes);
    const auto pieces = make_dialog(protocol, goal, "[192.0.2.1]", max);
    for (std::size_t at = 0; at < bytes.size(); at += portion) pieces->feed(bytes.substr(at, portion));
    const DialogReport& report = whole->report();
    must(report == pieces->report(), "portions change nothing");
    check_texts(report, bytes);
    const std::string said = whole->take_output();
    must(said == pieces->take_output(), "the same words are said");
    must(whole->take_output().empty(), "words are said once");
    must(whole->goodbye().ends_with("\r\n"), "taking leave is a line");
    must(report.end != DialogEnd::too_long || bytes.size() > max, "only what is too long is");
    must(report.end != DialogEnd::open || bytes.size() <= 3 * max, "three answers may be so long, and no more");
    check_injection(protocol, bytes, portion);
    (void)is_complaint(report.leftover);
    if (bytes.size() > max) return;

    ServerLines lines(bytes);
    const Outcome outcome = expected(lines, goal == DialogGoal::starttls);
    must(report.end == outcome.end, "a dialog ends as its lines say");
    must(said == outcome.said, "what is said fits the server's answers");
    must(outcome.end == DialogEnd::open || report.login_before_tls == outcome.login, "a login is offered when the lines say so");
    must(outcome.answer.empty() || report.answer == outcome.answer.substr(0, 512), "the line that ended it is kept");
    if (outcome.end == DialogEnd::tls_next)
        must(report.leftover == lines.rest().substr(0, 512), "what is left over was said after the agreement");
    else
        must(report.leftover.empty(), "and nothing else is left over");
}
