#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "explain/words.h"

/// An index (data/errors/texts.idx; docs/errors-format.md) of up to 100 texts, each of a meaning of its own.
class IndexWriter {
  public:
    explicit IndexWriter(const std::vector<std::string>& texts) {
        for (std::size_t i = 0; i < texts.size(); ++i) add(texts[i], i);
        for (const char c : std::string_view("TNEX\x01")) byte(static_cast<unsigned char>(c));
        byte(texts.size());
        for (std::size_t i = 0; i < texts.size(); ++i) word(std::to_string(i));
        for (const char* const name : {"family", "language"}) {
            byte(1);
            word(name);
        }
        number(texts.size(), 2);
        for (std::size_t i = 0; i < texts.size(); ++i) number(i, 3);  // its meaning, the only family, the only language
        variable(letters_.size());
        char32_t before = 0;
        for (const char32_t letter : letters_) {
            variable(letter - before);
            before = letter;
        }
        number(words_.size(), 4);
        for (const auto& [hash, holding] : words_) number(hash, 4);
        for (const auto& [hash, holding] : words_) {
            variable(holding.size());
            std::size_t last = 0;
            for (const std::size_t text : holding) {
                variable(text - last);
                last = text;
            }
        }
    }

    [[nodiscard]] truename::ByteString take() { return std::move(bytes_); }

  private:
    void add(const std::string& text, std::size_t number) {
        for (const std::u32string& word : truename::explain::words_of(truename::explain::decode(text))) {
            letters_.insert(word.begin(), word.end());
            for (const std::u32string& feature : truename::explain::features_of(word))
                words_[truename::explain::hash_of(feature)].insert(number);
        }
    }

    void byte(std::size_t value) { bytes_.push_back(static_cast<std::uint8_t>(value)); }
    void number(std::size_t value, unsigned size) {
        for (unsigned i = 0; i < size; ++i) byte(value >> (8 * i) & 0xFF);
    }
    void variable(std::size_t value) {
        for (; value >= 128; value >>= 7) byte((value & 127) | 128);
        byte(value);
    }
    void word(std::string_view text) {
        byte(text.size());
        for (const char c : text) byte(static_cast<unsigned char>(c));
    }

    std::set<char32_t> letters_;
    std::map<std::uint32_t, std::set<std::size_t>> words_;
    truename::ByteString bytes_;
};
