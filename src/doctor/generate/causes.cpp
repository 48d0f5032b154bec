// Turns data/causes/*.toml into a C++ table:  generate_causes OUTPUT FOLDER
// Everything wrong in a file stops the build with file and line: an unknown key, finding, mend or placeholder.
#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "finding/finding.h"

namespace {

using Strings = std::vector<std::string>;

struct Mend {
    std::string id, who, text;
    Strings steps, change;
};

struct Cause {
    std::string id, letter, who, headline, text, others, shortcut, assuming;
    Strings findings, mends;
};

const Strings kWho = {"nobody", "server", "user", "ca", "provider", "unknown"};
const Strings kChanges = {"names", "validity", "issuer", "key", "form", "chain", "root", "typed", "first"};
const Strings kPlaceholders = {"name",       "first",     "names",     "nearest", "issuer",   "root", "subject",
                               "not_before", "not_after", "days",      "at",      "found",    "key",  "count",
                               "signature",  "clients",   "endpoints", "wanted",  "headline", "host", "internal"};

[[noreturn]] void stop(const toml::source_region& where, const std::string& what) {
    std::cerr << (where.path ? *where.path : std::string()) << ":" << where.begin.line << ": " << what << "\n";
    std::exit(1);
}

bool is_one_of(const std::string& word, const Strings& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

void check_placeholders(const std::string& text, const toml::source_region& where) {
    for (std::size_t i = text.find('{'); i != std::string::npos; i = text.find('{', i + 1)) {
        const std::string name = text.substr(i + 1, text.find('}', i) - i - 1);
        if (!is_one_of(name, kPlaceholders)) stop(where, "unknown placeholder {" + name + "}");
    }
}

std::string text_of(const toml::table& table, const char* key, bool needed) {
    const toml::node* node = table.get(key);
    if (node == nullptr) {
        if (needed) stop(table.source(), std::string("no `") + key + "`");
        return {};
    }
    if (!node->is_string()) stop(node->source(), std::string("`") + key + "` must be a text");
    std::string text = node->as_string()->get();
    check_placeholders(text, node->source());
    return text;
}

Strings list_of(const toml::table& table, const char* key) {
    Strings list;
    const toml::node* node = table.get(key);
    if (node == nullptr) return list;
    if (!node->is_array()) stop(node->source(), std::string("`") + key + "` must be a list");
    for (const toml::node& item : *node->as_array()) {
        if (!item.is_string()) stop(item.source(), std::string("`") + key + "` must hold texts");
        list.push_back(item.as_string()->get());
        check_placeholders(list.back(), item.source());
    }
    return list;
}

void check_keys(const toml::table& table, const Strings& known) {
    for (const auto& [key, node] : table) {
        if (!is_one_of(std::string(key.str()), known)) stop(node.source(), "unknown key `" + std::string(key.str()) + "`");
    }
}

std::string who_of(const toml::table& table) {
    std::string who = text_of(table, "who", true);
    if (!is_one_of(who, kWho)) stop(table.source(), "unknown `who`: " + who);
    return who;
}

Mend read_mend(const toml::table& table) {
    check_keys(table, {"id", "who", "text", "steps", "change"});
    Mend mend{text_of(table, "id", true), who_of(table), text_of(table, "text", true), list_of(table, "steps"), list_of(table, "change")};
    for (const std::string& change : mend.change) {
        if (!is_one_of(change, kChanges)) stop(table.source(), "unknown change `" + change + "`");
    }
    return mend;
}

Cause read_cause(const toml::table& table) {
    check_keys(table, {"id", "letter", "findings", "who", "headline", "text", "others", "shortcut", "assuming", "mends"});
    Cause cause;
    cause.id = text_of(table, "id", true);
    cause.letter = text_of(table, "letter", true);
    cause.who = who_of(table);
    cause.headline = text_of(table, "headline", true);
    cause.text = text_of(table, "text", true);
    cause.others = text_of(table, "others", false);
    cause.shortcut = text_of(table, "shortcut", false);
    cause.assuming = text_of(table, "assuming", false);
    cause.findings = list_of(table, "findings");
    cause.mends = list_of(table, "mends");
    if (cause.letter.size() != 1) stop(table.source(), "`letter` must be one letter");
    if (cause.findings.empty()) stop(table.source(), "no `findings`");
    if (cause.mends.empty()) stop(table.source(), "no `mends`");
    for (const std::string& id : cause.findings) {
        if (!truename::find_finding(id)) stop(table.source(), "unknown finding `" + id + "`");
    }
    return cause;
}

template <class F>
void each(const toml::table& file, const char* key, F&& use) {
    const toml::node* node = file.get(key);
    if (node == nullptr) return;
    if (!node->is_array_of_tables()) stop(node->source(), std::string("`") + key + "` must be [[" + key + "]]");
    for (const toml::node& item : *node->as_array()) use(*item.as_table());
}

std::string quoted(const std::string& text) {
    return "R\"##(" + text + ")##\"";
}

std::string identifier(std::string id) {
    std::replace(id.begin(), id.end(), '-', '_');
    std::replace(id.begin(), id.end(), '.', '_');
    return id;
}

void write_mends(std::ostream& out, const std::vector<Mend>& mends) {
    for (const Mend& mend : mends) {
        if (mend.steps.empty()) continue;
        out << "constexpr std::string_view steps_" << identifier(mend.id) << "[] = {";
        for (const std::string& step : mend.steps) out << quoted(step) << ", ";
        out << "};\n";
    }
    out << "constexpr MendRow kMends[] = {\n";
    for (const Mend& mend : mends) {
        unsigned change = 0;
        for (const std::string& word : mend.change) {
            change |= 1u << static_cast<unsigned>(std::find(kChanges.begin(), kChanges.end(), word) - kChanges.begin());
        }
        out << "    {" << quoted(mend.id) << ", Who::" << mend.who << ", " << quoted(mend.text) << ", "
            << (mend.steps.empty() ? "{}" : "steps_" + identifier(mend.id)) << ", " << change << "},\n";
    }
    out << "};\n";
}

void write_causes(std::ostream& out, const std::vector<Cause>& causes, const std::vector<Mend>& mends) {
    for (const Cause& cause : causes) {
        out << "constexpr FindingId findings_" << identifier(cause.id) << "[] = {";
        for (const std::string& id : cause.findings) out << "FindingId::" << identifier(id) << ", ";
        out << "};\nconstexpr std::uint8_t mends_" << identifier(cause.id) << "[] = {";
        for (const std::string& id : cause.mends) {
            const auto at = std::find_if(mends.begin(), mends.end(), [&](const Mend& m) { return m.id == id; });
            if (at == mends.end()) {
                std::cerr << "cause " << cause.id << ": unknown mend `" << id << "`\n";
                std::exit(1);
            }
            out << at - mends.begin() << ", ";
        }
        out << "};\n";
    }
    out << "constexpr CauseRow kCauses[] = {\n";
    for (const Cause& cause : causes) {
        out << "    {" << quoted(cause.id) << ", '" << cause.letter << "', findings_" << identifier(cause.id) << ", Who::" << cause.who
            << ", " << quoted(cause.headline) << ", " << quoted(cause.text) << ", " << quoted(cause.others) << ", "
            << quoted(cause.shortcut) << ", " << quoted(cause.assuming) << ", mends_" << identifier(cause.id) << "},\n";
    }
    out << "};\n";
}

void read_who(const toml::table& file, std::map<std::string, std::string>& who) {
    for (const auto& [key, node] : file) {
        if (!is_one_of(std::string(key.str()), kWho) || !node.is_table()) stop(node.source(), "unknown `who`: " + std::string(key.str()));
        check_keys(*node.as_table(), {"text"});
        who[std::string(key.str())] = text_of(*node.as_table(), "text", true);
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 64;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(argv[2])) {
        if (entry.path().extension() == ".toml") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());

    std::vector<Cause> causes;
    std::vector<Mend> mends;
    std::map<std::string, std::string> who;
    try {
        for (const auto& path : files) {
            const toml::table file = toml::parse_file(path.string());
            if (path.filename() == "who.toml") {
                read_who(file, who);
                continue;
            }
            check_keys(file, {"cause", "mend"});
            each(file, "cause", [&](const toml::table& table) { causes.push_back(read_cause(table)); });
            each(file, "mend", [&](const toml::table& table) { mends.push_back(read_mend(table)); });
        }
    } catch (const toml::parse_error& error) {
        stop(error.source(), std::string(error.description()));
    }

    for (const std::string& word : kWho) {
        if (who[word].empty()) {
            std::cerr << "who.toml: nothing for `" << word << "`\n";
            return 1;
        }
    }
    std::ofstream out(argv[1]);
    out << "// Made from data/causes/ by generate_causes.\n#include \"doctor/causes.h\"\n\nnamespace truename::doctor {\n\nnamespace {\n\n";
    write_mends(out, mends);
    write_causes(out, causes, mends);
    out << "constexpr std::string_view kWho[] = {\n";
    for (const std::string& word : kWho) out << "    " << quoted(who[word]) << ",\n";
    out << "};\n\n}  // namespace\n\nstd::span<const CauseRow> all_causes() { return kCauses; }\n"
        << "std::span<const MendRow> all_mends() { return kMends; }\n"
        << "std::string_view who_text(Who who) { return kWho[static_cast<std::size_t>(who)]; }\n\n}  // namespace truename::doctor\n";
    return out.good() ? 0 : 73;
}
