#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace truename {

/// Lower-case hexadecimal, two digits a byte, `separator` between bytes (none when it is 0).
std::string to_hex(Bytes bytes, char separator = 0);

/// Reads hexadecimal digits; blanks and colons between bytes are skipped. bad_value at the first other character, truncated for half a
/// byte.
Result<ByteString> from_hex(std::string_view text);

/// Base64 of RFC 4648 section 4, on one line.
std::string to_base64(Bytes bytes);

/// Reads base64, skipping white space; padding must be right. The offset is that of the first wrong character.
Result<ByteString> from_base64(std::string_view text);

/// Base64url without padding (RFC 7515 section 2).
std::string to_base64url(Bytes bytes);

/// Reads it, with or without padding.
Result<ByteString> from_base64url(std::string_view text);

/// Text from outside made safe for a terminal and for one line: every byte that is not part of valid UTF-8, and every control or
/// direction-changing character, becomes `\xNN` or `\u{NNNN}`; a backslash is doubled.
std::string printable(std::string_view text);

/// Cuts what is longer than `limit` bytes (as long as suits a sentence: a name may be as long as a certificate) before a character's first
/// byte, and puts an ellipsis in its place.
void clip(std::string& text, std::size_t limit = 200);

/// True when `text` is well-formed UTF-8 (no surrogates, nothing over U+10FFFF, shortest form).
bool is_utf8(std::string_view text);

/// An ASCII letter or digit, whatever the locale.
constexpr bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// ASCII letters in lower case, every other byte as it is.
std::string ascii_lower(std::string_view text);

/// Compares ignoring the case of ASCII letters only, as DNS does (RFC 4343 section 3).
bool equal_ignoring_ascii_case(std::string_view a, std::string_view b);

/// The pieces between `separator`; always at least one, empty ones kept. They borrow from `text`.
std::vector<std::string_view> split(std::string_view text, char separator);

/// `text` without blanks, tabs, CR and LF at both ends; borrows.
std::string_view trim(std::string_view text);

/// A path without slashes at its end; the root keeps its own.
std::string without_end_slashes(std::string path);

/// The pieces with `separator` between them.
std::string join(const std::vector<std::string>& pieces, std::string_view separator);

/// `1 client`, `2 clients`: a number with its noun, whose plural ends in s.
std::string counted(std::size_t number, std::string_view noun);

/// The number of steps (insert, delete, change or swap one character) between two names, for "did you mean"; stops counting at `limit`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

}  // namespace truename
