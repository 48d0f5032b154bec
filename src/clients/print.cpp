#include "base/json.h"
#include "base/time.h"
#include "clients/profile.h"
#include "clients/rules.h"

namespace truename::clients {

namespace {

// Basic strings of TOML take the same escapes as JSON's.
std::string quoted(std::string_view text) {
    return json_quoted(text);
}

template <class E>
std::string value_of(const E& value, AsWord<E>) {
    return quoted(word_for(value));
}

template <class E>
std::string value_of(std::uint8_t bits, AsBits<E>) {
    std::string text = "[";
    for (const Word<E>& row : words<E>()) {
        if ((bits & static_cast<unsigned>(row.value)) == 0) continue;
        if (text.size() > 1) text += ", ";
        text += quoted(row.word);
    }
    return text + "]";
}

std::string value_of(bool value, AsYesNo form) {
    return quoted(value ? form.words.yes : form.words.no);
}

std::string value_of(std::uint8_t value, AsNumber) {
    return std::to_string(value);
}

std::string value_of(const StoreRule& store, AsStore) {
    switch (store.kind) {
        case StoreKind::none:
            return quoted("none");
        case StoreKind::system:
            return quoted("system");
        case StoreKind::vendor:
            break;
    }
    return quoted(verify::name_of(store.store));
}

std::string_view word_of(FindingId finding) {
    return info(finding).name;
}

std::string_view word_of(Field field) {
    return name_of(field);
}

template <class T>
std::string list_of(std::span<const T> items) {
    std::string text;
    for (const T item : items) {
        if (!text.empty()) text += ", ";
        text += quoted(word_of(item));
    }
    return "[" + text + "]";
}

std::string value_of(std::span<const OrderEntry> order, AsOrder) {
    std::string text;
    for (const OrderEntry& entry : order) {
        if (!text.empty()) text += ", ";
        text += quoted(entry.finding ? info(*entry.finding).name : entry.kind);
    }
    return "[" + text + "]";
}

template <class T, class Form>
std::string printed(const Fact<T>& fact, Form form) {
    if (!fact.known) return "\"unknown\"";
    return "{ value = " + value_of(fact.value, form) + ", source = " + quoted(fact.source) +
           ", confidence = " + quoted(word_for(fact.confidence)) + " }";
}

std::string printed(const When& when) {
    std::string text;
    const auto add = [&](std::string_view key, const std::string& value) {
        if (!text.empty()) text += ", ";
        text.append(key).append(" = ").append(value);
    };
    if (when.role) add("role", quoted(word_for(*when.role)));
    if (when.anchor != When::AnchorIs::any) add("anchor", quoted(word_for(when.anchor)));
    if (when.leaf_is_root) add("leaf_is_root", "true");
    if (when.issued_from) add("issued_from", quoted(format_date(*when.issued_from)));
    if (when.issued_until) add("issued_until", quoted(format_date(*when.issued_until)));
    if (!when.platform_from.empty()) add("platform_from", quoted(when.platform_from));
    if (!when.unless.empty()) add("unless", list_of(when.unless));
    if (!when.fields.empty()) add("field", list_of(when.fields));
    return text;
}

void print_reaction(std::string& out, const Reaction& reaction) {
    const auto line = [&](std::string_view key, const std::string& value) { out.append(key).append(" = ").append(value).append("\n"); };
    out += "\n[[reaction]]\n";
    line("finding", quoted(info(reaction.finding).name));
    if (const std::string when = printed(reaction.when); !when.empty()) line("when", "{ " + when + " }");
    line("action", printed(reaction.action, AsWord<Action>{}));
    if (reaction.library.known) line("library", printed(reaction.library, AsWord<Action>{}));
    if (!reaction.kind.empty()) line("kind", quoted(reaction.kind));
    if (!reaction.code.empty()) line("code", quoted(reaction.code));
    if (reaction.dialog) line("dialog", quoted(reaction.dialog->id));
    if (reaction.line) line("line", quoted(reaction.line->id));
}

}  // namespace

std::string print(const Profile& profile) {
    std::string out = "[client]\n";
    const auto line = [&](std::string_view key, std::string_view value) {
        if (!value.empty()) out.append(key).append(" = ").append(quoted(value)).append("\n");
    };
    line("id", profile.id);
    line("name", profile.name);
    line("version", profile.version);
    line("platform", profile.platform);
    line("base", profile.base);
    if (profile.year != 0) out += "year = " + std::to_string(profile.year) + "\n";
    if (profile.retired) out += "retired = true\n";
    if (profile.gathered) line("gathered", format_date(*profile.gathered));
    line("note", profile.note);
    std::string_view open;
    for_each_rule(profile, [&](std::string_view table, std::string_view key, const auto& fact, auto form) {
        if (table != open) out.append("\n[").append(table).append("]\n");
        open = table;
        out.append(key).append(" = ").append(printed(fact, form)).append("\n");
    });
    for (const Reaction& reaction : profile.reactions) print_reaction(out, reaction);
    return out;
}

}  // namespace truename::clients
