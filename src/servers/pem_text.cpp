#include "servers/pem_text.h"

#include <algorithm>

namespace truename::servers {

namespace {

constexpr std::string_view kBegin = "-----BEGIN ", kEnd = "-----END ", kDashes = "-----";

PemSpan::Kind kind_of(std::string_view label) {
    if (label.ends_with("PRIVATE KEY")) return PemSpan::Kind::private_key;
    const bool is_certificate = label == "CERTIFICATE" || label == "TRUSTED CERTIFICATE" || label == "X509 CERTIFICATE";
    return is_certificate ? PemSpan::Kind::certificate : PemSpan::Kind::other;
}

}  // namespace

std::vector<PemSpan> pem_spans(std::string_view text) {
    std::vector<PemSpan> spans;
    std::size_t at = 0;
    while ((at = text.find(kBegin, at)) != std::string_view::npos) {
        const std::size_t label_at = at + kBegin.size();
        const std::size_t label_end = text.find(kDashes, label_at);
        if (label_end == std::string_view::npos) break;
        const std::string_view label = text.substr(label_at, label_end - label_at);
        const std::string end_line = std::string(kEnd) + std::string(label) + std::string(kDashes);
        // A label does not go over a line's end, and without that bound each BEGIN might copy the whole rest.
        const std::size_t end = label.size() > 64 ? std::string_view::npos : text.find(end_line, label_end);
        if (end == std::string_view::npos) {
            at = label_at;
            continue;
        }
        const std::size_t line_end = text.find('\n', end + end_line.size());
        spans.push_back({kind_of(label), at, line_end == std::string_view::npos ? text.size() : line_end + 1});
        at = spans.back().end;
    }
    return spans;
}

std::string replace_blocks(std::string_view text, const std::vector<PemSpan>& spans, std::size_t first, std::size_t last,
                           std::string_view replacement) {
    if (first >= last) return std::string(text) + std::string(replacement);
    std::string result(text.substr(0, spans[first].begin));
    result += replacement;
    result += text.substr(spans[last - 1].end);
    return result;
}

}  // namespace truename::servers
