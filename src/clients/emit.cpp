#include "clients/emit.h"

#include <cstdint>

#include "clients/rules.h"

namespace truename::clients {

namespace {

// A C++ string literal as a string_view. Bytes over 127 and control characters are written in octal, which always has three digits.
std::string text(std::string_view value) {
    if (value.empty()) return "{}";
    std::string out = "\"";
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte >= 0x7f || c == '?') {
            out += '\\';
            for (const int shift : {6, 3, 0}) out += static_cast<char>('0' + (byte >> shift & 7));
        } else {
            out += c;
        }
    }
    return out + "\"sv";
}

std::string number(std::uint64_t value) {
    return std::to_string(value);
}

std::string yes_no(bool value) {
    return value ? "true" : "false";
}

// An enumerator as its number: the tables are made anew with every change of the enumerations.
template <class E>
std::string enumerator(std::string_view type, E value) {
    return std::string(type) + "(" + number(static_cast<std::uint64_t>(value)) + ")";
}

std::string finding(FindingId id) {
    return enumerator("FindingId", id);
}

class Emitter {
  public:
    std::string emit(const Library& library) {
        out_ =
            "// Made from data/clients and data/dialogs by compile_clients; not to be edited.\n"
            "#include \"clients/library.h\"\n\n"
            "namespace truename::clients {\n\nnamespace {\n\nusing namespace std::string_view_literals;\n\n"
            "// A value of whatever enumeration stands in its place.\n"
            "struct Any {\n    unsigned value;\n    template <class E>\n    constexpr operator E() const {\n"
            "        return static_cast<E>(value);\n    }\n};\n\n";
        std::string dialogs;
        for (const Dialog& dialog : library.dialogs) dialogs += "    " + emit_dialog(dialog) + ",\n";
        array("Dialog", "kDialogs", dialogs);
        std::string profiles;
        for (const Profile& profile : library.profiles) profiles += "    " + emit_profile(profile, library) + ",\n";
        array("Profile", "kProfiles", profiles);
        std::string sets;
        for (const ClientSet& set : library.sets) sets += "    {" + text(set.name) + ", " + emit_set(set, library) + "},\n";
        array("ClientSet", "kSets", sets);
        out_ += "constexpr Library kLibrary{" + span_of("kProfiles", !library.profiles.empty()) + ", " +
                span_of("kDialogs", !library.dialogs.empty()) + ", " + span_of("kSets", !library.sets.empty()) +
                "};\n\n}  // namespace\n\nconst Library& compiled() {\n    return kLibrary;\n}\n\n}  // namespace truename::clients\n";
        return std::move(out_);
    }

  private:
    static std::string span_of(const std::string& name, bool there) { return there ? name : "{}"; }

    // Defines an array, unless it would be empty, and gives what a span is made from.
    std::string array(std::string_view type, const std::string& name, const std::string& rows) {
        if (rows.empty()) return "{}";
        out_.append("constexpr ").append(type).append(" ").append(name).append("[] = {\n").append(rows).append("};\n");
        return name;
    }
    std::string list(std::string_view type, const std::string& rows) { return array(type, "k" + number(next_++), rows); }

    template <class T>
    static std::string fact(const Fact<T>& fact, const std::string& value) {
        if (!fact.known) return "{}";
        return "{" + value + ", true, " + enumerator("Confidence", fact.confidence) + ", " + text(fact.source) + "}";
    }

    std::string text_pointer(const Text* pointer, const Dialog& dialog) const {
        if (!pointer) return "nullptr";
        return "&" + texts_ + "[" + number(static_cast<std::uint64_t>(pointer - dialog.texts.data())) + "]";
    }

    std::string emit_dialog(const Dialog& dialog) {
        std::string texts;
        for (const Text& item : dialog.texts) {
            std::string rows;
            for (const Translation& translation : item.translations)
                rows += "    {" + text(translation.lang) + ", " + fact(translation.text, text(translation.text.value)) + "},\n";
            texts += "    {" + text(item.id) + ", " + list("Translation", rows) + "},\n";
        }
        texts_ = list("Text", texts);
        text_arrays_.push_back(texts_);
        std::string steps;
        for (const Step& step : dialog.steps) steps += "    " + emit_step(step, dialog) + ",\n";
        return "{" + text(dialog.id) + ", " + text(dialog.name) + ", " + texts_ + ", " + list("Step", steps) + "}";
    }

    std::string emit_step(const Step& step, const Dialog& dialog) {
        std::string lines, buttons, boxes;
        for (const Text* line : step.lines) lines += "    " + text_pointer(line, dialog) + ",\n";
        for (const Button& button : step.buttons) {
            buttons += "    {" + text_pointer(button.label, dialog) + ", " + enumerator("Does", button.does) + ", " + number(button.next) +
                       ", " + fact(button.lasts, enumerator("Lasts", button.lasts.value)) + ", " +
                       fact(button.bound_to, number(button.bound_to.value)) + ", " +
                       fact(button.covers, enumerator("Covers", button.covers.value)) + "},\n";
        }
        for (const Checkbox& box : step.checkboxes) {
            boxes += "    {" + text_pointer(box.label, dialog) + ", " + yes_no(box.checked) + ", " +
                     fact(box.unchecked_lasts, enumerator("Lasts", box.unchecked_lasts.value)) + "},\n";
        }
        return "{" + text(step.id) + ", " + enumerator("Looks", step.looks) + ", " + text_pointer(step.title, dialog) + ", " +
               list("const Text*", lines) + ", " + list("Button", buttons) + ", " + list("Checkbox", boxes) + "}";
    }

