#include "explain/codes.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <set>

#include "base/text.h"

namespace truename::explain {

namespace {

constexpr std::size_t kMostSuggested = 8, kMostNear = 5;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_part_of_code(char c) {
    return is_alphanumeric(c) || c == '_' || c == ':' || c == '+' || c == '-';
}

bool is_hexadecimal(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

/// `0x80090322`, `80090322` and `-2146893022` as the 32 bits that they are; nothing for anything else.
std::optional<std::uint32_t> as_32_bits(std::string_view small) {
    const std::string_view digits = small.starts_with("0x") ? small.substr(2) : small;
    std::uint32_t value = 0;
    if (digits.size() == 8 && is_hexadecimal(digits) && digits[0] >= '8') {
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        return value;
    }
    if (small.size() < 5 || small.size() > 11 || small[0] != '-' || !std::all_of(small.begin() + 1, small.end(), is_digit))
        return std::nullopt;
    std::int64_t number = 0;
    std::from_chars(small.data(), small.data() + small.size(), number);
    if (number < INT32_MIN) return std::nullopt;
    return static_cast<std::uint32_t>(number & 0xFFFFFFFF);
}

/// Every spelling under which the table may have a token.
std::vector<std::string> forms_of(std::string_view token) {
    const std::string small = ascii_lower(token);
    std::vector<std::string> forms = {small};
    if (small.starts_with("error:") && small.size() >= 14 && is_hexadecimal(std::string_view(small).substr(6, 8)) &&
        (small.size() == 14 || small[14] == ':')) {
        forms.push_back(small.substr(0, 14));
        // OpenSSL 1.x: the last three digits are the reason of 3.x in the library SSL.
        if (small.starts_with("error:14")) forms.push_back("error:0a000" + small.substr(11, 3));
    }
    if (const std::optional<std::uint32_t> number = as_32_bits(small)) {
        ByteString bytes;
        for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(*number >> shift));
        forms.push_back("0x" + to_hex(bytes));
        // NSS, GnuTLS and Apple numbers printed as unsigned.
        if (*number >= 0xFFFF0000) forms.push_back(std::to_string(static_cast<std::int64_t>(*number) - 0x100000000));
        const std::uint32_t low = *number & 0xFFFF;
        if (*number >> 16 == 0x8007 && low >= 12000 && low < 12288) forms.push_back(std::to_string(low));
    }
    return forms;
}

/// U+2212, the minus sign of typography, as the one of the keyboard.
std::string with_plain_minus(std::string_view text) {
    constexpr std::string_view kMinus = "\xE2\x88\x92";
    std::string result;
    for (std::size_t i = 0; i < text.size();) {
        const bool minus = text.substr(i).starts_with(kMinus);
        result += minus ? '-' : text[i];
        i += minus ? kMinus.size() : 1;
    }
    return result;
}

/// The numbers of `alert 46`, `alert number 46`, `alert code 46`.
std::vector<std::string> alerts_in(std::string_view text) {
    const std::string small = ascii_lower(text);
    std::vector<std::string> numbers;
    constexpr std::string_view kAlert = "alert ";
    for (std::size_t at = small.find(kAlert); at != std::string::npos; at = small.find(kAlert, at + 1)) {
        if (at != 0 && (is_alphanumeric(small[at - 1]) || small[at - 1] == '_')) continue;
        std::string_view rest = std::string_view(small).substr(at + kAlert.size());
        for (const std::string_view word : {std::string_view("number "), std::string_view("code ")}) {
            if (rest.starts_with(word)) {
                rest.remove_prefix(word.size());
                break;
            }
        }
        const auto end = static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_digit) - rest.begin());
        const bool whole = end == rest.size() || (!is_alphanumeric(rest[end]) && rest[end] != '_');
        if (end >= 1 && end <= 3 && whole) numbers.emplace_back(rest.substr(0, end));
    }
    return numbers;
}

/// A run of characters that may stand in a code: as it was written, and without colons before it.
struct Token {
    std::string_view written, bare;
};

