#include <algorithm>
#include <array>

#include "clients/storage.h"

namespace truename::clients {

namespace {

constexpr std::array<std::string_view, 7> kValues{"HOST", "PORT", "DATE", "SUBJECT", "ISSUER", "ACCOUNT", "PROGRAM"};
constexpr std::string_view kDateForm = "DATE:";
constexpr std::size_t kMaxSteps = 16;

// Reports what stands in braces and is no value.
void check_braces(TableReader& table, Place place, std::string_view text) {
    for (std::size_t at = text.find_first_of("{}"); at != std::string_view::npos; at = text.find_first_of("{}", at)) {
        const std::size_t end = text.find('}', at);
        const std::string_view name = end == std::string_view::npos ? text.substr(at) : text.substr(at + 1, end - at - 1);
        const bool is_date = name.starts_with(kDateForm) && date_in_form("2026-01-02", name.substr(kDateForm.size()));
        const bool is_value = is_date || std::find(kValues.begin(), kValues.end(), name) != kValues.end();
        if (text[at] == '}' || end == std::string_view::npos || !is_value) {
            table.problem(place,
                          "only {HOST}, {PORT}, {DATE}, {DATE:M/D/YYYY} and the like, {SUBJECT}, {ISSUER}, {ACCOUNT} and {PROGRAM} may "
                          "stand in braces");
            return;
        }
        at = end + 1;
    }
}

class DialogReader {
  public:
    DialogReader(std::string_view file, const TomlValue& tree, Storage& storage, Problems& problems)
        : root_(file, tree, "the file", problems, storage.strings), storage_(storage) {}

    Dialog read(std::string_view file) {
        read_head(file);
        read_texts();
        read_steps();
        root_.finish();
        return dialog_;
    }

  private:
    void read_head(std::string_view file) {
        auto head = root_.table("dialog");
        if (!head) {
            if (!root_.tree().find("dialog")) root_.problem({}, "the file has no [dialog]");
            return;
        }
        dialog_.id = head->text("id", true);
        dialog_.name = head->text("name", true);
        backing_ = head->backing();
        if (!dialog_.id.empty() && dialog_.id != stem_of(file))
            head->problem(head->place(), "id must be the name of the file, " + std::string(stem_of(file)));
        head->finish();
    }

    void read_texts() {
        auto table = root_.table("texts");
        if (!table) return;
        std::vector<Text> texts;
        for (const std::string& id : table->tree().keys) {
            auto languages = table->table(id);
            if (!languages) continue;
            if (id == "*") languages->problem(languages->place(), "* stands for the lines of problems and cannot be a text");
            texts.push_back({languages->keep(id), read_translations(*languages)});
        }
        dialog_.texts = storage_.keep(std::move(texts));
    }

    std::span<const Translation> read_translations(TableReader& languages) {
        const Backing backing = languages.backing(backing_);
        std::vector<Translation> translations;
        for (const std::string& lang : languages.tree().keys) {
            if (lang == "source" || lang == "confidence") continue;
            Translation translation{languages.keep(lang), {}};
            languages.fact(lang, translation.text, backing, [&](const TomlValue& value) -> std::optional<std::string_view> {
                if (!languages.expect(value, lang, TomlValue::Kind::text, "a text")) return {};
                check_braces(languages, value.place, value.text);
                return languages.keep(value.text);
            });
            translations.push_back(translation);
        }
        if (!languages.tree().find("en"))
            languages.problem(languages.place(), "every text has `en`; write \"unknown\" when nobody knows it");
        languages.finish();
        return storage_.keep(std::move(translations));
    }

    // The text that a key of a step names; nothing (and a problem) when it does not exist.
    const Text* text_named(TableReader& table, std::string_view id, Place place) {
        for (const Text& text : dialog_.texts) {
            if (text.id == id) return &text;
        }
        table.problem(place, "there is no [texts." + std::string(id) + "]");
        return nullptr;
    }

