#include "cli/wizard_terminal.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/replace_file.h"
#include "base/text.h"
#include "cli/program.h"
#include "cli/run.h"
#include "cli/wrap.h"
#include "wizard/page_json.h"

namespace truename::cli {

namespace {

constexpr std::size_t kLongestLine = 4096;

/// A line that somebody types; nothing when the terminal has gone or is at its end (Ctrl-D).
std::optional<std::string> read_line() {
    std::string line;
    for (;;) {
        char c = 0;
        const ssize_t n = ::read(STDIN_FILENO, &c, 1);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return std::nullopt;
        if (c == '\n') return line;
        if (line.size() < kLongestLine) line += c;
    }
}

/// How a wizard is left.
enum class Leaving { done, quit, gone };

/// The pages of one wizard in a terminal.
class Terminal {
  public:
    Terminal(wizard::Session& session, Program& program) : session_(session), program_(program) {}

    /// Until all is answered.
    Leaving ask_all() {
        while (const auto page = session_.page()) {
            show(*page);
            const auto line = prompt();
            if (!line) return Leaving::gone;
            if (*line == "q") return Leaving::quit;
            if (*line == "<") {
                if (!session_.back()) program_.print("This is the first page.\n");
            } else if (const auto taken = session_.answer(*line); !taken) {
                program_.print(taken.error() + "\n");
            }
        }
        return Leaving::done;
    }

    /// Shows what would be done; `done` when it shall be, nothing when somebody goes back.
    std::optional<Leaving> confirm() {
        heading("This is what will be done");
        bool is_good = true;
        for (const wizard::Step& step : session_.steps()) {
            show_command(step.command);
            if (!step.rehearsal.empty()) is_good = run_words(step.rehearsal) == ExitCode::silent && is_good;
        }
        paragraph(is_good ? "Enter does it; < goes back; q ends, and keeps the answers."
                          : "It would not go well. < goes back; q ends, and keeps the answers; yes does it all the same.");
        for (;;) {
            const auto line = prompt();
            if (!line) return Leaving::gone;
            if (*line == "q") return Leaving::quit;
            if (*line == "<") {
                session_.back();
                return std::nullopt;
            }
            if (*line == "yes" || (line->empty() && is_good)) return Leaving::done;
            program_.print(is_good ? "Enter, < or q.\n" : "<, q or yes.\n");
        }
    }

    /// Does it, one after the other, until something fails. `is_left`: somebody has ended it before all of it was there.
    ExitCode carry_out(bool& is_left) {
        ExitCode code = ExitCode::silent;
        for (const wizard::Step& step : session_.steps()) {
            show_command(step.command);
            code = graver(code, run_words(step.command));
            if (code > ExitCode::not_judged) return code;
            if (code == ExitCode::silent && !step.then.empty()) paragraph(step.then);
            while (code != ExitCode::silent && !step.look.empty()) {
                paragraph("When what is missing was made, Enter looks again; q ends.");
                const auto line = prompt();
                is_left = !line || *line == "q";
                if (is_left) break;
                code = run_words(step.look);
            }
        }
        return code;
    }

    void paragraph(const std::string& text) {
        std::string out;
        append_wrapped(out, text, 0, 0, program_.width());
        program_.print(out);
    }

  private:
    void heading(const std::string& text) {
        program_.print(program_.colours() ? "\n\x1b[1m" + text + "\x1b[0m\n\n" : "\n" + text + "\n\n");
    }

    void show(const wizard::Page& page) {
        heading(page.title);
        for (const std::string& text : page.text) paragraph(text);
        for (std::size_t i = 0; i < page.choices.size(); ++i) {
            const bool is_suggested = page.choices[i].value == page.suggestion;
            program_.print((is_suggested ? "  * " : "    ") + std::to_string(i + 1) + "  " + page.choices[i].text + "\n");
        }
        const bool is_choice = std::ranges::find(page.choices, page.suggestion, &wizard::Choice::value) != page.choices.end();
        std::string help = page.suggestion.empty() ? ""
                           : is_choice             ? "Enter takes the one with the star; "
                                                   : "Enter takes " + printable(page.suggestion) + "; ";
        if (page.takes_text && !page.choices.empty()) help += "or type another answer; ";
        program_.print("\n" + help + (session_.answers().all().empty() ? "" : "< goes back; ") + "q ends, and keeps the answers.\n");
    }

    std::optional<std::string> prompt() {
        program_.print("> ");
        const auto line = read_line();
        if (!line) program_.print("\n");
        return line ? std::optional(std::string(trim(*line))) : std::nullopt;
    }

    void show_command(std::vector<std::string> command) {
        command.insert(command.begin(), "truename");
        program_.print("$ " + wizard::shell_line(command) + "\n");
    }

    ExitCode run_words(const std::vector<std::string>& words) {
        const std::vector<std::string_view> views(words.begin(), words.end());
        return run(views, program_);
    }

    wizard::Session& session_;
    Program& program_;
};

}  // namespace

ExitCode print_page(const wizard::Wizard& wizard, const Arguments& arguments, Program& program) {
    std::vector<std::pair<std::string, std::string>> given;
    for (const std::string_view answer : arguments.all("answer")) {
        const std::size_t equals = answer.find('=');
        if (equals == std::string_view::npos)
            return program.stop(
                usage_stop("--answer", "\"" + printable(answer) + "\" has no =", "Name the page: --answer domain=example.com"));
        given.emplace_back(answer.substr(0, equals), answer.substr(equals + 1));
    }
    const wizard::AskedPage asked = wizard::page_after(wizard, given);
    program.print(wizard::to_json(asked));
    return asked.wrong.empty() ? ExitCode::silent : ExitCode::usage;
}

ExitCode run_wizard(const wizard::Wizard& wizard, Program& program) {
    const std::string& folder = program.own_state_folder();
    if (folder.empty())
        return program.stop({ExitCode::no_write, {FailureKind::local, "keeping", "the answers", "there is no home folder", "Set HOME"}});
    if (const auto made = own_folder(folder); !made)
        return program.stop({ExitCode::no_write, {FailureKind::local, "keeping the answers in", printable(folder), made.error(), ""}});
    wizard::Session session(wizard, folder + "/wizard-" + std::string(wizard.id()));
    Terminal terminal(session, program);
    if (session.goes_on()) terminal.paragraph("You go on where you were; < goes back.");
    std::optional<Leaving> leaving;
    while (!leaving) {
        const Leaving asked = terminal.ask_all();
        leaving = asked == Leaving::done ? terminal.confirm() : asked;
    }
    if (*leaving != Leaving::done) {
        program.note("The answers are kept: truename " + std::string(wizard.id()) + " goes on here.");
        return *leaving == Leaving::quit ? ExitCode::silent : ExitCode::interrupted;
    }
    bool is_left = false;
    const ExitCode code = terminal.carry_out(is_left);
    if (code <= ExitCode::not_judged && !is_left)
        session.forget();
    else
        program.note("The answers are kept: truename " + std::string(wizard.id()) + " shows them again.");
    return code;
}

}  // namespace truename::cli
