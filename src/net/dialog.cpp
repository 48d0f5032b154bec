#include "net/dialog.h"

#include <algorithm>

#include "base/text.h"
#include "net/dialogs.h"

namespace truename::net {

namespace {

constexpr std::size_t kMaxGreeting = 1024, kMaxCapabilities = 4096, kMaxAnswer = 512;

void append_limited(std::string& to, std::string_view text, char separator, std::size_t limit) {
    if (to.size() >= limit) return;
    if (!to.empty()) to += separator;
    to += text.substr(0, limit - std::min(limit, to.size()));
}

}  // namespace

void Dialog::feed(std::string_view bytes) {
    report_.greeting_began = report_.greeting_began || !bytes.empty();
    while (!bytes.empty()) {
        if (report_.end == DialogEnd::tls_next) {
            report_.leftover += bytes.substr(0, kMaxAnswer - std::min(kMaxAnswer, report_.leftover.size()));
            return;
        }
        if (report_.end != DialogEnd::open) return;
        const auto newline = bytes.find('\n');
        const std::string_view part = bytes.substr(0, newline);
        const bool ends = newline != std::string_view::npos;
        const std::size_t room = max_bytes_ - step_bytes_;
        if (part.size() + (ends ? 1 : 0) > room) {
            line_ += part.substr(0, room);
            if (report_.step == DialogStep::greeting) add_greeting(line_);
            return end(DialogEnd::too_long, line_);
        }
        step_bytes_ += part.size() + (ends ? 1 : 0);
        line_ += part;
        if (!ends) return;
        bytes.remove_prefix(newline + 1);
        if (!line_.empty() && line_.back() == '\r') line_.pop_back();
        const std::string line = std::move(line_);
        line_.clear();
        on_line(line);
    }
}

void Dialog::on_line(std::string_view line) {
    switch (report_.step) {
        case DialogStep::greeting:
            return on_greeting(line);
        case DialogStep::capabilities:
            return on_capabilities(line);
        case DialogStep::starttls:
            return on_starttls(line);
    }
}

std::string Dialog::take_output() {
    std::string out = std::move(output_);
    output_.clear();
    return out;
}

void Dialog::advance(DialogStep step) {
    report_.step = step;
    step_bytes_ = 0;
}

void Dialog::end(DialogEnd how, std::string_view line) {
    report_.end = how;
    report_.answer = line.substr(0, kMaxAnswer);
}

void Dialog::add_greeting(std::string_view line) {
    append_limited(report_.greeting, line, '\n', kMaxGreeting);
}

void Dialog::add_capability(std::string_view words) {
    append_limited(report_.capabilities, words, ' ', kMaxCapabilities);
}

std::unique_ptr<Dialog> make_dialog(MailProtocol protocol, DialogGoal goal, std::string_view local_name, std::size_t max_bytes) {
    const bool starttls = goal == DialogGoal::starttls;
    switch (protocol) {
        case MailProtocol::imap:
            return make_imap_dialog(starttls, max_bytes);
        case MailProtocol::pop3:
            return make_pop3_dialog(starttls, max_bytes);
        case MailProtocol::smtp:
            return make_smtp_dialog(starttls, local_name, max_bytes);
        case MailProtocol::sieve:
            return make_sieve_dialog(starttls, max_bytes);
        case MailProtocol::none:
            break;
    }
    return nullptr;
}

bool begins_with(std::string_view text, std::string_view prefix) {
    return equal_ignoring_ascii_case(text.substr(0, prefix.size()), prefix);
}

bool has_word(std::string_view words, std::string_view word) {
    for (const std::string_view candidate : split(words, ' ')) {
        if (equal_ignoring_ascii_case(candidate, word)) return true;
    }
    return false;
}

bool is_complaint(std::string_view text) {
    if (begins_with(text, "* BYE") || begins_with(text, "-ERR") || begins_with(text, "NO ") || begins_with(text, "BYE")) return true;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return text.size() >= 4 && (text[0] == '4' || text[0] == '5') && is_digit(text[1]) && is_digit(text[2]) &&
           (text[3] == ' ' || text[3] == '-');
}

}  // namespace truename::net
