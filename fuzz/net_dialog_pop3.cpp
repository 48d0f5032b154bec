// Must reach every line of dialog_pop3.cpp, dialog.cpp and injection.cpp that is about POP3. The first byte chooses what is wanted, the
// limit and the portions; the rest is what the server says.
#include "fuzz/net_dialog.h"

namespace {

using truename::net::DialogEnd;

// RFC 1939 4, RFC 2449 5, RFC 2595 4: a greeting, a list that ends with a dot or is not known, the agreement.
Outcome expect(ServerLines& lines, bool starttls) {
    const auto greeting = lines.next();
    if (!greeting) return {};
    if (begins(*greeting, "-err")) return {DialogEnd::limited, "", false, *greeting};
    if (!begins(*greeting, "+ok")) return {DialogEnd::wrong_protocol, "", false, *greeting};
    if (!starttls) return {DialogEnd::greeted, "", false, *greeting};

    std::string said = "CAPA\r\n";
    bool offered = false, login = false;
    const auto first = lines.next();
    if (!first) return {DialogEnd::open, said};
    const bool has_list = begins(*first, "+ok");
    if (!has_list && !begins(*first, "-err")) return {DialogEnd::wrong_protocol, said, false, *first};
    if (has_list) {
        auto line = lines.next();
        for (; line && *line != "."; line = lines.next()) {
            offered = offered || begins(std::string(*line) + " ", "stls ");
            login =
                login || begins(*line, "user") || (begins(*line, "sasl ") && (holds_word(*line, "plain") || holds_word(*line, "login")));
        }
        if (!line) return {DialogEnd::open, said};
        if (!offered) return {DialogEnd::not_offered, said, login};
    }
    said += "STLS\r\n";
    const auto last = lines.next();
    if (!last) return {DialogEnd::open, said};
    if (begins(*last, "+ok")) return {DialogEnd::tls_next, said, login, *last};
    return {has_list ? DialogEnd::refused : DialogEnd::not_offered, said, login, *last};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz_dialog(truename::net::MailProtocol::pop3, data, size, expect);
    return 0;
}
