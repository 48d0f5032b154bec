// The only file of this module that knows TOML.
#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "recipe/recipe.h"
#include "recipe/test_case.h"

namespace truename::recipe {

namespace {

using Strings = std::vector<std::string>;

// The first thing that was wrong; later ones are not asked for, since they often follow from it.
class Complaints {
  public:
    explicit Complaints(std::string_view source) : source_(source) {}

    void add(std::size_t line, std::string reason, std::string next = {}) {
        if (first_) return;
        first_ = Failure{FailureKind::input, "reading the recipe", source_ + " line " + std::to_string(line), std::move(reason),
                         std::move(next)};
    }
    [[nodiscard]] const std::optional<Failure>& first() const { return first_; }

  private:
    std::string source_;
    std::optional<Failure> first_;
};

std::size_t line_of(const toml::node& node) {
    return node.source().begin.line;
}

// Hexadecimal with blanks, line ends, and comments from # to the end of their line.
Result<ByteString> read_hex(std::string_view text) {
    std::string digits;
    for (const std::string_view line : split(text, '\n')) digits += std::string(line.substr(0, line.find('#'))) + ' ';
    std::erase(digits, '\r');
    return from_hex(digits);
}

// One table of the recipe: takes the keys that are asked for and complains of wrong types, and at the end of keys that nobody asked for.
class Table {
  public:
    Table(const toml::table& table, Complaints& complaints) : table_(&table), complaints_(&complaints) {}

    [[nodiscard]] std::size_t line() const { return line_of(*table_); }
    [[nodiscard]] bool has(std::string_view key) const { return table_->contains(key); }

