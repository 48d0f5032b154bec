// Must reach every line of dialog_smtp.cpp, dialog.cpp and injection.cpp that is about SMTP. The first byte chooses what is wanted, the
// limit and the portions; the rest is what the server says.
#include "fuzz/net_dialog.h"

namespace {

using truename::net::DialogEnd;

constexpr int kNone = -1, kWrong = -2;

/// The code of one reply, whose lines go to `each`; kNone when it is not there whole, kWrong when one of its lines is none.
template <class Each>
int read_reply(ServerLines& lines, std::string_view& last, Each&& each) {
    while (const auto line = lines.next()) {
        last = *line;
        const std::string code(line->substr(0, 3));
        if (code.size() < 3 || code.find_first_not_of("0123456789") != std::string::npos) return kWrong;
        if (line->size() > 3 && line->at(3) != ' ' && line->at(3) != '-') return kWrong;
        each(std::stoi(code), line->size() > 3 ? line->substr(4) : std::string_view{});
        if (line->size() == 3 || line->at(3) == ' ') return std::stoi(code);
    }
    return kNone;
}

// RFC 5321 3.1 and 4.1.1.1, RFC 3207 4: a greeting, what EHLO brings, the agreement. Replies may have several lines.
Outcome expect(ServerLines& lines, bool starttls) {
    std::string_view line;
    const auto skip = [](int, std::string_view) {};
    int code = read_reply(lines, line, skip);
    if (code == kNone) return {};
    if (code >= 400) return {DialogEnd::limited, "", false, line};
    if (code != 220) return {DialogEnd::wrong_protocol, "", false, line};
    if (!starttls) return {DialogEnd::greeted, "", false, line};

    std::string said = "EHLO [192.0.2.1]\r\n";
    bool is_name = true, offered = false, login = false;
    code = read_reply(lines, line, [&](int at, std::string_view text) {
        if (at != 250) return;
        if (!is_name) {
            offered = offered || begins(std::string(text) + " ", "starttls ");
            const bool auth = begins(text, "auth ") || begins(text, "auth=");
            login = login || (auth && (holds_word(text.substr(5), "plain") || holds_word(text.substr(5), "login")));
        }
        is_name = false;
    });
    if (code == kNone) return {DialogEnd::open, said};
    if (code == kWrong) return {DialogEnd::wrong_protocol, said, login, line};
    if (code == 500 || code == 502) return {DialogEnd::not_offered, said, login, line};
    if (code != 250) return {DialogEnd::limited, said, login, line};
    if (!offered) return {DialogEnd::not_offered, said, login, line};

    said += "STARTTLS\r\n";
    code = read_reply(lines, line, skip);
    if (code == kNone) return {DialogEnd::open, said};
    if (code == kWrong) return {DialogEnd::wrong_protocol, said, login, line};
    return {code == 220 ? DialogEnd::tls_next : code == 421 ? DialogEnd::limited : DialogEnd::refused, said, login, line};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz_dialog(truename::net::MailProtocol::smtp, data, size, expect);
    return 0;
}
