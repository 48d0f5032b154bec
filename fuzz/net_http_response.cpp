#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/must.h"
#include "net/http.h"

namespace {

using namespace truename::net;

/// The answer in portions, and then the end of the connection.
HttpResponseReader read(std::string_view bytes, std::size_t portion) {
    HttpResponseReader reader(1000);
    for (std::size_t at = 0; at < bytes.size(); at += portion) reader.feed(bytes.substr(at, portion));
    reader.end();
    return reader;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    HttpResponseReader whole = read(bytes, bytes.size() + 1), pieces = read(bytes, 1 + data[0]);
    must(whole.state() != HttpResponseReader::State::more, "an answer that has ended is good or bad");
    must(whole.state() == pieces.state() && whole.status() == pieces.status(), "portions change nothing");
    must(whole.location() == pieces.location() && whole.error() == pieces.error(), "portions change no text");
    must(whole.error().empty() == (whole.state() == HttpResponseReader::State::done), "a failure has words");
    const std::string body = whole.take_body();
    must(body.size() <= 1000, "the body is bounded");
    if (whole.state() == HttpResponseReader::State::done) must(body == pieces.take_body(), "portions change no body");
    const auto url = parse_http_url(bytes);
    if (url) {
        const auto again = parse_http_url(to_string(*url));
        must(again && to_string(*again) == to_string(*url), "an address reads back as itself");
        (void)resolve_location(*url, whole.location());
    }
    return 0;
}
