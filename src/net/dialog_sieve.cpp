#include "net/dialogs.h"

namespace truename::net {

namespace {

class SieveDialog final : public Dialog {
  public:
    using Dialog::Dialog;

    [[nodiscard]] std::string_view goodbye() const override { return "LOGOUT\r\n"; }

  private:
    // RFC 5804 1.7: the greeting is the list of capabilities, one string or two a line, and OK.
    void on_greeting(std::string_view line) override {
        if (is_status(line, "BYE") || is_status(line, "NO")) {
            add_greeting(line);
            return end(DialogEnd::limited, line);
        }
        if (is_status(line, "OK")) {
            add_greeting(line);
            if (!wants_starttls()) return end(DialogEnd::greeted, line);
            if (!offered_) return end(DialogEnd::not_offered, line);
            advance(DialogStep::starttls);
            return send("STARTTLS\r\n");
        }
        if (line.empty() || (line.front() != '"' && line.front() != '{')) {
            add_greeting(line);
            return end(DialogEnd::wrong_protocol, line);
        }
        take_capability(line);
    }

    void on_starttls(std::string_view line) override {
        if (is_status(line, "OK")) return end(DialogEnd::tls_next, line);
        if (is_status(line, "NO") || is_status(line, "BYE")) end(DialogEnd::refused, line);
    }

    void take_capability(std::string_view line) {
        if (begins_with(line, "\"IMPLEMENTATION\"")) add_greeting(line);
        add_capability(line);
        if (begins_with(line, "\"STARTTLS\"")) offered_ = true;
        if (begins_with(line, "\"SASL\"")) {
            const std::string_view value = line.substr(6);
            const auto open = value.find('"');
            const auto methods = open == std::string_view::npos ? std::string_view{} : value.substr(open + 1);
            const auto words = methods.substr(0, methods.find('"'));
            if (has_word(words, "PLAIN") || has_word(words, "LOGIN")) allow_login();
        }
    }

    static bool is_status(std::string_view line, std::string_view word) {
        return begins_with(line, word) && (line.size() == word.size() || line[word.size()] == ' ');
    }

    bool offered_ = false;
};

}  // namespace

std::unique_ptr<Dialog> make_sieve_dialog(bool starttls, std::size_t max_bytes) {
    return std::make_unique<SieveDialog>(starttls, max_bytes);
}

}  // namespace truename::net
