#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace truename::explain {

/// A text that the question may be, or be a piece of.
struct TextMatch {
    std::string_view meaning, family, language;  ///< borrowed from the index
    double score = 0;                            ///< 0 to 1: the share of the shorter of question and text that was found in the other
    double weight = 0;                           ///< how much that is worth: common words count little
    double fit = 0;                              ///< 0 to 1: the share of the longer of both
    std::size_t exact = 0;                       ///< how many words of the question stand in the text just so

    /// The higher the better.
    [[nodiscard]] double order() const;
};

/// Error texts as hashed words (data/errors/texts.idx; docs/errors-format.md, "texts.idx" and "Search").
class TextIndex {
  public:
    /// Reads an index. Fails with the offset of what is wrong: another mark or version (bad_value), truncated, trailing_data. The result
    /// borrows nothing.
    [[nodiscard]] static Result<TextIndex> read(Bytes bytes);

    /// The best texts for one piece of a question, one for each meaning, best first, at most `most`. Only the first 200 words count.
    [[nodiscard]] std::vector<TextMatch> search(std::u32string_view question, std::size_t most = 8) const;

    [[nodiscard]] const std::vector<std::string>& meanings() const { return meanings_; }
    [[nodiscard]] const std::vector<std::string>& families() const { return families_; }

  private:
    struct Text {
        std::uint8_t meaning = 0, family = 0, language = 0;
        double total = 0;  // of its words' weights
    };
    struct Word {
        std::uint32_t hash = 0;
        std::uint32_t first = 0, count = 0;  // its texts in postings_
        double weight = 0;
    };
    class Reader;

    [[nodiscard]] const Word* find(std::uint32_t hash) const;
    /// Known words one slip away from an unknown one.
    [[nodiscard]] std::vector<const Word*> near(std::u32string_view word) const;

    std::vector<std::string> meanings_, families_, languages_;
    std::vector<Text> texts_;
    std::vector<Word> words_;  // by hash
    std::vector<std::uint16_t> postings_;
    std::map<std::uint32_t, std::u32string> letters_;  // by script
    double rarest_ = 0;
};

}  // namespace truename::explain
