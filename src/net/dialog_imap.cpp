#include <string>

#include "net/dialogs.h"

namespace truename::net {

namespace {

class ImapDialog final : public Dialog {
  public:
    using Dialog::Dialog;

    [[nodiscard]] std::string_view goodbye() const override { return "a9 LOGOUT\r\n"; }

  private:
    // RFC 3501 7.1: the greeting is OK, PREAUTH or BYE, untagged.
    void on_greeting(std::string_view line) override {
        add_greeting(line);
        if (begins_with(line, "* BYE")) return end(DialogEnd::limited, line);
        if (!begins_with(line, "* OK") && !begins_with(line, "* PREAUTH")) return end(DialogEnd::wrong_protocol, line);
        if (!wants_starttls()) return end(DialogEnd::greeted, line);
        // RFC 3501 6.2.1: STARTTLS is for the state before authentication only.
        if (begins_with(line, "* PREAUTH")) return end(DialogEnd::not_offered, line);
        if (const auto bracket = line.find("[CAPABILITY "); bracket != std::string_view::npos) {
            const auto words = line.substr(bracket + 12);
            take_capabilities(words.substr(0, words.find(']')));
            if (offered_) return start_tls();
        }
        // Either none in the greeting, or a short list without STARTTLS: the full one decides.
        forget_login();
        advance(DialogStep::capabilities);
        send("a1 CAPABILITY\r\n");
    }

    void on_capabilities(std::string_view line) override {
        if (begins_with(line, "* CAPABILITY ")) return take_capabilities(line.substr(13));
        if (begins_with(line, "* BYE")) return end(DialogEnd::limited, line);
        if (!begins_with(line, "a1 ")) return;
        if (!offered_) return finish(DialogEnd::not_offered, line);
        start_tls();
    }

    void on_starttls(std::string_view line) override {
        if (begins_with(line, "a2 OK")) return finish(DialogEnd::tls_next, line);
        if (begins_with(line, "a2 ") || begins_with(line, "* BYE")) finish(DialogEnd::refused, line);
    }

    void take_capabilities(std::string_view words) {
        add_capability(words);
        offered_ = offered_ || has_word(words, "STARTTLS");
        login_disabled_ = login_disabled_ || has_word(words, "LOGINDISABLED");
        sasl_plain_ = sasl_plain_ || has_word(words, "AUTH=PLAIN") || has_word(words, "AUTH=LOGIN");
        seen_ = true;
    }

    void forget_login() { login_disabled_ = sasl_plain_ = seen_ = false; }

    void start_tls() {
        advance(DialogStep::starttls);
        send("a2 STARTTLS\r\n");
    }

    void finish(DialogEnd how, std::string_view line) {
        // RFC 3501 6.2.3: LOGIN is allowed unless LOGINDISABLED says otherwise.
        if (seen_ && (!login_disabled_ || sasl_plain_)) allow_login();
        end(how, line);
    }

    bool offered_ = false, login_disabled_ = false, sasl_plain_ = false, seen_ = false;
};

}  // namespace

std::unique_ptr<Dialog> make_imap_dialog(bool starttls, std::size_t max_bytes) {
    return std::make_unique<ImapDialog>(starttls, max_bytes);
}

}  // namespace truename::net
