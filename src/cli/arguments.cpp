#include "cli/arguments.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "base/text.h"

namespace truename::cli {

namespace {

/// Calls `f` with every option that the command takes, its own before the common ones, until `f` gives true.
template <class F>
const Option* find_option(const Command& command, F&& f) {
    for (const auto& options : {command.options, common_options()}) {
        const auto found = std::find_if(options.begin(), options.end(), f);
        if (found != options.end()) return &*found;
    }
    return nullptr;
}

const Option* option_named(const Command& command, std::string_view name) {
    return find_option(command, [&](const Option& option) { return option.name == name; });
}

const Option* option_lettered(const Command& command, char letter) {
    return find_option(command, [&](const Option& option) { return option.letter == letter; });
}

std::string help_hint(const Command& command) {
    return "See truename " + std::string(command.name) + " --help";
}

Stop unknown_option(const Command& command, std::string_view name, std::string_view shown) {
    std::vector<std::string_view> names;
    for (const auto& options : {command.options, common_options()}) {
        for (const Option& option : options) names.push_back(option.name);
    }
    const std::string_view near = nearest(name, names);
    return usage_stop(printable(shown), "there is no such option",
                      near.empty() ? help_hint(command) : "Did you mean --" + std::string(near) + "?");
}

/// Refuses a value outside a closed list of words.
std::optional<Stop> check_words(std::string_view list, std::string_view value, std::string shown) {
    const std::vector<std::string_view> words = split(list, ' ');
    if (std::find(words.begin(), words.end(), value) != words.end()) return std::nullopt;
    std::string choices;
    for (const std::string_view word : words) choices += (choices.empty() ? "" : ", ") + std::string(word);
    const std::string_view near = nearest(value, words);
    const std::string all = words.size() == 1 ? "There is only " + choices : "They are: " + choices;
    return usage_stop(std::move(shown), "\"" + printable(value) + "\" is none of its values",
                      near.empty() ? all : "Did you mean " + std::string(near) + "?");
}

std::optional<Stop> check_words(const Option& option, std::string_view value) {
    if (option.words.empty() || option.open_words) return std::nullopt;
    return check_words(option.words, value, "--" + std::string(option.name));
}

/// Refuses too few or too many positional arguments, and those outside the command's list of words.
std::optional<Stop> check_positionals(const Command& command, const std::vector<std::string_view>& positionals) {
    if (positionals.size() < command.least)
        return usage_stop("the command line", std::string(command.positionals) + " is missing", help_hint(command));
    if (positionals.size() > command.most)
        return usage_stop("\"" + printable(positionals[command.most]) + "\"",
                          command.most == 0 ? "this command takes no such argument" : "that is one argument too many", help_hint(command));
    if (command.offers != Offers::words) return std::nullopt;
    for (const std::string_view value : positionals) {
        if (std::optional<Stop> stop = check_words(command.words, value, std::string(command.name))) return stop;
    }
    return std::nullopt;
}

bool looks_like_option(const Command& command, std::string_view word) {
    if (word.size() < 2 || word[0] != '-') return false;
    return !(command.takes_numbers && word[1] >= '0' && word[1] <= '9');
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> names) {
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
    const std::string lower = ascii_lower(word);
    for (const std::string_view name : names) {
        const std::size_t distance = edit_distance(lower, ascii_lower(name), best_distance);
        if (distance < best_distance) {
            best = name;
            best_distance = distance;
        }
    }
    return best;
}

std::vector<std::string_view> list_items(std::string_view list) {
    std::vector<std::string_view> items;
    for (const std::string_view piece : split(list, ',')) {
        if (const std::string_view item = trim(piece); !item.empty()) items.push_back(item);
    }
    return items;
}

bool Arguments::has(std::string_view name) const {
    return get(name).has_value();
}

std::optional<std::string_view> Arguments::get(std::string_view name) const {
    assert(option_named(*command_, name) && "the command's table has no such option");
    const auto found = std::find_if(given_.rbegin(), given_.rend(), [&](const Given& given) { return given.option->name == name; });
    if (found == given_.rend()) return std::nullopt;
    return found->value;
}

std::vector<std::string> Arguments::option_words(std::initializer_list<std::string_view> but) const {
    std::vector<std::string> words;
    for (const Given& each : given_) {
        if (std::ranges::find(but, each.option->name) != but.end()) continue;
        words.push_back("--" + std::string(each.option->name));
        if (!each.option->argument.empty()) words.emplace_back(each.value);
    }
    return words;
}

std::vector<std::string_view> Arguments::all(std::string_view name) const {
    assert(option_named(*command_, name) && "the command's table has no such option");
    std::vector<std::string_view> values;
    for (const Given& given : given_) {
        if (given.option->name == name) values.push_back(given.value);
    }
    return values;
}

Result<Arguments, Stop> parse_arguments(const Command& command, std::span<const std::string_view> words) {
    Arguments arguments;
    arguments.command_ = &command;
    bool only_positionals = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        if (only_positionals || !looks_like_option(command, word)) {
            arguments.positionals_.push_back(word);
            continue;
        }
        if (word == "--") {
            only_positionals = true;
            continue;
        }
        const bool is_long = word[1] == '-';
        const std::size_t equals = is_long ? word.find('=') : std::string_view::npos;
        const std::string_view name = is_long ? word.substr(2, equals == std::string_view::npos ? equals : equals - 2) : word.substr(1, 1);
        const Option* option = is_long ? option_named(command, name) : option_lettered(command, word[1]);
        if (!option) return Unexpected{unknown_option(command, is_long ? name : word.substr(1), word)};

        const std::string shown = is_long ? "--" + std::string(name) : "-" + std::string(name);
        std::optional<std::string_view> value;
        if (equals != std::string_view::npos) value = word.substr(equals + 1);
        if (!is_long && word.size() > 2) value = word.substr(2);
        if (option->argument.empty()) {
            if (value) return Unexpected{usage_stop(shown, "it takes no value", help_hint(command))};
            value = std::string_view{};
        } else if (!value) {
            if (i + 1 == words.size())
                return Unexpected{usage_stop(shown, "its value is missing", "Write " + shown + " " + std::string(option->argument))};
            value = words[++i];
        }
        if (!option->repeatable && !option->argument.empty() && arguments.has(option->name))
            return Unexpected{usage_stop(shown, "it was given twice", "Keep one of them")};
        if (!option->argument.empty()) {
            if (std::optional<Stop> stop = check_words(*option, *value)) return Unexpected{std::move(*stop)};
        }
        arguments.given_.push_back({option, *value});
    }
    if (arguments.has("help")) return arguments;
    if (std::optional<Stop> stop = check_positionals(command, arguments.positionals_)) return Unexpected{std::move(*stop)};
    return arguments;
}

}  // namespace truename::cli
