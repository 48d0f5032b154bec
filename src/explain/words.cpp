#include "explain/words.h"

#include <algorithm>

#include "base/text.h"

namespace truename::explain {

namespace {

constexpr std::u32string_view kEdges = U" \t.,:;!?()[]<>\"'`\u201C\u201D\u2018\u2019\u201E\u00AB\u00BB\u2026";

bool in(char32_t c, char32_t first, char32_t last) {
    return c >= first && c <= last;
}

/// Small letters of Latin, Greek and Cyrillic; everything else stays as it is.
char32_t lower(char32_t c) {
    if (in(c, 'A', 'Z') || (in(c, 0xC0, 0xDE) && c != 0xD7) || in(c, 0x391, 0x3A9) || in(c, 0x410, 0x42F)) return c + 32;
    if (in(c, 0x100, 0x137) || in(c, 0x14A, 0x177) || in(c, 0x1E00, 0x1EFF)) return c | 1;
    if (in(c, 0x139, 0x148) || in(c, 0x179, 0x17E)) return c % 2 == 1 ? c + 1 : c;
    if (in(c, 0x400, 0x40F)) return c + 80;
    if (in(c, 0x388, 0x38A)) return c + 37;
    if (in(c, 0x38E, 0x38F)) return c + 63;
    switch (c) {
        case 0x178:
            return 0xFF;
        case 0x1A0:
        case 0x1AF:
            return c + 1;
        case 0x386:
            return 0x3AC;
        case 0x38C:
            return 0x3CC;
        case 0x3C2:
            return 0x3C3;
        default:
            return c;
    }
}

bool is_part_of_word(char32_t c) {
    if (c < 0x80) return in(c, '0', '9') || in(c, 'a', 'z');
    return !(c <= 0xBF || c == 0xD7 || c == 0xF7 || c == 0xFEFF || in(c, 0x2000, 0x206F) || in(c, 0x3000, 0x303F) ||
             in(c, 0xFF00, 0xFF0F) || in(c, 0xFF1A, 0xFF20) || in(c, 0xFF5B, 0xFF65));
}

/// Host names, mail addresses, dotted numbers: an at sign, or a dot with something on both sides that is no dot.
bool is_name_or_address(std::u32string_view token) {
    if (token.find(U'@') != std::u32string_view::npos) return true;
    if (token.size() <= 3) return false;
    for (std::size_t i = 1; i + 1 < token.size(); ++i) {
        if (token[i] == '.' && token[i - 1] != '.' && token[i + 1] != '.') return true;
    }
    return false;
}

/// Numbers of any length, and longer words with a digit: they differ from case to case.
bool is_number(std::u32string_view word) {
    const auto digits = static_cast<std::size_t>(std::count_if(word.begin(), word.end(), [](char32_t c) { return in(c, '0', '9'); }));
    return digits != 0 && (word.size() > 3 || digits == word.size());
}

/// `{NAME}` as a blank.
std::u32string without_placeholders(std::u32string_view text) {
    std::u32string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t end = text[i] == '{' ? text.find(U'}', i) : std::u32string_view::npos;
        if (end == std::u32string_view::npos) {
            result += text[i];
        } else {
            result += ' ';
            i = end;
        }
    }
    return result;
}

void add_words_of_token(std::u32string_view token, std::vector<std::u32string>& found) {
    const std::size_t first = token.find_first_not_of(kEdges);
    if (first == std::u32string_view::npos) return;
    token = token.substr(first, token.find_last_not_of(kEdges) - first + 1);
    if (is_name_or_address(token)) return;
    std::u32string word;
    for (std::size_t i = 0; i <= token.size(); ++i) {
        const char32_t c = i < token.size() ? lower(token[i]) : U' ';
        if (is_part_of_word(c)) {
            word += c;
            continue;
        }
        if (!word.empty() && !is_number(word)) found.push_back(word);
        word.clear();
    }
}

}  // namespace

std::u32string decode(std::string_view text) {
    std::u32string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i]);
        const std::size_t size = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        if (!is_utf8(text.substr(i, size)) || size > text.size() - i) {
            result += U'\uFFFD';
            ++i;
            continue;
        }
        char32_t c = size == 1 ? first : first & (0xFFU >> (size + 1));
        for (std::size_t k = 1; k < size; ++k) c = (c << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3F);
        result += c;
        i += size;
    }
    return result;
}

bool is_space(char32_t c) {
    return in(c, 9, 13) || in(c, 28, 32) || c == 0x85 || c == 0xA0 || c == 0x1680 || in(c, 0x2000, 0x200A) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000;
}

bool is_unspaced(char32_t c) {
    return in(c, 0x3040, 0x30FF) || in(c, 0x3400, 0x9FFF) || in(c, 0x0E00, 0x0E7F);
}

std::vector<std::u32string> words_of(std::u32string_view text) {
    const std::u32string plain = without_placeholders(text);
    std::vector<std::u32string> found;
    for (std::size_t i = 0; i < plain.size();) {
        std::size_t end = i;
        while (end < plain.size() && !is_space(plain[end])) ++end;
        if (end > i) add_words_of_token(std::u32string_view(plain).substr(i, end - i), found);
        i = end + 1;
    }
    return found;
}

std::vector<std::u32string> features_of(std::u32string_view word) {
    if (word.size() < 2 || std::none_of(word.begin(), word.end(), is_unspaced)) return {std::u32string(word)};
    std::vector<std::u32string> pairs;
    for (std::size_t i = 0; i + 1 < word.size(); ++i) pairs.emplace_back(word.substr(i, 2));
    return pairs;
}

std::uint32_t hash_of(std::u32string_view word) {
    std::uint32_t value = 0x811C9DC5;
    const auto add = [&](char32_t byte) { value = (value ^ static_cast<std::uint32_t>(byte)) * 0x01000193; };
    for (const char32_t c : word) {
        if (c < 0x80) {
            add(c);
        } else if (c < 0x800) {
            add(0xC0 | (c >> 6));
            add(0x80 | (c & 0x3F));
        } else if (c < 0x10000) {
            add(0xE0 | (c >> 12));
            add(0x80 | ((c >> 6) & 0x3F));
            add(0x80 | (c & 0x3F));
        } else {
            add(0xF0 | (c >> 18));
            add(0x80 | ((c >> 12) & 0x3F));
            add(0x80 | ((c >> 6) & 0x3F));
            add(0x80 | (c & 0x3F));
        }
    }
    return value;
}

std::uint32_t script_of(char32_t c) {
    return c < 0x250 || in(c, 0x1E00, 0x1EFF) ? 0 : static_cast<std::uint32_t>(c >> 8);
}

}  // namespace truename::explain
