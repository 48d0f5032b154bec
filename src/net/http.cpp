#include "net/http.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace truename::net {

namespace {

constexpr std::size_t kMaxUrl = 2000, kMaxHead = 16384;
constexpr std::string_view kScheme = "http://";

bool is_visible(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

template <class T>
std::optional<T> to_number(std::string_view text, int base) {
    T number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

/// What may stand in brackets (RFC 3986 3.2.2), lower case; whether it is an address shows when it is used. A zone means nothing elsewhere.
bool looks_like_ipv6(std::string_view host) {
    return host.find(':') != std::string_view::npos && host.find_first_not_of("0123456789abcdef:.") == std::string_view::npos;
}

}  // namespace

std::optional<HttpUrl> parse_http_url(std::string_view text) {
    if (text.size() > kMaxUrl || !is_visible(text) || !equal_ignoring_ascii_case(text.substr(0, kScheme.size()), kScheme))
        return std::nullopt;
    text.remove_prefix(kScheme.size());
    text = text.substr(0, text.find('#'));
    const auto slash = text.find_first_of("/?");
    const std::string_view authority = text.substr(0, slash);
    if (authority.empty() || authority.find('@') != std::string_view::npos) return std::nullopt;
    HttpUrl url;
    url.path = slash == std::string_view::npos ? "/" : std::string(text.substr(slash));
    if (url.path.front() == '?') url.path.insert(0, 1, '/');
    const bool bracketed = authority.front() == '[';
    const auto host_end = bracketed ? authority.find(']') : authority.find(':');
    if (bracketed && host_end == std::string_view::npos) return std::nullopt;
    url.host = ascii_lower(bracketed ? authority.substr(1, host_end - 1) : authority.substr(0, host_end));
    const std::string_view rest =
        host_end == std::string_view::npos ? std::string_view{} : authority.substr(host_end + (bracketed ? 1 : 0));
    if (url.host.empty() || (!rest.empty() && rest.front() != ':')) return std::nullopt;
    if (bracketed ? !looks_like_ipv6(url.host) : url.host.find_first_of("[]") != std::string::npos) return std::nullopt;
    if (rest.size() > 1) {
        const auto port = to_number<std::uint16_t>(rest.substr(1), 10);
        if (!port || *port == 0) return std::nullopt;
        url.port = *port;
    }
    return url;
}

std::optional<HttpUrl> resolve_location(const HttpUrl& base, std::string_view location) {
    if (location.starts_with("//")) return parse_http_url("http:" + std::string(location));
    if (!location.starts_with('/')) return parse_http_url(location);
    if (location.size() > kMaxUrl || !is_visible(location)) return std::nullopt;
    HttpUrl url = base;
    url.path = location.substr(0, location.find('#'));
    return url;
}

std::string to_string(const HttpUrl& url) {
    const bool is_v6 = url.host.find(':') != std::string::npos;
    return std::string(kScheme) + (is_v6 ? "[" + url.host + "]" : url.host) + ":" + std::to_string(url.port) + url.path;
}

HttpResponseReader::State HttpResponseReader::fail(std::string why) {
    if (state_ == State::more) {
        state_ = State::failed;
        error_ = std::move(why);
    }
    return state_;
}

bool HttpResponseReader::reads_lines() const {
    return part_ != Part::body_by_length && part_ != Part::body_to_end && part_ != Part::chunk;
}

HttpResponseReader::State HttpResponseReader::feed(std::string_view bytes) {
    while (!bytes.empty() && state_ == State::more) {
        if (!reads_lines()) {
            take_body_bytes(bytes);
            continue;
        }
        const auto newline = bytes.find('\n');
        const std::string_view part = bytes.substr(0, newline);
        head_bytes_ += part.size() + (newline == std::string_view::npos ? 0 : 1);
        if (head_bytes_ > kMaxHead) return fail("its head is larger than 16384 bytes");
        line_ += part;
        if (newline == std::string_view::npos) break;
        bytes.remove_prefix(newline + 1);
        if (line_.ends_with('\r')) line_.pop_back();
        const std::string line = std::move(line_);
        line_.clear();
        on_line(line);
    }
    return state_;
}

void HttpResponseReader::take_body_bytes(std::string_view& bytes) {
    const std::size_t size = part_ == Part::body_to_end ? bytes.size() : std::min(left_, bytes.size());
    if (body_.size() + size > max_body_) {
        fail("larger than " + std::to_string(max_body_) + " bytes");
        return;
    }
    body_ += bytes.substr(0, size);
    bytes.remove_prefix(size);
    if (part_ == Part::body_to_end) return;
    left_ -= size;
    if (left_ > 0) return;
    if (part_ == Part::chunk) {
        part_ = Part::chunk_end;
    } else {
        state_ = State::done;
    }
}

void HttpResponseReader::on_line(std::string_view line) {
    switch (part_) {
        case Part::status_line:
            return on_status_line(line);
        case Part::header:
            return line.empty() ? on_headers_end() : on_header(line);
        case Part::chunk_size:
            return on_chunk_size(line);
        case Part::chunk_end:
            if (!line.empty()) fail("a chunk does not end where it should");
            head_bytes_ = 0;
            part_ = Part::chunk_size;
            return;
        case Part::trailer:
            if (line.empty()) state_ = State::done;
            return;
        case Part::body_by_length:
        case Part::body_to_end:
        case Part::chunk:
            return;
    }
}

void HttpResponseReader::on_status_line(std::string_view line) {
    const bool good = line.size() >= 12 && line.starts_with("HTTP/1.") && line[8] == ' ' && (line.size() == 12 || line[12] == ' ');
    const auto status = good ? to_number<int>(line.substr(9, 3), 10) : std::nullopt;
    if (!status || *status < 100) {
        fail("the answer is not HTTP");
        return;
    }
    status_ = *status;
    part_ = Part::header;
}

void HttpResponseReader::on_header(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return;
    const std::string_view name = line.substr(0, colon), value = trim(line.substr(colon + 1));
    if (equal_ignoring_ascii_case(name, "location")) location_ = value;
    if (equal_ignoring_ascii_case(name, "content-type")) media_type_ = ascii_lower(trim(value.substr(0, value.find(';'))));
    if (equal_ignoring_ascii_case(name, "transfer-encoding")) {
        chunked_ = equal_ignoring_ascii_case(value, "chunked");
        if (!chunked_) fail("a transfer encoding that is not known");
    }
    if (equal_ignoring_ascii_case(name, "content-length")) {
        const auto length = to_number<std::size_t>(value, 10);
        // RFC 9112 6.3: two different lengths are an attack or a mistake.
        if (!length || (content_length_ && *content_length_ != *length)) {
            fail("a wrong Content-Length");
            return;
        }
        content_length_ = length;
    }
}

void HttpResponseReader::on_headers_end() {
    if (status_ < 200) {  // RFC 9110 15.2: the final one follows
        part_ = Part::status_line;
        return;
    }
    if (status_ == 204 || status_ == 304) {
        state_ = State::done;
        return;
    }
    if (chunked_) {
        part_ = Part::chunk_size;
    } else if (content_length_) {
        if (*content_length_ > max_body_) {
            fail("larger than " + std::to_string(max_body_) + " bytes");
            return;
        }
        left_ = *content_length_;
        part_ = Part::body_by_length;
        if (left_ == 0) state_ = State::done;
    } else {
        part_ = Part::body_to_end;
    }
    head_bytes_ = 0;
}

void HttpResponseReader::on_chunk_size(std::string_view line) {
    const auto size = to_number<std::size_t>(trim(line.substr(0, line.find(';'))), 16);
    if (!size) {
        fail("a chunk without a size");
        return;
    }
    if (*size > max_body_) {
        fail("larger than " + std::to_string(max_body_) + " bytes");
        return;
    }
    left_ = *size;
    part_ = left_ == 0 ? Part::trailer : Part::chunk;
}

HttpResponseReader::State HttpResponseReader::end() {
    if (state_ != State::more) return state_;
    if (part_ == Part::body_to_end) return state_ = State::done;
    return fail(part_ == Part::status_line && line_.empty() ? "the server closed the connection without an answer"
                                                            : "the answer ends too early");
}

}  // namespace truename::net
