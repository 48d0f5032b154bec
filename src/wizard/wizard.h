#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace truename::wizard {

/// One of the answers that a page offers.
struct Choice {
    std::string value;  ///< what is kept
    std::string text;   ///< what people read
};

/// A question, as a terminal, or a web page, shows it. All texts are safe for a terminal.
struct Page {
    std::string id;                 ///< what its answer is kept under
    std::string title;              ///< the question
    std::vector<std::string> text;  ///< what one should know for it, a paragraph each
    std::vector<Choice> choices;    ///< may be none
    bool takes_text = false;        ///< something else than the choices may be answered
    std::string suggestion;         ///< what is taken when nothing is said; empty: something has to be said, unless there is a choice ""
};

/// Answers by the id of their page, in the order in which they were given.
class Answers {
  public:
    /// Empty when there is none.
    [[nodiscard]] const std::string& operator[](std::string_view id) const;
    [[nodiscard]] bool has(std::string_view id) const;
    void put(const std::string& id, std::string value);
    /// Takes away the last one and gives it; nothing when there is none.
    std::optional<std::pair<std::string, std::string>> take_last();
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const { return all_; }

  private:
    std::vector<std::pair<std::string, std::string>> all_;
};

/// One thing that is done in the end: what somebody would type who knows all of it.
struct Step {
    std::vector<std::string> command;         ///< without the program's name
    std::vector<std::string> rehearsal = {};  ///< the command that shows what it would do, and does nothing; empty: there is none
    std::vector<std::string> look = {};       ///< the command that looks again, when something was still missing; empty: there is none
    std::string then = {};                    ///< what somebody has to do once it is done, a sentence; may be empty
};

/// The questions that lead to something, and what it is. Has no state: what is asked next follows from the answers.
class Wizard {
  public:
    virtual ~Wizard() = default;
    /// The word for it in file names: `address`.
    [[nodiscard]] virtual std::string_view id() const = 0;
    /// The first page that has no answer yet; nothing when all is known.
    [[nodiscard]] virtual std::optional<Page> next(const Answers& answers) const = 0;
    /// The answer to a page as it is kept, or a sentence on what is wrong with it. `text` may be anything.
    [[nodiscard]] virtual Result<std::string, std::string> check(const Answers& answers, const Page& page, std::string_view text) const = 0;
    /// What is to be done, when nothing is left to ask.
    [[nodiscard]] virtual std::vector<Step> steps(const Answers& answers) const = 0;
};

/// Takes what somebody typed on the page that is shown, empty text for what it suggests; or gives a sentence on what is wrong with it.
Result<void, std::string> take_answer(const Wizard& wizard, Answers& answers, const Page& page, std::string_view text);

/// A wizard with its answers, which are kept in a file from page to page: whatever ends the program, it is taken up where it was left.
class Session {
  public:
    /// `file` is in a folder that is there; nothing of it is read when it holds anything but answers that the wizard still takes.
    Session(const Wizard& wizard, std::string file);

    /// Whether answers of an earlier time were found.
    [[nodiscard]] bool goes_on() const { return goes_on_; }
    /// The page to show; nothing when all is answered.
    [[nodiscard]] std::optional<Page> page() const;
    /// Takes an answer, an empty one for what the page suggests, and keeps it on the disk. Gives a sentence on what is wrong with it, or
    /// why it could not be kept.
    Result<void, std::string> answer(std::string_view text);
    /// Back to the page before, whose answer becomes its suggestion. False at the first.
    bool back();
    [[nodiscard]] const Answers& answers() const { return answers_; }
    [[nodiscard]] std::vector<Step> steps() const { return wizard_.steps(answers_); }
    /// Forgets everything.
    void forget();

  private:
    void read();
    [[nodiscard]] Result<void, std::string> keep() const;

    const Wizard& wizard_;
    std::string file_;
    Answers answers_;
    std::map<std::string, std::string> taken_back_;
    bool goes_on_ = false;
};

/// A command as somebody would type it into a shell: words with anything but letters, digits and `%+,-./:=@_` in quotes.
std::string shell_line(const std::vector<std::string>& words);

}  // namespace truename::wizard
