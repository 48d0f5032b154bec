#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "finding/failure.h"

namespace truename::explain {

/// A code that stands in a question, and what it means to one family of programs.
struct CodeMatch {
    std::string code;                    ///< as it was written in the question
    std::vector<std::string> spellings;  ///< under which it is known
    std::string family, meaning, source, confidence;
};

/// A word of a question that is no known code, and the codes that are one slip away from it.
struct CodeSuggestion {
    std::string written;
    std::vector<std::string> spellings;  ///< sorted; at most five
};

/// The table of codes and symbols (data/errors/codes.tsv; docs/errors-format.md, "Codes").
class CodeTable {
  public:
    /// Reads the table. Fails with `input` for a row that has not five columns, and names the line.
    [[nodiscard]] static Result<CodeTable, Failure> read(std::string_view text);

    /// The codes that stand in `question`, in their order, whatever stands around them. The work grows with its length only.
    [[nodiscard]] std::vector<CodeMatch> find(std::string_view question) const;

    /// For words of `question` that look like codes and are none (at most eight): the known codes with one character changed, left out, put
    /// in or exchanged with the next.
    [[nodiscard]] std::vector<CodeSuggestion> suggest(std::string_view question) const;

  private:
    void add(std::string_view spelling, std::string_view written, std::vector<CodeMatch>& found) const;
    [[nodiscard]] bool is_known(const std::string& small) const;

    std::vector<CodeMatch> rows_;                               // `code` is empty
    std::multimap<std::string, std::size_t> rows_by_spelling_;  // in small letters
};

}  // namespace truename::explain
