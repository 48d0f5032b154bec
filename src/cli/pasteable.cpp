#include "cli/pasteable.h"

#include <algorithm>

#include "cli/arguments.h"
#include "cli/command.h"
#include "wizard/wizard.h"

namespace truename::cli {

namespace {

/// The word at the beginning of `text`: lower-case letters.
std::string_view first_word(std::string_view text) {
    std::size_t size = 0;
    while (size < text.size() && text[size] >= 'a' && text[size] <= 'z') ++size;
    return text.substr(0, size);
}

bool takes(const Command& command, std::string_view option) {
    return std::ranges::find(command.options, option, &Option::name) != command.options.end();
}

}  // namespace

std::vector<PlaceOption> places_of(const Arguments& arguments) {
    std::vector<PlaceOption> places;
    const auto add = [&](std::string family, const std::string& option) {
        if (!takes(arguments.command(), option)) return;
        if (const auto folder = arguments.get(option))
            places.push_back({std::move(family), option, wizard::shell_line({"--" + option, std::string(*folder)})});
    };
    const std::string_view name = arguments.command().name;
    add("certificate", "state");
    add(name.starts_with("keys") || name.starts_with("mail") ? "keys" : "ca", "store");
    return places;
}

std::string pasteable(std::string_view text, const std::vector<PlaceOption>& options) {
    constexpr std::string_view kProgram = "truename ";
    std::string result;
    for (std::size_t at = options.empty() ? std::string_view::npos : text.find(kProgram); at != std::string_view::npos;
         at = text.find(kProgram)) {
        const std::string_view behind = text.substr(at + kProgram.size());
        const std::string_view family = first_word(behind);
        const std::string_view word = behind.size() > family.size() ? first_word(behind.substr(family.size() + 1)) : std::string_view();
        const std::string_view words[] = {family, word};
        const FoundCommand found = word.empty() ? FoundCommand{} : find_command(words);
        const bool is_command = found.command != nullptr && found.words == 2;
        const std::size_t end = at + kProgram.size() + (is_command ? family.size() + 1 + word.size() : 0);
        result += text.substr(0, end);
        text.remove_prefix(end);
        for (const PlaceOption& option : options) {
            const bool is_there = text.starts_with(" " + option.words);
            if (is_command && option.family == family && takes(*found.command, option.option) && !is_there) result += " " + option.words;
        }
    }
    return result += text;
}

}  // namespace truename::cli
