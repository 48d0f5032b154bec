#include "doctor/render/html_tags.h"

#include "doctor/render/layout.h"

namespace truename::doctor {

namespace {

constexpr std::size_t kLongest = 600;

// Cuts at a character's first byte.
std::string_view cut(std::string_view text) {
    if (text.size() <= kLongest) return text;
    std::size_t end = kLongest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
    return text.substr(0, end);
}

}  // namespace

std::string html_escaped(std::string_view text) {
    const std::string_view kept = cut(text);
    std::string out;
    for (const char c : safe_text(kept)) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    if (kept.size() < text.size()) out += "…";
    return out;
}

Html& Html::open(std::string_view tag, Attributes attributes) {
    out_ += '<';
    out_ += tag;
    for (const auto& [name, value] : attributes) {
        if (value.empty()) continue;
        out_ += ' ';
        out_ += name;
        out_ += "=\"" + html_escaped(value) + "\"";
    }
    out_ += '>';
    return *this;
}

Html& Html::close(std::string_view tag) {
    out_ += "</";
    out_ += tag;
    out_ += ">\n";
    return *this;
}

Html& Html::text(std::string_view text) {
    out_ += html_escaped(text);
    return *this;
}

Html& Html::element(std::string_view tag, std::string_view text, Attributes attributes) {
    open(tag, attributes).text(text);
    out_ += "</";
    out_ += tag;
    out_ += ">";
    return *this;
}

Html& Html::raw(std::string_view markup) {
    out_ += markup;
    return *this;
}

}  // namespace truename::doctor
