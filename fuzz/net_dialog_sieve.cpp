// Must reach every line of dialog_sieve.cpp, dialog.cpp and injection.cpp that is about ManageSieve. The first byte chooses what is wanted,
// the limit and the portions; the rest is what the server says.
#include "fuzz/net_dialog.h"

namespace {

using truename::net::DialogEnd;

bool is_answer(std::string_view line, std::string_view word) {
    return begins(std::string(line) + " ", std::string(word) + " ");
}

bool offers_login(std::string_view line) {
    if (!begins(line, "\"sasl\"")) return false;
    const auto parts = truename::split(line, '"');
    return parts.size() > 3 && (holds_word(parts[3], "plain") || holds_word(parts[3], "login"));
}

// RFC 5804 1.7 and 2.2: capabilities in quotes until OK, the agreement.
Outcome expect(ServerLines& lines, bool starttls) {
    bool offered = false, login = false;
    auto line = lines.next();
    for (; line && !is_answer(*line, "ok"); line = lines.next()) {
        if (is_answer(*line, "bye") || is_answer(*line, "no")) return {DialogEnd::limited, "", login, *line};
        if (!line->starts_with('"') && !line->starts_with('{')) return {DialogEnd::wrong_protocol, "", login, *line};
        offered = offered || begins(*line, "\"starttls\"");
        login = login || offers_login(*line);
    }
    if (!line) return {};
    if (!starttls) return {DialogEnd::greeted, "", login, *line};
    if (!offered) return {DialogEnd::not_offered, "", login, *line};

    const std::string said = "STARTTLS\r\n";
    while ((line = lines.next())) {
        if (is_answer(*line, "ok")) return {DialogEnd::tls_next, said, login, *line};
        if (is_answer(*line, "no") || is_answer(*line, "bye")) return {DialogEnd::refused, said, login, *line};
    }
    return {DialogEnd::open, said};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz_dialog(truename::net::MailProtocol::sieve, data, size, expect);
    return 0;
}
