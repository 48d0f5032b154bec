#include "servers/postfix_edit.h"

#include <algorithm>
#include <optional>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "servers/config_text.h"
#include "servers/postfix_line.h"
#include "servers/postfix_service.h"

namespace truename::servers {
namespace {

Unexpected<Failure> cannot(std::string_view name, std::string object, std::string reason, std::string next) {
    return {Failure{FailureKind::input, "setting " + printable(name), std::move(object), std::move(reason), std::move(next)}};
}

bool is_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) { return is_alphanumeric(c) || c == '_' || c == '-' || c == '.'; });
}

bool is_value(std::string_view value) {
    return std::ranges::none_of(value, is_control) && trim(value) == value;
}

/// Reads an edited file again.
template <class Config>
Result<Config, Failure> read_again(Result<Config, Failure> (*read)(const std::string&, const ConfigFiles&), const FileEdit& edit) {
    const auto nothing = [](const std::string&) -> Result<std::optional<std::string>, Failure> { return std::optional<std::string>(); };
    return read(edit.file, with_edits({nothing, {}}, {edit}));
}

/// Everything in main.cf but what is assigned to `name`.
std::vector<std::string> others(const PostfixMain& main, std::string_view name) {
    std::vector<std::string> result;
    for (const PostfixParameter& parameter : main.parameters) {
        if (parameter.name != name) result.push_back(parameter.name + '=' + parameter.value);
    }
    return result;
}

/// Everything in master.cf but the overrides of `name` in the service that begins at `begin`.
std::vector<std::string> others(const PostfixMaster& master, std::size_t begin, std::string_view name) {
    std::vector<std::string> result;
    for (const PostfixService& service : master.services) {
        result.push_back(service.name + '/' + service.type + ' ' + service.command + ' ' + join(service.arguments, " "));
        for (const PostfixOverride& override : service.overrides) {
            if (service.begin != begin || override.name != name) result.push_back(override.name + '=' + override.value);
        }
    }
    return result;
}

/// A service of master.cf with the places of its options.
struct Place {
    PostfixLine line;
    PostfixEntry entry;
};

Result<Place, Failure> place_of(const PostfixMaster& master, std::string_view service, std::string_view type, std::string_view name) {
    const PostfixService* found = find_service(master, service, type);
    if (found == nullptr)
        return cannot(name, master.path, "there is no service " + printable(service) + "/" + printable(type),
                      "postconf -M lists the services.");
    Place place{read_postfix_line(master.text, found->begin), {}};
    place.entry = read_postfix_entry(place.line.text);
    return place;
}

/// The edit, when read again `name` is `value` (nothing: is not overridden) in the service at `begin` and all else as before.
Result<FileEdit, Failure> checked(const PostfixMaster& master, const Place& place, std::string_view name,
                                  std::optional<std::string_view> value, const std::vector<Change>& changes) {
    FileEdit edit{master.path, master.text, with_changes(master.text, changes)};
    const auto after = read_again(read_postfix_master, edit);
    const std::size_t begin = place.line.begin;
    const bool is_same = after && others(master, begin, name) == others(*after, begin, name);
    const PostfixService* service = is_same ? find_service(*after, place.entry.name, place.entry.type) : nullptr;
    const PostfixOverride* found = service == nullptr ? nullptr : find_override(*service, name);
    const bool is_right = service != nullptr && (found != nullptr) == value.has_value() && (found == nullptr || found->value == *value);
    if (is_right) return edit;
    return cannot(name, master.path, "no small change of the configuration has just this effect", "Change it by hand.");
}

