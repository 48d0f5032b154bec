#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "explain/codes.h"
#include "explain/text_index.h"
#include "finding/failure.h"

namespace truename::explain {

/// What an error text or a code says, in plain words.
struct Meaning {
    std::string id;                   ///< named like a finding: `name.mismatch`
    std::string side;                 ///< whose it is to act: `server`, `user`, `network`, `authority`; empty where that is open
    bool general = false;             ///< the text names no reason: there is a better line in the same dialog or log
    std::string says;                 ///< what the text states
    std::string says_not;             ///< what it does not state, though it is often read so
    std::vector<std::string> causes;  ///< likeliest first
    std::vector<std::string> next;    ///< what to do, in order
};

/// What was found in a question: codes in the order of the question, texts best first.
struct Answer {
    std::vector<CodeMatch> codes;
    std::vector<TextMatch> texts;             ///< borrowed from the Library
    std::vector<CodeSuggestion> suggestions;  ///< codes that may have been meant
};

/// The largest question that is read; what stands behind it is not looked at.
inline constexpr std::size_t kLongestQuestion = 32U << 10;

/// Everything that is known of error texts and codes (data/errors/).
class Library {
  public:
    /// The data compiled into the program, or that of `folder`/errors when a folder is named. Fails with `local` for a file that cannot be
    /// read and with `input` for one that is wrong; names file and line.
    [[nodiscard]] static Result<Library, Failure> load(std::string_view folder = {});

    /// What the question may be: a code, an error text, a piece of one, a whole dialog or some lines of a log. Nothing is guessed: a
    /// question that fits no text well enough has no answer.
    [[nodiscard]] Answer ask(std::string_view question) const;

    /// The meaning with that id; null when there is none.
    [[nodiscard]] const Meaning* meaning(std::string_view id) const;

    /// The name of a family of programs for people; the id itself when it has none.
    [[nodiscard]] std::string_view family_name(std::string_view id) const;

  private:
    struct Family {
        std::string id, name;
    };
    Library(TextIndex index, CodeTable codes) : index_(std::move(index)), codes_(std::move(codes)) {}

    /// Reads meanings.toml; in toml_in.cpp, the only file here that sees toml++.
    [[nodiscard]] Result<void, Failure> read_meanings(std::string_view toml, std::string_view file_name);

    TextIndex index_;
    CodeTable codes_;
    std::vector<Meaning> meanings_;
    std::vector<Family> families_;
};

}  // namespace truename::explain
