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
    std::size_t at = 0, next_end = 0;
    while ((at = text.find(kBegin, at)) != std::string_view::npos) {
        at += kBegin.size();
        const std::size_t label_end = text.find(kDashes, at);
        if (label_end == std::string_view::npos) break;
        const std::string_view label = text.substr(at, label_end - at);
        // Blocks do not lie in each other, so the next END is that of this block or of none; looking no further keeps this linear.
        if (next_end < label_end) next_end = text.find(kEnd, label_end);
        if (next_end == std::string_view::npos) break;
        const std::string_view after = text.substr(next_end + kEnd.size());
        if (!after.starts_with(label) || !after.substr(label.size()).starts_with(kDashes)) continue;
        const std::size_t line_end = text.find('\n', next_end);
        const std::size_t end = line_end == std::string_view::npos ? text.size() : line_end + 1;
        spans.push_back({kind_of(label), at - kBegin.size(), end});
        at = end;
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