/// A new option behind the last, on a line of its own where the line ends there.
Change added(const PostfixMaster& master, const Place& place, const std::string& argument) {
    const std::size_t end = place.entry.options_end;
    const Piece piece = locate(place.line.pieces, end, end).front();
    const std::size_t newline = master.text.rfind('\n', piece.begin);
    const TextLine line = line_at(master.text, newline == std::string::npos ? 0 : newline + 1);
    if (!trim(std::string_view(master.text).substr(piece.begin, line.end - piece.begin)).empty())
        return {piece.begin, 0, " -o " + argument};
    const std::string indentation = indentation_of(master.text, line.begin);
    return insert_lines(master.text, line.next, {(indentation.empty() ? "  " : indentation) + "-o " + argument});
}

}  // namespace

Result<FileEdit, Failure> set_postfix_parameter(const PostfixMain& main, std::string_view name, std::string_view value) {
    if (!is_name(name) || !is_value(value))
        return cannot(name, main.path, "main.cf has no form for " + printable(value), "Choose another name for the file.");
    const std::string assignment = std::string(name) + (value.empty() ? " =" : " = ") + std::string(value);
    std::vector<Change> changes;
    const auto hint = std::ranges::find(main.hints, name, &PostfixHint::name);
    if (const PostfixParameter* old = find_parameter(main, name)) {
        const PostfixLine line = read_postfix_line(main.text, old->begin);
        const PostfixAssignment parted = part_assignment(line.text, 0, line.text.size());
        if (old->value != value)
            changes = replace_pieces(main.text, locate(line.pieces, parted.value_begin, parted.value_end), std::string(value));
    } else {
        changes = {insert_lines(main.text, hint == main.hints.end() ? main.text.size() : hint->end, {assignment})};
    }
    FileEdit edit{main.path, main.text, with_changes(main.text, changes)};
    const auto after = read_again(read_postfix_main, edit);
    const PostfixParameter* found = after ? find_parameter(*after, name) : nullptr;
    if (found != nullptr && found->value == value && others(main, name) == others(*after, name)) return edit;
    return cannot(name, main.path, "no small change of the configuration has just this effect", "Change it by hand.");
}

Result<FileEdit, Failure> set_postfix_override(const PostfixMaster& master, std::string_view service, std::string_view type,
                                               std::string_view name, std::string_view value) {
    if (!is_name(name) || !is_value(value) || value.find_first_of("{}") != std::string_view::npos)
        return cannot(name, master.path, "master.cf has no form for " + printable(value), "Choose another name for the file.");
    const auto place = place_of(master, service, type, name);
    if (!place) return forward_error(place);
    const bool needs_braces = value.find(' ') != std::string_view::npos;
    const std::string plain = std::string(name) + "=" + std::string(value);
    const std::string argument = needs_braces ? "{ " + std::string(name) + " = " + std::string(value) + " }" : plain;
    const auto backwards = std::views::reverse(place->entry.options);
    const auto old = std::ranges::find(backwards, name, &PostfixOption::name);
    std::vector<Change> changes;
    if (old == backwards.end()) {
        changes = {added(master, *place, argument)};
    } else if (old->value != value) {
        const bool fits = old->has_braces || !needs_braces;
        const std::size_t begin = fits ? old->value_begin : old->argument, end = fits ? old->value_end : old->end;
        changes = replace_pieces(master.text, locate(place->line.pieces, begin, end), fits ? std::string(value) : argument);
        // Outside of braces a value stands right behind its sign.
        if (fits && !old->has_braces && changes.front().by != value) changes.front().by = value;
    }
    return checked(master, *place, name, value, changes);
}

Result<FileEdit, Failure> remove_postfix_override(const PostfixMaster& master, std::string_view service, std::string_view type,
                                                  std::string_view name) {
    const auto place = place_of(master, service, type, name);
    if (!place) return forward_error(place);
    std::vector<Change> changes;
    for (const PostfixOption& option : place->entry.options) {
        if (option.name != name) continue;
        for (const Piece& piece : locate(place->line.pieces, option.begin, option.end))
            changes.push_back(remove_from_line(master.text, piece.begin, piece.end));
    }
    return checked(master, *place, name, std::nullopt, changes);
}

}  // namespace truename::servers
