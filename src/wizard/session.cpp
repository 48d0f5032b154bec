#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "base/read_file.h"
#include "base/replace_file.h"
#include "base/text.h"
#include "wizard/wizard.h"

namespace truename::wizard {

namespace {

/// The first line of the file, so that nothing else is taken for answers.
std::string first_line(const Wizard& wizard) {
    return "truename wizard " + std::string(wizard.id()) + " 1";
}

constexpr std::size_t kMostAnswers = 100;

}  // namespace

const std::string& Answers::operator[](std::string_view id) const {
    static const std::string kNone;
    const auto found = std::ranges::find(all_, id, &std::pair<std::string, std::string>::first);
    return found == all_.end() ? kNone : found->second;
}

bool Answers::has(std::string_view id) const {
    return std::ranges::find(all_, id, &std::pair<std::string, std::string>::first) != all_.end();
}

void Answers::put(const std::string& id, std::string value) {
    all_.emplace_back(id, std::move(value));
}

std::optional<std::pair<std::string, std::string>> Answers::take_last() {
    if (all_.empty()) return std::nullopt;
    auto last = std::move(all_.back());
    all_.pop_back();
    return last;
}

Result<void, std::string> take_answer(const Wizard& wizard, Answers& answers, const Page& page, std::string_view text) {
    const std::string_view given = trim(text).empty() ? std::string_view(page.suggestion) : trim(text);
    if (given.find_first_of(std::string_view("\n\r\0", 3)) != std::string_view::npos) return Unexpected{std::string("One line is wanted.")};
    auto value = wizard.check(answers, page, given);
    if (!value) return Unexpected{value.error()};
    answers.put(page.id, std::move(*value));
    return {};
}

Session::Session(const Wizard& wizard, std::string file) : wizard_(wizard), file_(std::move(file)) {
    read();
    goes_on_ = !answers_.all().empty() || !taken_back_.empty();
}

/// Answers are checked as if they were given now: the world may have changed.
void Session::read() {
    const auto text = read_own_file(file_);
    if (!text) return;
    const auto lines = split(*text, '\n');
    if (lines.front() != first_line(wizard_)) return;
    for (std::size_t i = 1; i < std::min(lines.size(), kMostAnswers); ++i) {
        const std::size_t blank = lines[i].find(' ');
        if (lines[i].starts_with('<') && blank != std::string_view::npos) {
            taken_back_.insert_or_assign(std::string(lines[i].substr(1, blank - 1)), std::string(lines[i].substr(blank + 1)));
            continue;
        }
        const auto page = wizard_.next(answers_);
        if (!page || blank == std::string_view::npos || lines[i].substr(0, blank) != page->id) return;
        auto value = wizard_.check(answers_, *page, lines[i].substr(blank + 1));
        if (!value) return;
        answers_.put(page->id, std::move(*value));
    }
}

Result<void, std::string> Session::keep() const {
    std::string text = first_line(wizard_) + "\n";
    for (const auto& [id, value] : answers_.all()) text += id + " " + value + "\n";
    for (const auto& [id, value] : taken_back_) text += "<" + id + " " + value + "\n";
    const auto written = replace_file(file_, text, Readers::owner);
    if (!written) return Unexpected{"The answers cannot be kept in " + printable(file_) + ": " + std::strerror(written.error()) + "."};
    return {};
}

std::optional<Page> Session::page() const {
    auto page = wizard_.next(answers_);
    if (!page) return page;
    if (const auto before = taken_back_.find(page->id); before != taken_back_.end()) page->suggestion = before->second;
    return page;
}

Result<void, std::string> Session::answer(std::string_view text) {
    const auto shown = page();
    if (!shown) return {};
    if (auto taken = take_answer(wizard_, answers_, *shown, text); !taken) return taken;
    return keep();
}

bool Session::back() {
    auto last = answers_.take_last();
    if (!last) return false;
    taken_back_.insert_or_assign(last->first, last->second);
    (void)keep();  // what is too much there is asked again
    return true;
}

void Session::forget() {
    answers_ = {};
    taken_back_.clear();
    ::unlink(file_.c_str());
}

std::string shell_line(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) {
        const bool is_plain = !word.empty() && std::ranges::all_of(word, [](char c) {
            return is_alphanumeric(c) || std::string_view("%+,-./:=@_").find(c) != std::string_view::npos;
        });
        line += line.empty() ? "" : " ";
        if (is_plain) {
            line += word;
            continue;
        }
        line += '\'';
        for (const char c : word) line += c == '\'' ? "'\\''" : std::string(1, c);
        line += '\'';
    }
    return line;
}

}  // namespace truename::wizard
