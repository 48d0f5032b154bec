#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>

#include "acme/public_authority.h"
#include "base/text.h"

namespace truename::acme {

namespace {

Failure unreadable(std::string_view id, std::string reason) {
    return {FailureKind::input, "reading", "authorities/" + printable(id) + ".toml", std::move(reason), ""};
}

}  // namespace

Result<PublicAuthority, Failure> read_public_authority(std::string_view id, std::string_view text) {
    try {
        const toml::table table = toml::parse(text, id);
        PublicAuthority authority;
        authority.id = id;
        for (const auto& [key, node] : table) {
            const std::string name(key.str());
            if (name == "directories" && node.is_array()) {
                for (const toml::node& each : *node.as_array()) authority.directories.push_back(each.value_or(std::string()));
                continue;
            }
            const auto value = node.value<std::string>();
            if (!value) return Unexpected{unreadable(id, name + " has to be a text")};
            if (name == "title")
                authority.title = *value;
            else if (name == "source")
                authority.source = *value;
            else if (name == "confidence")
                authority.confidence = *value;
            else if (name == "names" && *value == "keeps")
                authority.names = NameOrder::kept;
            else if (name == "names" && *value == "sorts")
                authority.names = NameOrder::sorted;
            else if (name == "names" && *value == "unknown")
                authority.names = NameOrder::unknown;
            else
                return Unexpected{unreadable(id, name + " = \"" + printable(*value) + "\" is not known")};
        }
        if (authority.title.empty() || authority.directories.empty()) return Unexpected{unreadable(id, "title or directories are missing")};
        if (authority.names != NameOrder::unknown && (authority.source.empty() || authority.confidence.empty()))
            return Unexpected{unreadable(id, "a fact needs its source and confidence")};
        return authority;
    } catch (const toml::parse_error& error) {
        return Unexpected{unreadable(id, "line " + std::to_string(error.source().begin.line) + ": " + std::string(error.description()))};
    }
}

}  // namespace truename::acme
