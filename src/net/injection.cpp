#include "net/injection.h"

#include <algorithm>

#include "net/dialogs.h"

namespace truename::net {

namespace {

constexpr std::size_t kMaxBytes = std::size_t{64} << 10, kMaxAnswer = 512;
// RFC 5804 2.13: the server repeats it, so its answer is told from all others.
constexpr std::string_view kSieveTag = "sent-before-tls";

}  // namespace

std::string_view harmless_command(MailProtocol protocol) {
    switch (protocol) {
        case MailProtocol::imap:
            return "a8 NOOP\r\n";
        case MailProtocol::pop3:  // RFC 1939 5: NOOP is for those who have logged in
            return "CAPA\r\n";
        case MailProtocol::smtp:
            return "NOOP\r\n";
        case MailProtocol::sieve:
            return "NOOP \"sent-before-tls\"\r\n";
        case MailProtocol::none:
            break;
    }
    return {};
}

void InjectionWatch::feed(std::string_view bytes) {
    for (const char c : bytes) {
        if (over_) return;
        over_ = ++bytes_ >= kMaxBytes;
        if (c != '\n') {
            line_ += c;
            continue;
        }
        if (!line_.empty() && line_.back() == '\r') line_.pop_back();
        on_line(line_);
        line_.clear();
    }
}

void InjectionWatch::on_line(std::string_view line) {
    switch (protocol_) {
        case MailProtocol::imap:
            if (begins_with(line, "a8 ")) take(line);
            over_ = over_ || begins_with(line, "a9 ");
            return;
        case MailProtocol::smtp:
            // 250 is the answer to NOOP; 500 to 504 say that the command is not known, now or at all, and are no answer to QUIT.
            if (begins_with(line, "250") || begins_with(line, "50")) take(line);
            over_ = over_ || begins_with(line, "221") || begins_with(line, "421");
            return;
        case MailProtocol::pop3:
            return on_pop3_line(line);
        case MailProtocol::sieve:
            if (line.find(kSieveTag) != std::string_view::npos || begins_with(line, "NO ")) take(line);
            return;
        case MailProtocol::none:
            return;
    }
}

/// QUIT has one line for an answer, CAPA several or, when it is not known, one before that of QUIT.
void InjectionWatch::on_pop3_line(std::string_view line) {
    if (first_line_.empty()) {
        first_line_ = line;
    } else {
        take(first_line_);
    }
}

void InjectionWatch::take(std::string_view line) {
    answer_ = line.substr(0, kMaxAnswer);
    over_ = true;
}

}  // namespace truename::net
