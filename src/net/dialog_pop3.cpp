#include "net/dialogs.h"

namespace truename::net {

namespace {

class Pop3Dialog final : public Dialog {
  public:
    using Dialog::Dialog;

    [[nodiscard]] std::string_view goodbye() const override { return "QUIT\r\n"; }

  private:
    void on_greeting(std::string_view line) override {
        add_greeting(line);
        if (begins_with(line, "-ERR")) return end(DialogEnd::limited, line);
        if (!begins_with(line, "+OK")) return end(DialogEnd::wrong_protocol, line);
        if (!wants_starttls()) return end(DialogEnd::greeted, line);
        advance(DialogStep::capabilities);
        send("CAPA\r\n");
    }

    // RFC 2449 5: +OK, lines, a dot. A server without CAPA says -ERR and may know STLS all the same, so it is asked.
    void on_capabilities(std::string_view line) override {
        if (!in_list_) {
            if (begins_with(line, "-ERR")) return start_tls();
            if (!begins_with(line, "+OK")) return end(DialogEnd::wrong_protocol, line);
            in_list_ = true;
            return;
        }
        if (line != ".") {
            add_capability(line);
            if (has_word(line.substr(0, 4), "STLS") && (line.size() == 4 || line[4] == ' ')) offered_ = true;
            const bool sasl = begins_with(line, "SASL ") && (has_word(line, "PLAIN") || has_word(line, "LOGIN"));
            if (sasl || begins_with(line, "USER")) allow_login();
            return;
        }
        if (!offered_) return end(DialogEnd::not_offered, "");
        start_tls();
    }

    void on_starttls(std::string_view line) override {
        if (begins_with(line, "+OK")) return end(DialogEnd::tls_next, line);
        if (!in_list_) return end(DialogEnd::not_offered, line);
        end(DialogEnd::refused, line);
    }

    void start_tls() {
        advance(DialogStep::starttls);
        send("STLS\r\n");
    }

    bool in_list_ = false, offered_ = false;
};

}  // namespace

std::unique_ptr<Dialog> make_pop3_dialog(bool starttls, std::size_t max_bytes) {
    return std::make_unique<Pop3Dialog>(starttls, max_bytes);
}

}  // namespace truename::net
