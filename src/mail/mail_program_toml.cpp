#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>

#include <algorithm>

#include "base/text.h"
#include "mail/mail_program.h"

namespace truename::mail {

namespace {

using Outcome = Result<void, std::string>;

Outcome read_grounds(const toml::table& table, Grounds& grounds) {
    grounds = {table["source"].value_or(""), table["confidence"].value_or("")};
    if (grounds.source.empty()) return Unexpected{std::string("a fact has no source")};
    if (std::ranges::find(kConfidences, grounds.confidence) == std::end(kConfidences))
        return Unexpected{"\"" + printable(grounds.confidence) + "\" is no confidence"};
    return {};
}

/// One table of `[[reads]]` or `[[fails]]`: some things, and what it makes of all of them.
Outcome read_traits(const toml::table& table, bool is_read, MailProgram& program) {
    TraitFact fact{is_read, table["how"].value_or(""), {}};
    if (auto grounds = read_grounds(table, fact.grounds); !grounds) return grounds;
    const toml::array* what = table["what"].as_array();
    if (what == nullptr) return Unexpected{std::string("what it reads or cannot read is missing")};
    for (const toml::node& node : *what) {
        const std::string name = node.value_or(std::string());
        const auto trait = find_trait(name);
        if (!trait) return Unexpected{"\"" + printable(name) + "\" is nothing that a program could read"};
        if (!program.facts.emplace(*trait, fact).second) return Unexpected{"\"" + name + "\" stands there twice"};
    }
    return {};
}

Outcome read_signature(const toml::table& table, MailProgram& program) {
    SignatureFact fact{table["when"].value_or(""), table["shows"].value_or(""), {}};
    if (describe_signature(fact.when).empty()) return Unexpected{"\"" + printable(fact.when) + "\" is nothing that a signature may be"};
    if (fact.shows.empty()) return Unexpected{std::string("what it shows of a signature is missing")};
    if (auto grounds = read_grounds(table, fact.grounds); !grounds) return grounds;
    program.signatures.push_back(std::move(fact));
    return {};
}

/// `aes-256`; nothing for what is none.
std::optional<crypto::Pkcs12Lock> lock_of(std::string_view form) {
    if (form == "3des") return crypto::Pkcs12Lock::triple_des;
    if (form == "aes-128") return crypto::Pkcs12Lock::aes_128;
    if (form == "aes-256") return crypto::Pkcs12Lock::aes_256;
    return std::nullopt;
}

Outcome read_import(const toml::table& table, MailProgram& program) {
    program.import_lock = lock_of(table["form"].value_or(std::string_view()));
    if (const toml::array* steps = table["steps"].as_array()) {
        for (const toml::node& node : *steps) program.import_steps.push_back(node.value_or(std::string()));
    }
    if (!program.import_lock || program.import_steps.empty())
        return Unexpected{std::string("[import] needs form (3des, aes-128 or aes-256) and steps")};
    return read_grounds(table, program.import_grounds);
}

/// Every table of an array of tables.
template <typename Read>
Outcome read_each(const toml::table& root, std::string_view name, Read read) {
    const toml::node* node = root.get(name);
    if (node == nullptr) return {};
    const toml::array* tables = node->as_array();
    if (tables == nullptr) return Unexpected{std::string(name) + " is no list of tables"};
    for (const toml::node& each : *tables) {
        const toml::table* table = each.as_table();
        if (table == nullptr) return Unexpected{std::string(name) + " is no list of tables"};
        if (auto done = read(*table); !done) return done;
    }
    return {};
}

Outcome read_all(const toml::table& root, MailProgram& program) {
    program.title = root["title"].value_or("");
    if (program.title.empty()) return Unexpected{std::string("it has no title")};
    for (const bool is_read : {true, false}) {
        auto done =
            read_each(root, is_read ? "reads" : "fails", [&](const toml::table& table) { return read_traits(table, is_read, program); });
        if (!done) return done;
    }
    if (auto done = read_each(root, "signature", [&](const toml::table& table) { return read_signature(table, program); }); !done)
        return done;
    const toml::table* import = root["import"].as_table();
    return import == nullptr ? Outcome() : read_import(*import, program);
}

}  // namespace

Result<MailProgram, Failure> read_mail_program(std::string_view id, std::string_view toml) {
    const auto wrong = [&](std::string reason) {
        return Unexpected{Failure{FailureKind::input, "reading", "mail-programs/" + printable(id) + ".toml", std::move(reason), ""}};
    };
    try {
        MailProgram program;
        program.id = id;
        if (const auto done = read_all(toml::parse(toml, id), program); !done) return wrong(done.error());
        return program;
    } catch (const toml::parse_error& error) {
        return wrong("line " + std::to_string(error.source().begin.line) + ": " + std::string(error.description()));
    }
}

}  // namespace truename::mail
