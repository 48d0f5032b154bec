#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>

#include "base/text.h"
#include "explain/explain.h"

namespace truename::explain {

namespace {

Failure wrong(std::string_view file_name, const toml::source_region& where, std::string reason) {
    return {FailureKind::input, "reading", printable(file_name) + " line " + std::to_string(where.begin.line), std::move(reason), ""};
}

std::string text_of(const toml::table& table, std::string_view key) {
    return table[key].value_or(std::string());
}

std::vector<std::string> texts_of(const toml::table& table, std::string_view key) {
    std::vector<std::string> texts;
    if (const toml::array* array = table[key].as_array()) {
        for (const toml::node& node : *array) texts.push_back(node.value_or(std::string()));
    }
    return texts;
}

}  // namespace

Result<void, Failure> Library::read_meanings(std::string_view toml, std::string_view file_name) {
    try {
        const toml::table root = toml::parse(toml, file_name);
        if (const toml::array* meanings = root["meaning"].as_array()) {
            for (const toml::node& node : *meanings) {
                const toml::table* table = node.as_table();
                if (!table) return Unexpected{wrong(file_name, node.source(), "a meaning has to be a table")};
                Meaning meaning{text_of(*table, "id"),   text_of(*table, "side"), (*table)["general"].value_or(false),
                                text_of(*table, "says"), text_of(*table, "not"),  texts_of(*table, "causes"),
                                texts_of(*table, "next")};
                if (meaning.id.empty() || meaning.says.empty())
                    return Unexpected{wrong(file_name, node.source(), "a meaning needs id and says")};
                meanings_.push_back(std::move(meaning));
            }
        }
        if (const toml::array* families = root["family"].as_array()) {
            for (const toml::node& node : *families) {
                const toml::table* table = node.as_table();
                if (!table) return Unexpected{wrong(file_name, node.source(), "a family has to be a table")};
                families_.push_back({text_of(*table, "id"), text_of(*table, "name")});
            }
        }
    } catch (const toml::parse_error& error) {
        return Unexpected{wrong(file_name, error.source(), std::string(error.description()))};
    }
    if (meanings_.empty())
        return Unexpected{Failure{FailureKind::input, "reading", printable(file_name), "there is no [[meaning]] in it", ""}};
    return {};
}

}  // namespace truename::explain
