#include "clients/toml_tree.h"

#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>

#include <sstream>

#include "clients/library.h"

namespace truename::clients {

namespace {

// Data files are a few tables deep; toml++ itself stops at 256.
constexpr int kMaxDepth = 12;

Place place_of(const toml::node& node) {
    return {node.source().begin.line, node.source().begin.column};
}

std::string date_text(const toml::date& date) {
    std::ostringstream out;
    out << date;
    return out.str();
}

TomlValue convert(const toml::node& node, int depth);

void convert_table(const toml::table& table, TomlValue& value, int depth) {
    value.kind = TomlValue::Kind::table;
    for (const auto& [key, member] : table) {
        value.keys.emplace_back(key.str());
        value.items.push_back(convert(member, depth + 1));
        // The place of a member is that of its key, which people look for, not that of the value.
        if (key.source().begin.line != 0) value.items.back().place = {key.source().begin.line, key.source().begin.column};
    }
}

TomlValue convert(const toml::node& node, int depth) {
    TomlValue value;
    value.place = place_of(node);
    if (depth > kMaxDepth) return value;
    if (const toml::table* table = node.as_table()) {
        convert_table(*table, value, depth);
    } else if (const toml::array* array = node.as_array()) {
        value.kind = TomlValue::Kind::array;
        for (const toml::node& item : *array) value.items.push_back(convert(item, depth + 1));
    } else if (const auto text = node.value_exact<std::string>()) {
        value.kind = TomlValue::Kind::text;
        value.text = *text;
    } else if (const auto number = node.value_exact<std::int64_t>()) {
        value.kind = TomlValue::Kind::number;
        value.number = *number;
    } else if (const auto flag = node.value_exact<bool>()) {
        value.kind = TomlValue::Kind::flag;
        value.flag = *flag;
    } else if (const auto date = node.value_exact<toml::date>()) {
        value.kind = TomlValue::Kind::text;
        value.text = date_text(*date);
    }
    return value;
}

}  // namespace

const TomlValue* TomlValue::find(std::string_view key) const {
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (keys[i] == key) return &items[i];
    }
    return nullptr;
}

Result<TomlValue, TomlError> parse_toml(std::string_view text) {
    if (text.size() > kMaxDataFileSize) return Unexpected{TomlError{{}, "the file is larger than 1 MB"}};
    try {
        return convert(toml::parse(text, std::string_view("data")), 0);
    } catch (const toml::parse_error& error) {
        return Unexpected{TomlError{{error.source().begin.line, error.source().begin.column}, std::string(error.description())}};
    }
}

}  // namespace truename::clients
