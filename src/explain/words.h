#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace truename::explain {

// How texts are cut into hashed words: the rules of docs/errors-format.md, "Words". script/errors/texts.py is the twin, and a test
// compares both.

/// UTF-8 as code points; every byte that is not UTF-8 becomes U+FFFD.
[[nodiscard]] std::u32string decode(std::string_view text);

/// White space between words: of ASCII and of Unicode.
[[nodiscard]] bool is_space(char32_t c);

/// Scripts that are written without blanks between words: Kana, Han, Thai.
[[nodiscard]] bool is_unspaced(char32_t c);

/// The words of a text in their order, in small letters; placeholders, names, addresses, numbers and dates are left out.
[[nodiscard]] std::vector<std::u32string> words_of(std::u32string_view text);

/// What a word is looked up by: itself, or each pair of neighbouring characters in a script without blanks.
[[nodiscard]] std::vector<std::u32string> features_of(std::u32string_view word);

/// FNV-1a, 32 bits, over the UTF-8 of `word`.
[[nodiscard]] std::uint32_t hash_of(std::u32string_view word);

/// Which letters may stand in for each other when a word has a slip: Latin is one group, else the block of 256.
[[nodiscard]] std::uint32_t script_of(char32_t c);

}  // namespace truename::explain
