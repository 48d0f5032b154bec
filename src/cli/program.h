#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "cli/exit_code.h"
#include "cli/pasteable.h"

namespace truename::cli {

/// What one run of the program has: its streams, its clock, what the user wants to see. Results go to standard output and everything else
/// to standard error. All functions may be called from any thread.
class Program {
  public:
    /// Looks at the terminal and the environment (NO_COLOR, TERM, LC_ALL, LC_MESSAGES, LANG), the only place that does.
    explicit Program(const Clock& clock);

    [[nodiscard]] const Clock& clock() const { return *clock_; }

    /// Writes to standard output at once. A reader that has gone away is no error: from then on nothing is written (see reader_gone());
    /// any other error is kept for output_failure().
    void print(std::string_view text);
    /// True when whoever read our output has closed it; a command may stop working then.
    [[nodiscard]] bool reader_gone() const { return reader_gone_; }
    /// Why standard output could not be written; nothing when all went well or the reader had left.
    [[nodiscard]] std::optional<Stop> output_failure() const;

    /// A line on standard error, not shown with --quiet.
    void note(std::string_view line);
    /// A line on standard error, shown only with --verbose.
    void detail(std::string_view line);
    /// `truename: <sentence>` on standard error, always shown.
    void complain(const Stop& stop);
    /// Complains and gives the code, so that a command can `return program.stop(...)`.
    [[nodiscard]] ExitCode stop(const Stop& stop) {
        complain(stop);
        return stop.code;
    }

    /// Says what a command is busy with, for the progress line and for a Ctrl-C: `asking mail.example.com`. `total` is 0 when it is not
    /// known.
    void set_activity(std::string_view activity, std::size_t total = 0);
    /// One more of them is done.
    void advance() { ++done_; }
    /// So many of so many are done.
    void set_progress(std::size_t done, std::size_t total);
    /// Nothing is going on any more; the progress line vanishes.
    void end_activity();

    /// From now on the first Ctrl-C asks this to stop instead of ending the program: for what has to be put back. The second ends it, and
    /// says `next`: what to do about what stays half done.
    void stop_on_interrupt(std::stop_source stop, std::string next);
    /// True when somebody was asked to stop, for the first time.
    [[nodiscard]] bool request_stop();

    /// Ends the program by a signal: says `interrupted while asking mail.example.com, 12 of 100 done` and what of the output was kept
    /// (`kept`, may be empty), and nothing else is written any more. Waits only a moment for a thread that is stuck in writing.
    [[noreturn]] void interrupt(const std::string& kept);
    /// Draws the progress line anew when standard error is a terminal and a second has passed, and nobody writes just now. Called by the
    /// watching thread.
    void draw_progress();
    /// True when draw_progress() may have something to do.
    [[nodiscard]] bool shows_progress() const { return err_terminal_ && !quiet_; }

    /// Somebody sits in front of it and can answer.
    [[nodiscard]] bool is_interactive() const { return interactive_; }
    /// The folder for what this user has begun (XDG_STATE_HOME, or HOME); empty when there is none. It may have to be made.
    [[nodiscard]] const std::string& own_state_folder() const { return own_state_; }

    /// Colours on standard output are wanted: a terminal, no NO_COLOR, no --no-colour.
    [[nodiscard]] bool colours() const { return colours_; }
    /// Columns of the terminal, 100 where there is none.
    [[nodiscard]] unsigned width() const { return width_; }
    /// The language of the user as two letters, `en` unless the environment or --lang says otherwise.
    [[nodiscard]] const std::string& language() const { return language_; }
    /// The path of a credential that systemd passes to a service (CREDENTIALS_DIRECTORY); empty when there is none.
    [[nodiscard]] std::string credential(std::string_view name) const;
    [[nodiscard]] bool verbose() const { return verbose_; }
    [[nodiscard]] bool quiet() const { return quiet_; }

    /// What commands that are named in messages need, too (see pasteable()).
    void set_places(std::vector<PlaceOption> places) { places_ = std::move(places); }
    /// `text` with these in the commands that it names; messages on standard error are made so anyway.
    [[nodiscard]] std::string with_places(std::string_view text) const { return pasteable(text, places_); }

    /// What the common options say.
    void set_verbose() { verbose_ = true; }
    void set_quiet() { quiet_ = true; }
    void set_colours(bool wanted) { colours_ = wanted; }
    void set_language(std::string_view language) { language_ = language; }

  private:
    /// `interrupted while asking mail.example.com, 12 of 100 done`.
    [[nodiscard]] std::string state() const;
    void write_error(std::string_view text);  // mutex_ is held
    void clear_progress();                    // mutex_ is held

    const Clock* clock_;
    bool err_terminal_ = false;
    bool colours_ = false;
    bool verbose_ = false;
    bool quiet_ = false;
    unsigned width_ = 100;
    std::string language_ = "en";
    std::string credentials_;  // their folder
    bool interactive_ = false;
    std::string own_state_;
    std::vector<PlaceOption> places_;

    mutable std::timed_mutex mutex_;  // guards what follows, and that lines on standard error and standard output stay whole
    std::atomic<bool> reader_gone_ = false;
    int output_error_ = 0;
    std::string activity_;
    std::chrono::steady_clock::time_point activity_since_;
    bool progress_shown_ = false;
    std::size_t total_ = 0;
    std::atomic<std::size_t> done_ = 0;
    std::optional<std::stop_source> stop_;
    std::string next_;  // said when stop_ was not waited for
};

}  // namespace truename::cli
