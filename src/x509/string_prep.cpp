#include "x509/string_prep.h"

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

namespace truename::x509 {

namespace {

constexpr std::size_t kMostAtOnce = 1U << 16;  // of characters; no attribute that anybody reads is longer

/// RFC 4518 2.2: what is mapped to nothing besides controls and formats.
bool is_left_out(ucs4_t c) {
    const bool is_variation = (c >= 0x180B && c <= 0x180D) || (c >= 0xFE00 && c <= 0xFE0F);
    return is_variation || c == 0x034F || c == 0x1806 || c == 0xFFFC || uc_is_general_category(c, UC_CONTROL) ||
           uc_is_general_category(c, UC_FORMAT);
}

/// The same: what is mapped to a blank. ZERO WIDTH SPACE is none of them: it is a format.
bool is_blank(ucs4_t c) {
    return (c >= 0x09 && c <= 0x0D) || c == 0x85 || uc_is_general_category(c, UC_SEPARATOR);
}

/// RFC 4518 2.4. Unassigned ones are those of no category, which grow fewer with each version of Unicode.
bool is_prohibited(ucs4_t c) {
    return c == 0x0340 || c == 0x0341 || c == 0xFFFD || uc_is_general_category(c, UC_PRIVATE_USE) ||
           uc_is_general_category(c, UC_SURROGATE) || uc_is_general_category(c, UC_UNASSIGNED);
}

using Units = std::vector<std::uint8_t>;

/// The text mapped character by character (RFC 4518 2.2, without the folding of case).
std::optional<Units> mapped(std::string_view utf8) {
    Units out;
    out.reserve(utf8.size());
    const auto* at = reinterpret_cast<const std::uint8_t*>(utf8.data());
    for (std::size_t left = utf8.size(); left > 0;) {
        ucs4_t c = 0;
        const int size = u8_mbtoucr(&c, at, left);
        if (size <= 0 || is_prohibited(c)) return std::nullopt;
        if (is_blank(c))
            out.push_back(' ');
        else if (!is_left_out(c))
            out.insert(out.end(), at, at + size);
        at += size;
        left -= static_cast<std::size_t>(size);
    }
    return out;
}

/// Case folded and in normal form KC (RFC 4518 2.2 and 2.3).
std::optional<Units> normalized(const Units& text) {
    if (text.empty()) return text;
    std::size_t size = 0;
    const std::unique_ptr<std::uint8_t, decltype([](std::uint8_t* units) { std::free(units); })> folded(
        u8_casefold(text.data(), text.size(), nullptr, UNINORM_NFKC, nullptr, &size));
    if (!folded) return std::nullopt;
    return Units(folded.get(), folded.get() + size);
}

/// RFC 4518 2.6.1, with one blank where that has two.
std::string without_needless_blanks(const Units& text) {
    std::string result;
    bool gap = false;
    for (const std::uint8_t unit : text) {
        if (unit == ' ') {
            gap = !result.empty();
            continue;
        }
        if (std::exchange(gap, false)) result += ' ';
        result += static_cast<char>(unit);
    }
    return result;
}

}  // namespace

std::optional<std::string> prepare_string(std::string_view utf8) {
    if (utf8.size() > kMostAtOnce) return std::nullopt;
    const auto text = mapped(utf8);
    const auto folded = text ? normalized(*text) : std::nullopt;
    if (!folded) return std::nullopt;
    return without_needless_blanks(*folded);
}

}  // namespace truename::x509
