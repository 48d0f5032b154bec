#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>

namespace truename {

namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_white(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct CodePoint {
    char32_t value = 0;
    std::size_t size = 0;  // in bytes; 0 when the bytes are not UTF-8
};

/// The code point at the front of `text`, by the table of RFC 3629 section 4.
CodePoint next_code_point(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return {first, 1};
    const std::size_t size = first >= 0xF0 && first <= 0xF4 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
    if (size == 0 || first > 0xF4 || text.size() < size) return {};
    char32_t value = first & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return {};
        value = (value << 6) | (byte(i) & 0x3F);
    }
    constexpr std::array<char32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
    if (value < kSmallest[size] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
    return {value, size};
}

/// Controls, and the characters that turn the direction of text or are not seen (U+200B to U+200F, U+202A to U+202E, U+2060 to U+206F).
bool is_unsafe(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

}  // namespace

const char* describe(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::truncated:
            return "ends too early";
        case ErrorKind::trailing_data:
            return "is followed by bytes that do not belong there";
        case ErrorKind::wrong_tag:
            return "is of another type than the one that belongs here";
        case ErrorKind::bad_length:
            return "has a length that is not allowed";
        case ErrorKind::bad_value:
            return "has a value that is not allowed";
        case ErrorKind::unsupported:
            return "is of a kind that is not supported";
        case ErrorKind::too_large:
            return "is larger than the limit";
        case ErrorKind::missing:
            return "is missing";
        case ErrorKind::duplicate:
            return "is there twice";
    }
    return "cannot be read";
}

std::string to_hex(Bytes bytes, char separator) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 3);
    for (const std::uint8_t b : bytes) {
        if (separator != 0 && !text.empty()) text += separator;
        text += kDigits[b >> 4];
        text += kDigits[b & 15];
    }
    return text;
}

Result<ByteString> from_hex(std::string_view text) {
    ByteString bytes;
    int high = -1;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int digit = hex_digit(text[i]);
        if (digit < 0) {
            if (high < 0 && (is_white(text[i]) || text[i] == ':')) continue;
            return fail(ErrorKind::bad_value, i);
        }
        if (high < 0) {
            high = digit;
        } else {
            bytes.push_back(static_cast<std::uint8_t>(high * 16 + digit));
            high = -1;
        }
    }
    if (high >= 0) return fail(ErrorKind::truncated, text.size());
    return bytes;
}

std::string to_base64(Bytes bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
        unsigned group = 0;
        for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < have ? bytes[i + k] : 0U);
        for (std::size_t k = 0; k < 4; ++k) text += k <= have ? kBase64[(group >> (18 - 6 * k)) & 63] : '=';
    }
    return text;
}

Result<ByteString> from_base64(std::string_view text) {
    static constexpr std::uint8_t kNoDigit = 0xff;
    static constexpr auto kValues = [] {
        std::array<std::uint8_t, 256> values{};
        values.fill(kNoDigit);
        for (std::size_t i = 0; i < kBase64.size(); ++i) values[static_cast<unsigned char>(kBase64[i])] = static_cast<std::uint8_t>(i);
        return values;
    }();
    ByteString bytes(text.size() / 4 * 3 + 3);  // cut to what was written at the end
    std::size_t size = 0;
    unsigned group = 0;
    unsigned digits = 0;
    unsigned padding = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        // Nearly all of a text is groups of four digits.
        while (digits == 0 && padding == 0 && i + 4 <= text.size()) {
            const auto at = [&](std::size_t k) { return std::uint32_t{kValues[static_cast<unsigned char>(text[i + k])]}; };
            const std::uint32_t a = at(0), b = at(1), c = at(2), d = at(3);
            if (((a | b | c | d) & 0x80U) != 0) break;
            const std::uint32_t whole = a << 18 | b << 12 | c << 6 | d;
            bytes[size] = static_cast<std::uint8_t>(whole >> 16);
            bytes[size + 1] = static_cast<std::uint8_t>(whole >> 8);
            bytes[size + 2] = static_cast<std::uint8_t>(whole);
            size += 3;
            i += 4;
        }
        if (i == text.size()) break;
        if (is_white(text[i])) continue;
        if (text[i] == '=') {
            if (digits < 2 || ++padding + digits > 4) return fail(ErrorKind::bad_value, i);
            continue;
        }
        const unsigned value = kValues[static_cast<unsigned char>(text[i])];
        if (value == kNoDigit || padding != 0) return fail(ErrorKind::bad_value, i);
        group = group << 6 | value;
        if (++digits == 4) {
            for (int shift = 16; shift >= 0; shift -= 8) bytes[size++] = static_cast<std::uint8_t>(group >> shift);
            group = digits = 0;
        }
    }
    if (digits + padding != 4 && digits + padding != 0) return fail(ErrorKind::truncated, text.size());
    if (digits != 0) {
        group <<= 6 * padding;
        for (unsigned k = 0; k < 3 - padding; ++k) bytes[size++] = static_cast<std::uint8_t>(group >> (16 - 8 * k));
    }
    bytes.resize(size);
    return bytes;
}

std::string to_base64url(Bytes bytes) {
    std::string text = to_base64(bytes);
    while (text.ends_with('=')) text.pop_back();
    for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
    return text;
}

Result<ByteString> from_base64url(std::string_view text) {
    std::string usual(text);
    for (std::size_t i = 0; i < usual.size(); ++i) {
        if (usual[i] == '+' || usual[i] == '/') return fail(ErrorKind::bad_value, i);
        usual[i] = usual[i] == '-' ? '+' : usual[i] == '_' ? '/' : usual[i];
    }
    while (usual.size() % 4 != 0) usual += '=';
    return from_base64(usual);
}

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const CodePoint point = next_code_point(text.substr(i));
        char escaped[16];
        if (point.size == 0 || (point.size == 1 && is_unsafe(point.value))) {
            std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(text[i])));
            out += escaped;
        } else if (is_unsafe(point.value)) {
            std::snprintf(escaped, sizeof escaped, "\\u{%04X}", static_cast<unsigned>(point.value));
            out += escaped;
        } else if (point.value == '\\') {
            out += "\\\\";
        } else {
            out += text.substr(i, point.size);
        }
        i += std::max<std::size_t>(point.size, 1);
    }
    return out;
}

void clip(std::string& text, std::size_t limit) {
    if (text.size() <= limit) return;
    std::size_t end = limit;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text.erase(end);
    text += "…";
}

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const CodePoint point = next_code_point(text.substr(i));
        if (point.size == 0) return false;
        i += point.size;
    }
    return true;
}

std::string ascii_lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    }
    return out;
}

bool equal_ignoring_ascii_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> pieces;
    for (;;) {
        const std::size_t at = text.find(separator);
        pieces.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return pieces;
        text.remove_prefix(at + 1);
    }
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_white(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_white(text.back())) text.remove_suffix(1);
    return text;
}

std::string without_end_slashes(std::string path) {
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return path;
}

std::string join(const std::vector<std::string>& pieces, std::string_view separator) {
    std::string out;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (i != 0) out += separator;
        out += pieces[i];
    }
    return out;
}

std::string counted(std::size_t number, std::string_view noun) {
    return std::to_string(number) + " " + std::string(noun) + (number == 1 ? "" : "s");
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
    if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) >= limit) return limit;
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return std::min(limit, last[b.size()]);
}

}  // namespace truename