    std::string findings(std::span<const FindingId> ids) {
        std::string rows;
        for (const FindingId id : ids) rows += "    " + finding(id) + ",\n";
        return list("FindingId", rows);
    }

    std::string fields(std::span<const Field> fields) {
        std::string rows;
        for (const Field field : fields) rows += "    Field{" + number(static_cast<std::size_t>(field)) + "},\n";
        return list("Field", rows);
    }

    static std::string time(const std::optional<Time>& at) {
        return at ? "Time{std::chrono::seconds{" + std::to_string(at->time_since_epoch().count()) + "}}" : "std::nullopt";
    }

    std::string emit_when(const When& when) {
        return "{" + (when.role ? enumerator("verify::Role", *when.role) : "std::nullopt") + ", " +
               enumerator("When::AnchorIs", when.anchor) + ", " + yes_no(when.leaf_is_root) + ", " + time(when.issued_from) + ", " +
               time(when.issued_until) + ", " + text(when.platform_from) + ", " + findings(when.unless) + ", " + fields(when.fields) + "}";
    }

    std::string emit_reactions(const Profile& profile, const Library& library) {
        std::string rows;
        for (const Reaction& r : profile.reactions) {
            std::string dialog = "nullptr", line = "nullptr";
            if (r.dialog) {
                const auto index = static_cast<std::size_t>(r.dialog - library.dialogs.data());
                dialog = "&kDialogs[" + number(index) + "]";
                texts_ = text_arrays_[index];
                line = text_pointer(r.line, *r.dialog);
            }
            rows += "    {" + finding(r.finding) + ", " + emit_when(r.when) + ", " + fact(r.action, enumerator("Action", r.action.value)) +
                    ", " + text(r.kind) + ", " + text(r.code) + ", " + dialog + ", " + line + ", " +
                    fact(r.library, enumerator("Action", r.library.value)) + "},\n";
        }
        return list("Reaction", rows);
    }

    std::string emit_order(std::span<const OrderEntry> order) {
        std::string rows;
        for (const OrderEntry& entry : order)
            rows += "    {" + (entry.finding ? finding(*entry.finding) : "std::nullopt") + ", " + text(entry.kind) + "},\n";
        return list("OrderEntry", rows);
    }

    template <class T, class Form>
    std::string rule_value(const Fact<T>& f, Form) {
        if constexpr (std::is_same_v<Form, AsStore>)
            return "{StoreKind(" + number(static_cast<std::uint64_t>(f.value.kind)) + "), verify::Store(" +
                   number(static_cast<std::uint64_t>(f.value.store)) + ")}";
        else if constexpr (std::is_same_v<Form, AsOrder>)
            return emit_order(f.value);
        else if constexpr (std::is_same_v<T, bool>)
            return yes_no(f.value);
        else if constexpr (std::is_enum_v<T>)
            return "Any{" + number(static_cast<std::uint64_t>(f.value)) + "}";
        else
            return number(f.value);
    }

    // A profile's rules are set by the order of for_each_rule, which is that of the structures.
    std::string emit_profile(const Profile& p, const Library& library) {
        std::string rules, open;
        for_each_rule(p, [&](std::string_view table, std::string_view, const auto& f, auto form) {
            if (table != open) rules += open.empty() ? "{" : "}, {";
            if (table == open) rules += ", ";
            open = table;
            rules += fact(f, f.known ? rule_value(f, form) : std::string());
        });
        rules += "}";
        const std::string reactions = emit_reactions(p, library);
        return "{" + text(p.id) + ", " + text(p.product) + ", " + text(p.version) + ", " + text(p.platform) + ", " + yes_no(p.is_default) +
               ", " + text(p.name) + ", " + text(p.base) + ", " + text(p.base_name) + ", " + text(p.note) + ", " + number(p.year) + ", " +
               yes_no(p.retired) + ", " + time(p.gathered) + ", " + rules + ", " + reactions + "}";
    }

    std::string emit_set(const ClientSet& set, const Library& library) {
        std::string rows;
        for (const Profile* profile : set.profiles)
            rows += "    &kProfiles[" + number(static_cast<std::uint64_t>(profile - library.profiles.data())) + "],\n";
        return list("const Profile*", rows);
    }

    std::string out_;
    std::string texts_;                     // the array of the texts of the dialog at hand
    std::vector<std::string> text_arrays_;  // by dialog
    unsigned next_ = 0;
};

}  // namespace

std::string emit(const Library& library) {
    return Emitter().emit(library);
}

}  // namespace truename::clients
