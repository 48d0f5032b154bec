#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>

#include "authority/handout.h"
#include "base/text.h"

namespace truename::authority {

namespace {

std::string text_of(const toml::table& table, std::string_view key) {
    return table[key].value_or(std::string());
}

std::vector<std::string> steps_of(const toml::table& root, std::string_view section) {
    std::vector<std::string> steps;
    if (const toml::array* array = root[section]["steps"].as_array()) {
        for (const toml::node& node : *array) steps.push_back(node.value_or(std::string()));
    }
    return steps;
}

std::optional<Handout::File> file_of(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return std::nullopt;
    const std::string form = text_of(*table, "form");
    Handout::File file;
    file.name = text_of(*table, "name");
    file.text = text_of(*table, "text");
    file.form = form == "der" ? Handout::File::Form::der : form == "text" ? Handout::File::Form::text : Handout::File::Form::pem;
    const bool is_known = form == "pem" || form == "der" || form == "text";
    const bool has_its_text = (form == "text") == !file.text.empty();
    if (file.name.empty() || !is_known || !has_its_text) return std::nullopt;
    return file;
}

}  // namespace

Result<Handout, Failure> read_handout(std::string_view id, std::string_view toml) {
    const auto wrong = [&](std::string reason) {
        return Unexpected{Failure{FailureKind::input, "reading", "handouts/" + printable(id) + ".toml", std::move(reason), ""}};
    };
    try {
        const toml::table root = toml::parse(toml, id);
        Handout handout{std::string(id),           text_of(root, "title"),  text_of(root, "source"), {},
                        steps_of(root, "install"), steps_of(root, "remove")};
        if (handout.title.empty() || handout.source.empty()) return wrong("it needs title and source");
        if (handout.install.empty() || handout.remove.empty()) return wrong("it needs steps under [install] and [remove]");
        const toml::array* files = root["file"].as_array();
        if (files == nullptr || files->empty()) return wrong("it needs a [[file]]");
        for (const toml::node& node : *files) {
            auto file = file_of(node);
            if (!file)
                return wrong("line " + std::to_string(node.source().begin.line) +
                             ": a file needs a name, and a form of pem, der or text (with its text)");
            handout.files.push_back(std::move(*file));
        }
        return handout;
    } catch (const toml::parse_error& error) {
        return wrong("line " + std::to_string(error.source().begin.line) + ": " + std::string(error.description()));
    }
}

}  // namespace truename::authority