std::vector<Token> tokens_of(std::string_view text) {
    std::vector<Token> tokens;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        while (end < text.size() && is_part_of_code(text[end])) ++end;
        Token token{text.substr(i, end - i), {}};
        i = end + 1;
        while (!token.written.empty() && !is_alphanumeric(token.written.back())) token.written.remove_suffix(1);
        token.bare = token.written;
        while (!token.bare.empty() && token.bare.front() == ':') token.bare.remove_prefix(1);
        if (!token.bare.empty()) tokens.push_back(token);
    }
    return tokens;
}

/// Symbols (`sec_error_unknown_issuer`) and hexadecimal numbers; words and names of every day are neither.
bool looks_like_code(std::string_view small) {
    if (small.size() < 8 || small.size() > 80) return false;
    return small.starts_with("0x") || small.find('_') != std::string_view::npos;
}

}  // namespace

Result<CodeTable, Failure> CodeTable::read(std::string_view text) {
    CodeTable table;
    std::size_t line = 0;
    for (const std::string_view row : split(text, '\n')) {
        ++line;
        if (row.empty() || row.starts_with('#')) continue;
        const std::vector<std::string_view> cells = split(row, '\t');
        if (cells.size() != 5) {
            return Unexpected{Failure{FailureKind::input, "reading the codes", "codes.tsv line " + std::to_string(line),
                                      "it has " + counted(cells.size(), "column") + " and not 5", ""}};
        }
        CodeMatch match{"", {}, std::string(cells[1]), std::string(cells[2]), std::string(cells[3]), std::string(cells[4])};
        for (const std::string_view spelling : split(cells[0], ' ')) {
            table.rows_by_spelling_.emplace(ascii_lower(spelling), table.rows_.size());
            match.spellings.emplace_back(spelling);
        }
        table.rows_.push_back(std::move(match));
    }
    return table;
}

void CodeTable::add(std::string_view spelling, std::string_view written, std::vector<CodeMatch>& found) const {
    const auto [first, last] = rows_by_spelling_.equal_range(std::string(spelling));
    for (auto it = first; it != last; ++it) {
        const CodeMatch& row = rows_[it->second];
        const auto same = [&](const CodeMatch& known) {
            return known.family == row.family && known.meaning == row.meaning && known.spellings == row.spellings;
        };
        if (std::any_of(found.begin(), found.end(), same)) continue;
        found.push_back(row);
        found.back().code = written;
    }
}

std::vector<CodeMatch> CodeTable::find(std::string_view question) const {
    const std::string text = with_plain_minus(question);
    std::vector<CodeMatch> found;
    for (const Token& token : tokens_of(text)) {
        for (const std::string& form : forms_of(token.bare)) add(form, token.written, found);
    }
    for (const std::string& number : alerts_in(text)) add("alert-" + number, "alert " + number, found);
    return found;
}

std::vector<CodeSuggestion> CodeTable::suggest(std::string_view question) const {
    const std::string text = with_plain_minus(question);
    std::vector<CodeSuggestion> suggestions;
    std::set<std::string> asked;
    for (const Token& token : tokens_of(text)) {
        const std::string small = ascii_lower(token.bare);
        if (!looks_like_code(small) || is_known(small) || !asked.insert(small).second) continue;
        if (asked.size() > kMostSuggested) break;
        std::set<std::string> near;
        for (const CodeMatch& row : rows_) {
            for (const std::string& spelling : row.spellings) {
                if (edit_distance(small, ascii_lower(spelling), 2) <= 1) near.insert(spelling);
            }
        }
        if (near.empty()) continue;
        suggestions.push_back({std::string(token.written), {near.begin(), near.end()}});
        if (near.size() > kMostNear) suggestions.back().spellings.resize(kMostNear);
    }
    return suggestions;
}

bool CodeTable::is_known(const std::string& small) const {
    const std::vector<std::string> forms = forms_of(small);
    return std::any_of(forms.begin(), forms.end(), [&](const std::string& form) { return rows_by_spelling_.contains(form); });
}

}  // namespace truename::explain