    template <class T>
    std::optional<T> get(std::string_view key, std::string_view type) {
        const toml::node* node = find(key);
        if (!node) return {};
        if (auto value = node->value_exact<T>()) return *value;
        wrong_type(*node, key, type);
        return {};
    }
    std::optional<std::string> text(std::string_view key) { return get<std::string>(key, "a text"); }
    std::optional<bool> flag(std::string_view key) { return get<bool>(key, "true or false"); }
    std::optional<std::uint32_t> number(std::string_view key) {
        const auto value = get<std::int64_t>(key, "a number");
        if (value && (*value < 0 || *value > 0xFFFF'FFFFLL)) complain(key, "must be from 0 to 4294967295");
        return value ? std::optional(static_cast<std::uint32_t>(*value)) : std::nullopt;
    }
    std::string needed(std::string_view key) {
        if (auto value = text(key)) return *value;
        if (!has(key)) complaints_->add(line(), "there is no '" + std::string(key) + "'");
        return {};
    }
    Strings texts(std::string_view key) {
        Strings result;
        const toml::array* array = list(key, "a list of texts");
        if (!array) return result;
        for (const toml::node& node : *array) {
            if (auto value = node.value_exact<std::string>())
                result.push_back(*std::move(value));
            else
                wrong_type(node, key, "a list of texts");
        }
        return result;
    }
    std::optional<ByteString> hex(std::string_view key) {
        const auto digits = text(key);
        if (!digits) return {};
        auto bytes = read_hex(*digits);
        if (bytes) return *std::move(bytes);
        complain(key, "is not hexadecimal");
        return {};
    }
    Time time(std::string_view key, std::string_view words) {
        const auto time = parse_time(words);
        if (!time) complain(key, "'" + printable(words) + "' is no time such as 2026-01-01T00:00:00Z");
        return time.value_or(Time{});
    }
    std::optional<Table> table(std::string_view key) {
        const toml::node* node = find(key);
        if (!node) return {};
        if (const toml::table* inner = node->as_table()) return Table(*inner, *complaints_);
        wrong_type(*node, key, "a table");
        return {};
    }
    std::vector<Table> tables(std::string_view key) {
        std::vector<Table> result;
        const toml::array* array = list(key, "a list of tables");
        if (!array) return result;
        for (const toml::node& node : *array) {
            if (const toml::table* inner = node.as_table())
                result.emplace_back(*inner, *complaints_);
            else
                wrong_type(node, key, "a list of tables");
        }
        return result;
    }
    std::vector<std::pair<std::string, std::string>> pairs() {
        std::vector<std::pair<std::string, std::string>> result;
        for (const auto& [key, node] : *table_) result.emplace_back(key.str(), text(key.str()).value_or(""));
        return result;
    }

    void complain(std::string_view key, const std::string& reason) {
        const toml::node* node = table_->get(key);
        complaints_->add(node ? line_of(*node) : line(), "'" + std::string(key) + "' " + reason);
    }
    void finish() {
        for (const auto& [key, node] : *table_) {
            if (asked_.contains(key.str())) continue;
            std::string next;
            for (const std::string& known : asked_)
                if (edit_distance(known, key.str(), 3) < 3) next = "Did you mean '" + known + "'?";
            complaints_->add(line_of(node), "the key '" + printable(key.str()) + "' is not known here", next);
        }
    }

  private:
    const toml::node* find(std::string_view key) {
        asked_.emplace(key);
        return table_->get(key);
    }
    const toml::array* list(std::string_view key, std::string_view type) {
        const toml::node* node = find(key);
        if (!node) return nullptr;
        if (const toml::array* array = node->as_array()) return array;
        wrong_type(*node, key, type);
        return nullptr;
    }
    void wrong_type(const toml::node& node, std::string_view key, std::string_view type) {
        complaints_->add(line_of(node), "'" + std::string(key) + "' must be " + std::string(type));
    }

    const toml::table* table_;
    Complaints* complaints_;
    std::set<std::string, std::less<>> asked_;
};

void read_validity(Table& table, Description& description) {
    const Strings times = table.texts("validity");
    if (times.size() != 2) return table.complain("validity", "must be two times, from and until");
    description.not_before = table.time("validity", times[0]);
    description.not_after = table.time("validity", times[1]);
}

std::optional<ByteString> read_serial(Table& table) {
    auto digits = table.hex("serial");
    if (digits && digits->empty()) table.complain("serial", "must have at least one byte");
    return digits;
}

std::vector<RawExtension> read_extensions(Table& table) {
    std::vector<RawExtension> result;
    for (Table& inner : table.tables("extension")) {
        RawExtension extension;
        extension.id = inner.needed("id");
        extension.critical = inner.flag("critical").value_or(false);
        extension.value = inner.hex("value").value_or(ByteString{});
        inner.finish();
        result.push_back(std::move(extension));
    }
    return result;
}

std::vector<Patch> read_patches(Table& table) {
    std::vector<Patch> result;
    for (Table& inner : table.tables("patch")) {
        Patch patch;
        const std::string in = inner.text("in").value_or("tbs");
        if (in != "tbs" && in != "certificate") inner.complain("in", "must be tbs or certificate");
        patch.in_tbs = in == "tbs";
        patch.find = inner.hex("find").value_or(ByteString{});
        if (patch.find.empty()) inner.complain("find", "must hold the bytes to look for");
        patch.replace = inner.hex("replace").value_or(ByteString{});
        patch.occurrence = inner.number("occurrence").value_or(1);
        if (patch.occurrence == 0) inner.complain("occurrence", "is counted from 1");
        inner.text("why");
        inner.finish();
        result.push_back(std::move(patch));
    }
    return result;
}

Description read_certificate(Table& table) {
    Description d;
    d.line = table.line();
    d.name = table.needed("name");
    d.subject = table.needed("subject");
    d.issuer = table.text("issuer").value_or(d.name);
    d.issuer_name = table.text("issuer_name");
    d.names = table.texts("names");
    read_validity(table, d);
    d.key = table.needed("key");
    d.signed_by = table.text("signed_by");
    d.signature = table.text("signature");
    d.inner_signature = table.text("inner_signature");
    d.serial = read_serial(table);
    d.version = table.number("version").value_or(3);
    d.ca = table.flag("ca");
    d.path_length = table.number("path_length");
    if (d.path_length && !d.ca) table.complain("path_length", "needs 'ca'");
    d.key_usage = table.texts("key_usage");
    d.extended_key_usage = table.texts("extended_key_usage");
    if (auto inner = table.table("name_constraints")) {
        d.permitted = inner->texts("permitted");
        d.excluded = inner->texts("excluded");
        inner->finish();
    }
    if (auto inner = table.table("aia")) {
        d.ocsp = inner->texts("ocsp");
        d.ca_issuers = inner->texts("issuers");
        inner->finish();
    }
    d.crl = table.texts("crl");
    d.policies = table.texts("policies");
    d.must_staple = table.flag("must_staple").value_or(false);
    d.key_identifiers = table.flag("key_identifiers").value_or(true);
    d.issuer_key = table.text("issuer_key");
    d.critical = table.texts("critical");
    d.not_critical = table.texts("not_critical");
    d.extensions = read_extensions(table);
    d.patches = read_patches(table);
    table.finish();
    return d;
}

Description read_request(Table& table) {
    Description d;
    d.line = table.line();
    d.name = table.needed("name");
    d.subject = table.needed("subject");
    d.names = table.texts("names");
    d.key = table.needed("key");
    d.signature = table.text("signature");
    d.must_staple = table.flag("must_staple").value_or(false);
    d.extensions = read_extensions(table);
    table.finish();
    return d;
}

void check_names(const std::vector<Description>& descriptions, Complaints& complaints) {
    std::set<std::string_view> seen;
    for (const Description& d : descriptions)
        if (!seen.insert(d.name).second) complaints.add(d.line, "the name '" + printable(d.name) + "' is given twice");
}

Recipe read_recipe(Table& table, std::string_view source, Complaints& complaints) {
    Recipe recipe;
    recipe.source = source;
    std::vector<Table> certificates = table.tables("certificate");
    if (certificates.size() > kMaxCertificates)
        complaints.add(table.line(), "more than " + std::to_string(kMaxCertificates) + " certificates");
    for (Table& inner : certificates) recipe.certificates.push_back(read_certificate(inner));
    for (Table& inner : table.tables("request")) recipe.requests.push_back(read_request(inner));
    check_names(recipe.certificates, complaints);
    check_names(recipe.requests, complaints);
    return recipe;
}

Result<toml::table, Failure> parse(std::string_view text, std::string_view source) {
    Complaints complaints(source);
    if (text.size() > kMaxRecipeBytes) {
        complaints.add(1, "it is larger than " + std::to_string(kMaxRecipeBytes) + " bytes");
        return Unexpected{*complaints.first()};
    }
    try {
        return toml::parse(text);
    } catch (const toml::parse_error& error) {
        complaints.add(error.source().begin.line, "this is not TOML: " + printable(error.description()));
        return Unexpected{*complaints.first()};
    }
}

// The tables that a test case has beside those of a recipe.
void allow_case_keys(Table& table) {
    for (const char* key : {"id", "title", "why", "source"}) table.text(key);
    table.table("input");
    table.table("expect");
}

void read_input(Table& input, TestCase& test) {
    const std::vector<std::pair<std::string_view, std::vector<std::string>*>> lists = {
        {"chain", &test.chain}, {"anchors", &test.anchors}, {"issuers", &test.issuers}};
    for (const auto& [key, list] : lists) {
        *list = input.texts(key);
        for (const std::string& name : *list)
            if (std::ranges::none_of(test.recipe.certificates, [&](const Description& d) { return d.name == name; }))
                input.complain(key, "names '" + printable(name) + "', which no [[certificate]] has");
    }
    test.host = input.needed("host");
    test.at = input.time("at", input.needed("at"));
    input.finish();
}

}  // namespace

Result<Recipe, Failure> load(std::string_view text, std::string_view source) {
    const auto root = parse(text, source);
    if (!root) return forward_error(root);
    Complaints complaints(source);
    Table table(*root, complaints);
    Recipe recipe = read_recipe(table, source, complaints);
    allow_case_keys(table);
    table.finish();
    if (complaints.first()) return Unexpected{*complaints.first()};
    return recipe;
}

Result<TestCase, Failure> load_case(std::string_view text, std::string_view source) {
    const auto root = parse(text, source);
    if (!root) return forward_error(root);
    Complaints complaints(source);
    Table table(*root, complaints);
    TestCase test;
    test.recipe = read_recipe(table, source, complaints);
    test.id = table.needed("id");
    test.title = table.needed("title");
    test.why = table.text("why").value_or("");
    test.source = table.text("source").value_or("");
    if (auto input = table.table("input"))
        read_input(*input, test);
    else
        complaints.add(table.line(), "there is no [input]");
    if (auto expect = table.table("expect")) {
        test.findings = expect->texts("findings");
        if (auto verdicts = expect->table("verdicts")) test.verdicts = verdicts->pairs();
        expect->finish();
    }
    table.finish();
    if (complaints.first()) return Unexpected{*complaints.first()};
    return test;
}

}  // namespace truename::recipe
