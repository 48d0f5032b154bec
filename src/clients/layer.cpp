#include "clients/layer.h"

#include <map>

#include "base/text.h"
#include "base/time.h"
#include "clients/rules.h"

namespace truename::clients {

namespace {

// A store's word.
std::optional<StoreRule> read_store(TableReader& table, const TomlValue& value) {
    if (!table.expect(value, "store", TomlValue::Kind::text, "a text")) return {};
    if (value.text == "none") return StoreRule{StoreKind::none, {}};
    if (value.text == "system") return StoreRule{StoreKind::system, {}};
    if (const auto store = verify::find_store(value.text)) return StoreRule{StoreKind::vendor, *store};
    std::vector<std::string_view> allowed;
    for (std::size_t i = 0; i < verify::kStoreCount; ++i) allowed.push_back(verify::name_of(static_cast<verify::Store>(i)));
    allowed.insert(allowed.end(), {"system", "none", "unknown"});
    table.wrong_word(value, "store", allowed);
    return {};
}

std::optional<FindingId> read_finding(TableReader& table, std::string_view id, Place place) {
    const auto found = find_finding(id);
    if (!found) table.problem(place, "there is no finding " + printable(id));
    return found;
}

class RuleReader {
  public:
    RuleReader(TableReader& root, std::set<std::string>& said, Storage& storage) : root_(root), said_(said), storage_(storage) {}

    template <class T, class Form>
    void operator()(std::string_view name, std::string_view key, Fact<T>& fact, Form form) {
        Open* open = table(name);
        if (!open) return;
        const std::optional<TableReader>& reader = open->reader;
        if (!reader) return;
        if (read(*open->reader, key, fact, open->backing, form)) said_.insert(std::string(name) + "." + std::string(key));
    }

    void finish() {
        for (auto& [name, open] : tables_) {
            if (open.reader) open.reader->finish();
        }
    }

  private:
    struct Open {
        std::optional<TableReader> reader;
        Backing backing;
    };

    Open* table(std::string_view name) {
        const auto found = tables_.find(name);
        if (found != tables_.end()) return &found->second;
        Open open{root_.table(name), {}};
        if (open.reader) open.backing = open.reader->backing();
        return &tables_.emplace(std::string(name), std::move(open)).first->second;
    }

    template <class E>
    bool read(TableReader& t, std::string_view key, Fact<E>& fact, const Backing& backing, AsWord<E>) {
        return t.fact_word(key, fact, backing);
    }
    template <class E>
    bool read(TableReader& t, std::string_view key, Fact<std::uint8_t>& fact, const Backing& backing, AsBits<E>) {
        return t.fact_bits<E>(key, fact, backing);
    }
    bool read(TableReader& t, std::string_view key, Fact<bool>& fact, const Backing& backing, AsYesNo form) {
        return t.fact(key, fact, backing, [&](const TomlValue& value) -> std::optional<bool> {
            if (!t.expect(value, key, TomlValue::Kind::text, "a text")) return {};
            if (value.text == form.words.yes) return true;
            if (value.text == form.words.no) return false;
            t.wrong_word(value, key, {form.words.yes, form.words.no, "unknown"});
            return {};
        });
    }
    bool read(TableReader& t, std::string_view key, Fact<std::uint8_t>& fact, const Backing& backing, AsNumber form) {
        return t.fact(key, fact, backing, [&](const TomlValue& value) -> std::optional<std::uint8_t> {
            if (!t.expect(value, key, TomlValue::Kind::number, "a number")) return {};
            if (value.number >= 0 && value.number <= form.most) return static_cast<std::uint8_t>(value.number);
            t.problem(value.place, std::string(key) + " must be 0 to " + std::to_string(form.most));
            return {};
        });
    }
    bool read(TableReader& t, std::string_view key, Fact<StoreRule>& fact, const Backing& backing, AsStore) {
        return t.fact(key, fact, backing, [&](const TomlValue& value) { return read_store(t, value); });
    }
    bool read(TableReader& t, std::string_view key, Fact<std::span<const OrderEntry>>& fact, const Backing& backing, AsOrder) {
        return t.fact(key, fact, backing, [&](const TomlValue& value) -> std::optional<std::span<const OrderEntry>> {
            if (!t.expect(value, key, TomlValue::Kind::array, "a list of kinds and finding ids")) return {};
            std::vector<OrderEntry> order;
            for (const TomlValue& item : value.items) {
                if (!t.expect(item, key, TomlValue::Kind::text, "a list of kinds and finding ids")) return {};
                OrderEntry entry;
                if (item.text.find('.') == std::string::npos) {
                    entry.kind = t.keep(item.text);
                } else {
                    entry.finding = read_finding(t, item.text, item.place);
                    if (!entry.finding) return {};
                }
                order.push_back(entry);
            }
            return storage_.keep(std::move(order));
        });
    }

