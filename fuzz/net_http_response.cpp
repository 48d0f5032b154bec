// Must reach HttpResponseReader with every kind of body, parse_http_url, resolve_location, to_string of addresses and SocketAddress. The
// first byte says how large the portions are; the rest is an answer, and an address.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/text.h"
#include "fuzz/lines.h"
#include "fuzz/must.h"
#include "net/address.h"
#include "net/http.h"

namespace {

using namespace truename::net;
using State = HttpResponseReader::State;

constexpr std::size_t kMaxBody = 1000;

/// The answer in portions, and then the end of the connection.
HttpResponseReader read(std::string_view bytes, std::size_t portion) {
    HttpResponseReader reader(kMaxBody);
    for (std::size_t at = 0; at < bytes.size(); at += portion) reader.feed(bytes.substr(at, portion));
    reader.end();
    return reader;
}

/// The same answer, read by somebody who has all of it before him; nothing where it is bad.
class Opinion {
  public:
    explicit Opinion(std::string_view bytes) : rest_(bytes) {}

    struct Answer {
        int status = 0;
        std::string location, body;
    };

    std::optional<Answer> read() {
        Answer answer;
        do {
            if (!read_head(answer)) return std::nullopt;
        } while (answer.status < 200);
        if (answer.status == 204 || answer.status == 304) return answer;
        const bool good = chunked_ ? read_chunks(answer.body) : length_ ? take(*length_, answer.body) : take(rest_.size(), answer.body);
        return good && answer.body.size() <= kMaxBody ? std::optional(answer) : std::nullopt;
    }

  private:
    std::optional<std::string_view> line() { return take_line(rest_); }

    static std::optional<std::size_t> number(std::string_view digits, int base) {
        const std::string small = truename::ascii_lower(digits);
        const std::string_view allowed = base == 16 ? "0123456789abcdef" : "0123456789";
        if (small.empty() || small.find_first_not_of(allowed) != std::string::npos) return std::nullopt;
        try {
            return std::stoull(small, nullptr, base);
        } catch (const std::out_of_range&) {
            return std::nullopt;
        }
    }

    bool read_head(Answer& answer) {
        const auto first = line();
        if (!first || !first->starts_with("HTTP/1.") || first->size() < 12 || (std::string(*first) + " ").at(12) != ' ' ||
            first->at(8) != ' ')
            return false;
        const auto status = number(first->substr(9, 3), 10);
        if (!status || *status < 100) return false;
        answer.status = static_cast<int>(*status);
        auto header = line();
        for (; header && !header->empty(); header = line()) {
            const auto colon = header->find(':');
            if (colon != std::string_view::npos &&
                !read_header(header->substr(0, colon), truename::trim(header->substr(colon + 1)), answer))
                return false;
        }
        return header.has_value();
    }

    bool read_header(std::string_view name, std::string_view value, Answer& answer) {
        const std::string small = truename::ascii_lower(name);
        if (small == "location") answer.location = value;
        if (small == "transfer-encoding") return chunked_ = truename::ascii_lower(value) == "chunked";
        if (small != "content-length") return true;
        const auto length = number(value, 10);
        const bool same = length && (!length_ || *length_ == *length);
        length_ = length;
        return same;
    }

    bool take(std::size_t size, std::string& body) {
        if (size > rest_.size()) return false;
        body += rest_.substr(0, size);
        rest_.remove_prefix(size);
        return true;
    }

    bool read_chunks(std::string& body) {
        for (;;) {
            const auto head = line();
            const auto size = head ? number(truename::trim(head->substr(0, head->find(';'))), 16) : std::nullopt;
            if (!size) return false;
            if (*size == 0) break;
            if (!take(*size, body)) return false;
            if (const auto end = line(); !end || !end->empty()) return false;
        }
        auto trailer = line();
        while (trailer && !trailer->empty()) trailer = line();
        return trailer.has_value();
    }

    std::string_view rest_;
    std::optional<std::size_t> length_;
    bool chunked_ = false;
};

void check_answer(std::string_view bytes, std::size_t portion) {
    HttpResponseReader whole = read(bytes, bytes.size() + 1), pieces = read(bytes, portion);
    must(whole.state() != State::more, "an answer that has ended is good or bad");
    must(whole.state() == pieces.state() && whole.status() == pieces.status(), "portions change nothing");
    must(whole.location() == pieces.location() && whole.error() == pieces.error(), "portions change no text");
    must(whole.error().empty() == (whole.state() == State::done), "a failure has words");
    const std::string body = whole.take_body();
    must(body.size() <= kMaxBody, "the body is bounded");
    if (whole.state() == State::done) must(body == pieces.take_body(), "portions change no body");
    if (bytes.size() > 16'000) return;  // heads have a limit
    const auto opinion = Opinion(bytes).read();
    must(opinion.has_value() == (whole.state() == State::done), "an answer is good when its lines and lengths are");
    if (!opinion) return;
    must(opinion->status == whole.status() && opinion->location == whole.location(), "the head is read as it stands there");
    must(opinion->body == body, "the body is what the lengths say");
}

void check_address(const std::string& text) {
    const auto address = SocketAddress::from_text(text, 80);
    if (!address) return;
    const auto again = SocketAddress::from_text(address->text(), address->port());
    must(again && again->text() == address->text() && again->port() == 80, "an address of a socket reads back as itself");
    must(scope_of(*again) == scope_of(*address), "and lies in the same network");
    must(address->smtp_literal().ends_with(']'), "and can be told to a mail server");
}

void check_url(std::string_view bytes, std::string_view location) {
    const auto url = parse_http_url(bytes);
    if (!url) return;
    const std::string written = to_string(*url);
    must(bytes.find_first_of("@ ") >= bytes.find_first_of("/?#", 7), "a host has no user");
    const auto again = parse_http_url(written);
    must(again && to_string(*again) == written, "an address reads back as itself");
    must(url->path.starts_with('/') && url->path.find('#') == std::string::npos, "a path begins at the top and ends at the fragment");
    must(url->host.find_first_of("/?#@[]") == std::string::npos && url->port != 0, "a host is nothing else");
    check_address(url->host);
    for (const std::string_view to : {location, std::string_view(url->path)}) {
        const auto next = resolve_location(*url, to);
        if (!next) continue;
        must(parse_http_url(to_string(*next)).has_value(), "where a redirect leads is an address");
        const bool stays = to.starts_with('/') && !to.starts_with("//");
        must(!stays || (next->host == url->host && next->port == url->port), "a path alone leads to the same server");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    check_answer(bytes, 1 + data[0]);
    const auto line = std::min(bytes.find('\n'), bytes.size());
    check_url(bytes.substr(0, line), bytes.substr(std::min(line + 1, bytes.size())));
    check_address(std::string(bytes.substr(0, line)));
    return 0;
}