    const Text* text_at(TableReader& table, std::string_view key, bool required) {
        const std::string_view id = table.text(key, required);
        return id.empty() ? nullptr : text_named(table, id, table.find(key)->place);
    }

    void read_steps() {
        std::vector<TableReader> tables = root_.tables("step");
        if (tables.empty()) root_.problem({}, "the dialog has no [[step]]");
        if (tables.size() > kMaxSteps) {
            root_.problem(tables[kMaxSteps].place(), "a dialog has at most 16 steps");
            return;
        }
        std::vector<std::string_view> ids;
        for (TableReader& table : tables) {
            const std::string_view id = table.text("id", true);
            if (!id.empty() && std::find(ids.begin(), ids.end(), id) != ids.end())
                table.problem(table.place(), "there are two steps of that id");
            ids.push_back(id);
        }
        std::vector<Step> steps;
        for (std::size_t i = 0; i < tables.size(); ++i) steps.push_back(read_step(tables[i], ids, i));
        dialog_.steps = storage_.keep(std::move(steps));
    }

    Step read_step(TableReader& table, const std::vector<std::string_view>& ids, std::size_t number) {
        Step step;
        step.id = ids[number];
        step.looks = table.word<Looks>("looks").value_or(Looks::window);
        step.title = text_at(table, "title", false);
        std::vector<const Text*> lines;
        for (const auto& [id, place] : table.texts("lines")) {
            const Text* text = id == "*" ? nullptr : text_named(table, id, place);
            if (text || id == "*") lines.push_back(text);
        }
        step.lines = storage_.keep(std::move(lines));
        std::vector<Button> buttons;
        for (TableReader& button : table.tables("button")) buttons.push_back(read_button(button, ids, number));
        step.buttons = storage_.keep(std::move(buttons));
        std::vector<Checkbox> boxes;
        for (TableReader& box : table.tables("checkbox")) {
            Checkbox checkbox;
            checkbox.label = text_at(box, "label", true);
            checkbox.checked = box.flag("checked").value_or(false);
            box.fact_word("unchecked_lasts", checkbox.unchecked_lasts, box.backing(backing_));
            box.finish();
            boxes.push_back(checkbox);
        }
        step.checkboxes = storage_.keep(std::move(boxes));
        table.finish();
        return step;
    }

    Button read_button(TableReader& table, const std::vector<std::string_view>& ids, std::size_t step) {
        Button button;
        button.label = text_at(table, "label", true);
        const Backing backing = table.backing(backing_);
        const auto does = table.word<Does>("does");
        if (!does && !table.tree().find("does")) table.problem(table.place(), "[[step.button]] has no does");
        button.does = does.value_or(Does::refuses);
        if (button.does == Does::goes) {
            const std::string_view next = table.text("next", true);
            const auto found = std::find(ids.begin(), ids.end(), next);
            if (!next.empty() && (found == ids.end() || found - ids.begin() <= static_cast<std::ptrdiff_t>(step)))
                table.problem(table.place(), "next must be the id of a later step");
            else if (!next.empty())
                button.next = static_cast<std::uint8_t>(found - ids.begin());
        }
        if (button.does == Does::accepts) {
            if (!table.fact_word("lasts", button.lasts, backing)) table.problem(table.place(), "an accepting button has no lasts");
            if (!table.fact_bits<BoundTo>("bound_to", button.bound_to, backing))
                table.problem(table.place(), "an accepting button has no bound_to");
            if (!table.fact_word("covers", button.covers, backing)) table.problem(table.place(), "an accepting button has no covers");
        }
        table.finish();
        return button;
    }

    TableReader root_;
    Storage& storage_;
    Dialog dialog_;
    Backing backing_;
};

}  // namespace

Dialog read_dialog(std::string_view file, const TomlValue& tree, Storage& storage, Problems& problems) {
    return DialogReader(file, tree, storage, problems).read(file);
}

}  // namespace truename::clients