    TableReader& root_;
    std::set<std::string>& said_;
    Storage& storage_;
    std::map<std::string, Open, std::less<>> tables_;
};

When read_when(TableReader& table, Storage& storage) {
    When when;
    when.role = table.word<verify::Role>("role");
    when.anchor = table.word<When::AnchorIs>("anchor").value_or(When::AnchorIs::any);
    when.leaf_is_root = table.flag("leaf_is_root").value_or(false);
    when.issued_from = table.date("issued_from");
    when.issued_until = table.date("issued_until");
    when.platform_from = table.text("platform_from", false);
    std::vector<FindingId> unless;
    for (const auto& [id, place] : table.texts("unless")) {
        if (const auto finding = read_finding(table, id, place)) unless.push_back(*finding);
    }
    when.unless = storage.keep(std::move(unless));
    std::vector<Field> fields;
    for (const auto& [name, place] : table.texts("field")) {
        if (const auto field = find_field(name)) {
            fields.push_back(*field);
        } else {
            table.problem(place, "there is no field " + std::string(name));
        }
    }
    when.fields = storage.keep(std::move(fields));
    table.finish();
    return when;
}

WrittenReaction read_reaction(TableReader& table, Storage& storage) {
    WrittenReaction reaction;
    reaction.file = table.file();
    reaction.place = table.place();
    for (const auto& [id, place] : table.texts("finding")) {
        if (const auto finding = read_finding(table, id, place)) reaction.findings.push_back(*finding);
    }
    if (!table.tree().find("finding")) table.problem(table.place(), "[[reaction]] has no finding");
    if (auto when = table.table("when")) reaction.when = read_when(*when, storage);
    const Backing backing = table.backing();
    if (!table.fact_word("action", reaction.action, backing)) table.problem(table.place(), "[[reaction]] has no action");
    reaction.kind = table.text("kind", false);
    reaction.code = table.text("code", false);
    reaction.dialog = table.text("dialog", false);
    reaction.line = table.text("line", false);
    if (!reaction.kind.empty() && reaction.action.is(Action::silent)) table.problem(table.place(), "a silent reaction has no kind");
    if (!reaction.line.empty() && reaction.dialog.empty()) table.problem(table.place(), "[[reaction]] has a line but no dialog");
    table.finish();
    return reaction;
}

void read_answer(TableReader& table, std::vector<WrittenAnswer>& answers) {
    WrittenAnswer answer;
    answer.file = table.file();
    answer.place = table.place();
    const auto kinds = table.texts("kind");
    if (kinds.empty()) table.problem(table.place(), "[[answer]] has no kind");
    if (!table.fact_word("action", answer.action, table.backing())) table.problem(table.place(), "[[answer]] has no action");
    answer.code = table.text("code", false);
    answer.dialog = table.text("dialog", false);
    answer.line = table.text("line", false);
    if (!answer.line.empty() && answer.dialog.empty()) table.problem(table.place(), "[[answer]] has a line but no dialog");
    table.finish();
    for (const auto& [kind, place] : kinds) {
        answer.kind = kind;
        answers.push_back(answer);
    }
}

}  // namespace

Layer read_layer(TableReader& table, Profile& profile, std::set<std::string>& said, Storage& storage) {
    RuleReader rules(table, said, storage);
    for_each_rule(profile, rules);
    rules.finish();
    Layer layer;
    for (TableReader& reaction : table.tables("reaction")) layer.reactions.push_back(read_reaction(reaction, storage));
    for (TableReader& answer : table.tables("answer")) read_answer(answer, layer.answers);
    return layer;
}

}  // namespace truename::clients
