// Must reach every line of dialog_imap.cpp, dialog.cpp and injection.cpp that is about IMAP. The first byte chooses what is wanted, the
// limit and the portions; the rest is what the server says.
#include "fuzz/net_dialog.h"

namespace {

using truename::net::DialogEnd;

struct Offers {
    bool starttls = false, disabled = false, plain = false, any = false;

    void take(std::string_view words) {
        any = true;
        starttls = starttls || holds_word(words, "starttls");
        disabled = disabled || holds_word(words, "logindisabled");
        plain = plain || holds_word(words, "auth=plain") || holds_word(words, "auth=login");
    }
    [[nodiscard]] bool login() const { return any && (plain || !disabled); }
};

// RFC 3501 6.2.1 and 7.1: a greeting, perhaps with a list; the list, when that one lacked STARTTLS; the agreement.
Outcome expect(ServerLines& lines, bool starttls) {
    const auto greeting = lines.next();
    if (!greeting) return {};
    if (begins(*greeting, "* bye")) return {DialogEnd::limited, "", false, *greeting};
    const bool logged_in = begins(*greeting, "* preauth");
    if (!logged_in && !begins(*greeting, "* ok")) return {DialogEnd::wrong_protocol, "", false, *greeting};
    if (!starttls) return {DialogEnd::greeted, "", false, *greeting};
    if (logged_in) return {DialogEnd::not_offered, "", false, *greeting};

    Offers offers;
    std::string said;
    if (const auto at = greeting->find("[CAPABILITY "); at != std::string_view::npos) {
        const auto code = greeting->substr(at + 12);
        offers.take(code.substr(0, code.find(']')));
    }
    if (!offers.starttls) {
        offers = {};
        said = "a1 CAPABILITY\r\n";
        auto line = lines.next();
        for (; line && !begins(*line, "a1 "); line = lines.next()) {
            if (begins(*line, "* capability ")) offers.take(line->substr(13));
            if (begins(*line, "* bye")) return {DialogEnd::limited, said, false, *line};
        }
        if (!line) return {DialogEnd::open, said};
        if (!offers.starttls) return {DialogEnd::not_offered, said, offers.login(), *line};
    }
    said += "a2 STARTTLS\r\n";
    while (const auto line = lines.next()) {
        if (begins(*line, "a2 ok")) return {DialogEnd::tls_next, said, offers.login(), *line};
        if (begins(*line, "a2 ") || begins(*line, "* bye")) return {DialogEnd::refused, said, offers.login(), *line};
    }
    return {DialogEnd::open, said};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz_dialog(truename::net::MailProtocol::imap, data, size, expect);
    return 0;
}
