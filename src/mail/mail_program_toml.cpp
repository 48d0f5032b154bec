#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>

#include "base/text.h"
#include "mail/mail_program.h"

namespace truename::mail {

Result<MailProgram, Failure> read_mail_program(std::string_view id, std::string_view toml) {
    const auto wrong = [&](std::string reason) {
        return Unexpected{Failure{FailureKind::input, "reading", "mail-programs/" + printable(id) + ".toml", std::move(reason), ""}};
    };
    try {
        const toml::table root = toml::parse(toml, id);
        MailProgram program;
        program.id = id;
        program.title = root["title"].value_or("");
        program.source = root["source"].value_or("");
        program.confidence = root["confidence"].value_or("");
        if (program.title.empty() || program.source.empty() || program.confidence.empty())
            return wrong("it needs title, source and confidence");
        if (const toml::array* reads = root["reads"].as_array()) {
            for (const toml::node& node : *reads) {
                const auto trait = find_trait(node.value_or(std::string()));
                if (!trait) return wrong("\"" + printable(node.value_or(std::string())) + "\" is nothing that a program could read");
                program.reads.push_back(*trait);
            }
        }
        if (const toml::table* fails = root["fails"].as_table()) {
            for (const auto& [name, node] : *fails) {
                const auto trait = find_trait(name.str());
                if (!trait) return wrong("\"" + printable(name.str()) + "\" is nothing that a program could read");
                program.fails.emplace(*trait, node.value_or(std::string()));
            }
        }
        const auto signature = root["signature"];
        program.shows = signature["shows"].value_or("");
        program.shows_source = signature["source"].value_or("");
        program.shows_confidence = signature["confidence"].value_or("");
        if (program.shows.empty() != program.shows_source.empty() || program.shows.empty() != program.shows_confidence.empty())
            return wrong("[signature] needs shows, source and confidence");
        const auto import = root["import"];
        program.import_form = import["form"].value_or("");
        program.import_source = import["source"].value_or("");
        program.import_confidence = import["confidence"].value_or("");
        if (const toml::array* steps = import["steps"].as_array()) {
            for (const toml::node& node : *steps) program.import_steps.push_back(node.value_or(std::string()));
        }
        const bool has_import = root.contains("import");
        const bool is_whole = (program.import_form == "3des" || program.import_form == "aes-256") && !program.import_steps.empty() &&
                              !program.import_source.empty() && !program.import_confidence.empty();
        if (has_import && !is_whole) return wrong("[import] needs form (3des or aes-256), steps, source and confidence");
        return program;
    } catch (const toml::parse_error& error) {
        return wrong("line " + std::to_string(error.source().begin.line) + ": " + std::string(error.description()));
    }
}

}  // namespace truename::mail
