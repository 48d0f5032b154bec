#include "doctor/render/layout.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace truename::doctor {

namespace {

// One character that starts at `at`; well-formed UTF-8 is the caller's promise, anything else counts a column a byte.
std::uint32_t next_character(std::string_view text, std::size_t& at) {
    const auto first = static_cast<unsigned char>(text[at++]);
    const unsigned more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
    std::uint32_t code = more == 0 ? first : first & (0x3Fu >> more);
    for (unsigned i = 0; i < more && at < text.size(); ++i) code = (code << 6) | (static_cast<unsigned char>(text[at++]) & 0x3Fu);
    return code;
}

struct Range {
    std::uint32_t first, last;
};

bool is_in(std::uint32_t code, const Range* begin, const Range* end) {
    return std::any_of(begin, end, [&](const Range& r) { return code >= r.first && code <= r.last; });
}

std::size_t width_of(std::uint32_t code) {
    static constexpr Range kCombining[] = {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},
                                           {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}};
    static constexpr Range kWide[] = {{0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0xA4CF},   {0xAC00, 0xD7A3},  {0xF900, 0xFAFF},
                                      {0xFE30, 0xFE4F}, {0xFF00, 0xFF60}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};
    if (is_in(code, std::begin(kCombining), std::end(kCombining))) return 0;
    return is_in(code, std::begin(kWide), std::end(kWide)) ? 2 : 1;
}

}  // namespace

std::string safe_text(std::string_view text) {
    const std::string doubled = printable(text);
    std::string out;
    out.reserve(doubled.size());
    for (std::size_t i = 0; i < doubled.size(); ++i) {
        out += doubled[i];
        if (doubled[i] == '\\' && i + 1 < doubled.size() && doubled[i + 1] == '\\') ++i;
    }
    return out;
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) width += width_of(next_character(text, at));
    return width;
}

std::string padded(std::string_view text, std::size_t width) {
    std::string out(text);
    const std::size_t used = display_width(text);
    if (used < width) out.append(width - used, ' ');
    return out;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
    std::vector<std::string> lines(1);
    std::size_t used = 0;
    while (!text.empty()) {
        const std::size_t blank = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, blank);
        const std::size_t size = display_width(word);
        if (used != 0 && used + 1 + size > width) {
            lines.emplace_back();
            used = 0;
        }
        if (used != 0) {
            lines.back() += ' ';
            ++used;
        }
        lines.back() += word;
        used += size;
        text.remove_prefix(std::min(blank + 1, text.size()));
    }
    // Texts may hold wider gaps; where a line ends in one, it is gone.
    for (std::string& line : lines) line.erase(line.find_last_not_of(' ') + 1);
    return lines;
}

std::string hanging(std::string_view first, std::string_view text, std::size_t width) {
    const std::size_t indent = display_width(first);
    std::string out(first);
    bool more = false;
    for (const std::string& line : wrapped(text, width > indent + 20 ? width - indent : 20)) {
        if (more) out.append(indent, ' ');
        out += line + "\n";
        more = true;
    }
    return out;
}

std::string both_ends(std::string_view left, std::string_view right, std::size_t width) {
    const std::size_t used = display_width(left) + display_width(right);
    return std::string(left) + std::string(used + 3 <= width ? width - used : 3, ' ') + std::string(right);
}

}  // namespace truename::doctor
