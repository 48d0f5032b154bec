#include "clients/table_reader.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"

namespace truename::clients {

namespace {

// "first-dns, any-dns or nothing"
std::string list_of(const std::vector<std::string_view>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i != 0) text += i + 1 == words.size() ? " or " : ", ";
        text += words[i];
    }
    return text;
}

// The nearest of `words`, when one is near enough to be meant.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& words) {
    std::string_view best;
    std::size_t least = 3;
    for (const std::string_view candidate : words) {
        const std::size_t steps = edit_distance(word, candidate, least);
        if (steps < least) {
            least = steps;
            best = candidate;
        }
    }
    return best;
}

// The name of a table in another: `[texts]` and `title` give `[texts.title]`.
std::string name_within(const std::string& outer, std::string_view key, bool array) {
    const std::size_t begin = outer.find_first_not_of('[');
    const bool nested = begin != 0 && begin != std::string::npos;
    const std::string path = (nested ? outer.substr(begin, outer.find(']') - begin) + "." : std::string()) + printable(key);
    return array ? "[[" + path + "]]" : "[" + path + "]";
}

}  // namespace

void Problems::add(std::string_view file, Place place, std::string reason) {
    DataProblem problem{std::string(file), place.line, place.column, std::move(reason)};
    if (std::find(problems_.begin(), problems_.end(), problem) == problems_.end()) problems_.push_back(std::move(problem));
}

std::vector<DataProblem> Problems::take() {
    std::stable_sort(problems_.begin(), problems_.end(), [](const DataProblem& a, const DataProblem& b) {
        return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
    });
    return std::move(problems_);
}

std::string_view Strings::keep(std::string_view text) {
    const auto found = strings_.find(text);
    return found != strings_.end() ? std::string_view(*found) : std::string_view(*strings_.emplace(text).first);
}

const TomlValue* TableReader::find(std::string_view key) {
    if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
    return table_->find(key);
}

bool TableReader::expect(const TomlValue& value, std::string_view key, TomlValue::Kind kind, std::string_view what) {
    if (value.kind == kind) return true;
    problem(value.place, std::string(key) + " of " + where_ + " must be " + std::string(what));
    return false;
}

void TableReader::wrong_word(const TomlValue& value, std::string_view key, const std::vector<std::string_view>& allowed) {
    problem(value.place, "\"" + printable(value.text) + "\"" + " is no value of " + std::string(key) + " in " + where_ + "; it can be " +
                             list_of(allowed));
}

std::optional<Time> TableReader::date(std::string_view key) {
    const std::string_view written = text(key, false);
    if (written.empty()) return {};
    const Result<Time> time = parse_time(written);
    if (time) return *time;
    problem(find(key)->place, std::string(key) + " must be a date, as 2018-10-16");
    return {};
}

std::string_view TableReader::text(std::string_view key, bool required) {
    const TomlValue* value = find(key);
    if (!value) {
        if (required) problem(place(), where_ + " has no " + std::string(key));
        return {};
    }
    if (!expect(*value, key, TomlValue::Kind::text, "a text")) return {};
    if (value->text.empty()) {
        problem(value->place, std::string(key) + " of " + where_ + " is empty");
        return {};
    }
    return keep(value->text);
}

std::optional<bool> TableReader::flag(std::string_view key) {
    const TomlValue* value = find(key);
    if (!value || !expect(*value, key, TomlValue::Kind::flag, "true or false")) return {};
    return value->flag;
}

std::optional<std::int64_t> TableReader::number(std::string_view key, std::int64_t least, std::int64_t most) {
    const TomlValue* value = find(key);
    if (!value || !expect(*value, key, TomlValue::Kind::number, "a number")) return {};
    if (value->number < least || value->number > most) {
        problem(value->place, std::string(key) + " of " + where_ + " must be " + std::to_string(least) + " to " + std::to_string(most));
        return {};
    }
    return value->number;
}

std::vector<std::pair<std::string_view, Place>> TableReader::texts(std::string_view key) {
    const TomlValue* value = find(key);
    if (!value) return {};
    if (value->kind == TomlValue::Kind::text) return {{keep(value->text), value->place}};
    std::vector<std::pair<std::string_view, Place>> found;
    if (!expect(*value, key, TomlValue::Kind::array, "a text or a list of texts")) return {};
    for (const TomlValue& item : value->items) {
        if (expect(item, key, TomlValue::Kind::text, "a text or a list of texts")) found.emplace_back(keep(item.text), item.place);
    }
    return found;
}

std::optional<TableReader> TableReader::table(std::string_view key) {
    const TomlValue* value = find(key);
    if (!value || !expect(*value, key, TomlValue::Kind::table, "a table")) return {};
    return TableReader(file_, *value, name_within(where_, key, false), *problems_, *strings_);
}

std::vector<TableReader> TableReader::tables(std::string_view key) {
    const TomlValue* value = find(key);
    if (!value || !expect(*value, key, TomlValue::Kind::array, "an array of tables ([[...]])")) return {};
    std::vector<TableReader> found;
    for (const TomlValue& item : value->items) {
        if (expect(item, key, TomlValue::Kind::table, "an array of tables ([[...]])"))
            found.emplace_back(file_, item, name_within(where_, key, true), *problems_, *strings_);
    }
    return found;
}

Backing TableReader::backing(const Backing& outer) {
    Backing backing = outer;
    if (find("source")) backing.source = text("source", false);
    if (const auto confidence = word<Confidence>("confidence")) backing.confidence = confidence;
    return backing;
}

std::optional<TableReader::Written> TableReader::open_fact(const TomlValue& node, std::string_view key, const Backing& backing) {
    Written written{&node, false, backing};
    if (node.kind == TomlValue::Kind::table) {
        TableReader inner(file_, node, std::string(key) + " of " + where_, *problems_, *strings_);
        written.value = inner.find("value");
        written.backing = inner.backing(backing);
        inner.finish();
        if (!written.value) {
            problem(node.place, std::string(key) + " of " + where_ + " has no value");
            return {};
        }
    }
    if (written.value->kind == TomlValue::Kind::text && written.value->text == "unknown") {
        written.unknown = true;
        return written;
    }
    if (written.backing.source.empty()) {
        problem(node.place, std::string(key) + " of " + where_ + " has no source");
        return {};
    }
    if (!written.backing.confidence) {
        problem(node.place, std::string(key) + " of " + where_ + " has no confidence");
        return {};
    }
    return written;
}

void TableReader::finish() {
    std::vector<std::string_view> known(asked_.begin(), asked_.end());
    for (std::size_t i = 0; i < table_->keys.size(); ++i) {
        const std::string& key = table_->keys[i];
        if (std::find(known.begin(), known.end(), key) != known.end()) continue;
        const std::string_view meant = nearest(key, known);
        problem(table_->items[i].place, "unknown key " + printable(key) + " in " + where_ +
                                            (meant.empty() ? std::string() : "; did you mean " + std::string(meant) + "?"));
    }
}

}  // namespace truename::clients
