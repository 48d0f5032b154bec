#include <algorithm>
#include <optional>
#include <string>

#include "net/dialogs.h"

namespace truename::net {

namespace {

/// One line of a reply, RFC 5321 4.2: `250-text` goes on, `250 text` is the last.
struct ReplyLine {
    int code;
    bool last;
    std::string_view text;
};

std::optional<ReplyLine> read_reply_line(std::string_view line) {
    if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
    const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    if (line.size() == 3) return ReplyLine{code, true, {}};
    if (line[3] != ' ' && line[3] != '-') return std::nullopt;
    return ReplyLine{code, line[3] == ' ', line.substr(4)};
}

/// Cisco's firewalls overwrite offers that they do not want with this letter, to keep the length.
bool is_masked_offer(std::string_view word) {
    return word.size() >= 6 && std::count(word.begin(), word.end(), 'X') >= static_cast<std::ptrdiff_t>(word.size()) - 1;
}

/// And the greeting with stars, all of it or all but the digits 2 and 0, which their filter takes for parts of the code.
bool is_masked_greeting(std::string_view text) {
    return std::count(text.begin(), text.end(), '*') >= 6 && text.find_first_not_of("*20 ") == std::string_view::npos;
}

class SmtpDialog final : public Dialog {
  public:
    SmtpDialog(bool starttls, std::string_view local_name, std::size_t max_bytes) : Dialog(starttls, max_bytes), local_name_(local_name) {}

    [[nodiscard]] std::string_view goodbye() const override { return "QUIT\r\n"; }

  private:
    /// A line that is no reply ends the dialog.
    std::optional<ReplyLine> read(std::string_view line) {
        const auto reply = read_reply_line(line);
        if (!reply) end(DialogEnd::wrong_protocol, line);
        return reply;
    }

    void on_greeting(std::string_view line) override {
        add_greeting(line);
        const auto reply = read(line);
        if (!reply) return;
        if (is_masked_greeting(reply->text)) mask();
        if (!reply->last) return;
        // RFC 5321 3.1 and 3.8: 421 and 554 instead of a greeting turn the client away.
        if (reply->code >= 400) return end(DialogEnd::limited, line);
        if (reply->code != 220) return end(DialogEnd::wrong_protocol, line);
        if (!wants_starttls()) return end(DialogEnd::greeted, line);
        advance(DialogStep::capabilities);
        send("EHLO " + local_name_ + "\r\n");
    }

    void on_capabilities(std::string_view line) override {
        const auto reply = read(line);
        if (!reply) return;
        if (reply->code == 250) take_capability(reply->text);
        if (!reply->last) return;
        if (reply->code == 250) {
            if (!offered_) return end(DialogEnd::not_offered, line);
            advance(DialogStep::starttls);
            return send("STARTTLS\r\n");
        }
        // 500 and 502: no ESMTP here, so no STARTTLS. Anything else is about us, not about TLS.
        const bool not_known = reply->code == 500 || reply->code == 502;
        end(not_known ? DialogEnd::not_offered : DialogEnd::limited, line);
    }

    void take_capability(std::string_view text) {
        if (first_line_) {  // RFC 5321 4.1.1.1: the first line is the server's name
            first_line_ = false;
            return;
        }
        add_capability(text);
        const std::string_view keyword = text.substr(0, text.find(' '));
        if (has_word(keyword, "STARTTLS")) offered_ = true;
        if (is_masked_offer(keyword)) mask();
        // `AUTH=` is how servers of the nineties wrote it for clients of the nineties.
        const bool auth = begins_with(text, "AUTH ") || begins_with(text, "AUTH=");
        if (auth && (has_word(text.substr(5), "PLAIN") || has_word(text.substr(5), "LOGIN"))) allow_login();
    }

    void on_starttls(std::string_view line) override {
        const auto reply = read(line);
        if (!reply || !reply->last) return;
        if (reply->code == 220) return end(DialogEnd::tls_next, line);
        end(reply->code == 421 ? DialogEnd::limited : DialogEnd::refused, line);
    }

    std::string local_name_;
    bool offered_ = false, first_line_ = true;
};

}  // namespace

std::unique_ptr<Dialog> make_smtp_dialog(bool starttls, std::string_view local_name, std::size_t max_bytes) {
    return std::make_unique<SmtpDialog>(starttls, local_name, max_bytes);
}

}  // namespace truename::net
