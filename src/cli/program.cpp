#include "cli/program.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/text.h"

namespace truename::cli {

namespace {

/// The language of LC_ALL, LC_MESSAGES or LANG, the first that is set, as two letters; `en` for C, POSIX and none.
std::string language_of_environment() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* value = std::getenv(name);
        if (!value || !*value) continue;
        const std::string language = ascii_lower(std::string_view(value).substr(0, 2));
        const bool plain =
            language.size() == 2 && std::all_of(language.begin(), language.end(), [](char c) { return c >= 'a' && c <= 'z'; });
        const bool is_word = std::strlen(value) > 2 && value[2] != '_' && value[2] != '.' && value[2] != '@';
        return plain && !is_word ? language : "en";
    }
    return "en";
}

bool is_set(const char* name) {
    const char* value = std::getenv(name);
    return value && *value;
}

bool is_dumb_terminal() {
    const char* term = std::getenv("TERM");
    return term && std::string_view(term) == "dumb";
}

}  // namespace

Program::Program(const Clock& clock) : clock_(&clock) {
    err_terminal_ = ::isatty(STDERR_FILENO) == 1 && !is_dumb_terminal();
    colours_ = ::isatty(STDOUT_FILENO) == 1 && !is_set("NO_COLOR") && !is_dumb_terminal();
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) width_ = size.ws_col;
    language_ = language_of_environment();
    if (const char* folder = std::getenv("CREDENTIALS_DIRECTORY")) credentials_ = folder;
    interactive_ = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
    const char *const state = std::getenv("XDG_STATE_HOME"), *const home = std::getenv("HOME");
    if (state != nullptr && *state != '\0')
        own_state_ = std::string(state) + "/truename";
    else if (home != nullptr && *home != '\0')
        own_state_ = std::string(home) + "/.local/state/truename";
}

std::string Program::credential(std::string_view name) const {
    const std::string path = credentials_ + "/" + std::string(name);
    return !credentials_.empty() && ::access(path.c_str(), R_OK) == 0 ? path : "";
}

void Program::print(std::string_view text) {
    const std::lock_guard lock(mutex_);
    if (progress_shown_) clear_progress();
    while (!text.empty() && !reader_gone_ && output_error_ == 0) {
        const ssize_t n = ::write(STDOUT_FILENO, text.data(), text.size());
        if (n >= 0)
            text.remove_prefix(static_cast<std::size_t>(n));
        else if (errno == EPIPE)
            reader_gone_ = true;
        else if (errno != EINTR)
            output_error_ = errno;
    }
}

std::optional<Stop> Program::output_failure() const {
    const std::lock_guard lock(mutex_);
    if (output_error_ == 0) return std::nullopt;
    return Stop{ExitCode::no_write, {FailureKind::local, "writing", "standard output", std::strerror(output_error_), ""}};
}

void Program::write_error(std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = ::write(STDERR_FILENO, text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return;  // nobody is left to be told
        text.remove_prefix(static_cast<std::size_t>(n));
    }
}

void Program::clear_progress() {
    write_error("\r\033[K");
    progress_shown_ = false;
}

void Program::note(std::string_view line) {
    if (quiet_) return;
    const std::lock_guard lock(mutex_);
    if (progress_shown_) clear_progress();
    write_error(with_places(line) + '\n');
}

void Program::detail(std::string_view line) {
    if (verbose_) note(line);
}

void Program::complain(const Stop& stop) {
    const std::lock_guard lock(mutex_);
    if (progress_shown_) clear_progress();
    write_error(with_places("truename: " + to_sentence(stop.failure) + '\n'));
}

void Program::set_activity(std::string_view activity, std::size_t total) {
    const std::lock_guard lock(mutex_);
    activity_ = activity;
    total_ = total;
    done_ = 0;
    activity_since_ = clock_->ticks();
}

void Program::set_progress(std::size_t done, std::size_t total) {
    const std::lock_guard lock(mutex_);
    done_ = done;
    total_ = total;
}

void Program::end_activity() {
    const std::lock_guard lock(mutex_);
    activity_.clear();
    if (progress_shown_) clear_progress();
}

std::string Program::state() const {
    if (activity_.empty()) return "interrupted";
    std::string text = "interrupted while " + activity_;
    if (total_ != 0)
        text += ", " + std::to_string(done_) + " of " + std::to_string(total_) + " done";
    else if (done_ != 0)
        text += ", " + std::to_string(done_) + " done";
    return text;
}

void Program::stop_on_interrupt(std::stop_source stop, std::string next) {
    const std::lock_guard lock(mutex_);
    stop_ = std::move(stop);
    next_ = std::move(next);
}

bool Program::request_stop() {
    const std::lock_guard lock(mutex_);
    return stop_ && stop_->request_stop();
}

void Program::interrupt(const std::string& kept) {
    // The lock is kept to the end: a command that wakes because its input ended by the same Ctrl-C has nothing more to say.
    constexpr std::chrono::milliseconds kPatience(200);
    const std::unique_lock lock(mutex_, kPatience);
    if (progress_shown_) clear_progress();
    const Failure failure{FailureKind::local, state(), "", kept.empty() ? "" : "what was written so far is in " + kept, next_};
    write_error(with_places("truename: " + to_sentence(failure) + '\n'));
    ::_exit(static_cast<int>(ExitCode::interrupted));
}

void Program::draw_progress() {
    constexpr std::size_t kBar = 20;
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock || activity_.empty()) return;
    const auto elapsed = std::chrono::duration_cast<std::chrono::seconds>(clock_->ticks() - activity_since_).count();
    if (elapsed < 1) return;
    std::string line;
    if (total_ != 0) {
        const std::size_t filled = std::min(kBar, done_ * kBar / total_);
        line += '[' + std::string(filled, '#') + std::string(kBar - filled, '.') + "] " + std::to_string(done_) + " of " +
                std::to_string(total_) + "  ";
    } else if (done_ != 0) {
        line += std::to_string(done_) + " done  ";
    }
    line += activity_ + "  " + std::to_string(elapsed) + " s";
    write_error("\r\033[K" + line.substr(0, width_ - 1));
    progress_shown_ = true;
}

}  // namespace truename::cli
