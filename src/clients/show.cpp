#include <algorithm>

#include "clients/verdict.h"

namespace truename::clients {

namespace {

constexpr std::string_view kEnglish = "en";
constexpr std::string_view kNotKnown = "…";  // in the place of a value that nobody has

// What stands for `name`, which may be DATE:M/D/YYYY.
std::string value_of(std::string_view name, const AskedDialog& asked) {
    const std::size_t colon = name.find(':');
    const auto value =
        std::find_if(asked.values.begin(), asked.values.end(), [&](const auto& v) { return v.first == name.substr(0, colon); });
    if (value == asked.values.end()) return std::string(kNotKnown);
    if (colon == std::string_view::npos) return value->second;
    return date_in_form(value->second, name.substr(colon + 1)).value_or(value->second);
}

std::string fill(std::string_view text, const AskedDialog& asked) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t open = text.find('{', at);
        const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
        if (close == std::string_view::npos) return out.append(text.substr(at));
        out.append(text.substr(at, open - at));
        out += value_of(text.substr(open + 1, close - open - 1), asked);
        at = close + 1;
    }
    return out;
}

// Calls `use` for every text that the dialog shows.
template <class Use>
void for_each_text(const AskedDialog& asked, Use&& use) {
    for (const Text* line : asked.lines) use(*line);
    for (const Step& step : asked.dialog->steps) {
        if (step.title) use(*step.title);
        for (const Text* line : step.lines) {
            if (line) use(*line);
        }
        for (const Button& button : step.buttons) {
            if (button.label) use(*button.label);
        }
        for (const Checkbox& box : step.checkboxes) {
            if (box.label) use(*box.label);
        }
    }
}

class Shower {
  public:
    Shower(const AskedDialog& asked, std::string_view lang) : asked_(asked), lang_(lang) {}

    ShownStep show(const Step& step) {
        ShownStep shown;
        shown.id = step.id;
        shown.looks = step.looks;
        if (step.title) shown.title = words(*step.title, shown);
        for (const Text* line : step.lines) {
            if (line)
                add_line(*line, shown);
            else
                add_problems(shown);
        }
        for (const Button& button : step.buttons) {
            const std::string_view next = button.does == Does::goes ? asked_.dialog->steps[button.next].id : std::string_view();
            shown.buttons.push_back({button.label ? words(*button.label, shown).value_or("") : "", button.does, next});
        }
        for (const Checkbox& box : step.checkboxes)
            shown.checkboxes.emplace_back(box.label ? words(*box.label, shown).value_or("") : "", box.checked);
        return shown;
    }

  private:
    std::optional<std::string> words(const Text& text, ShownStep& shown) {
        if (const auto known = text.in(lang_)) return fill(*known, asked_);
        shown.complete = false;
        return std::nullopt;
    }
    void add_line(const Text& text, ShownStep& shown) {
        if (auto line = words(text, shown)) shown.lines.push_back(std::move(*line));
    }
    void add_problems(ShownStep& shown) {
        for (const Text* line : asked_.lines) {
            const auto said = words(*line, shown);
            if (!said) continue;
            if (!shown.text.empty()) shown.text += "\n";
            shown.text += *said;
            shown.lines.push_back(*said);
        }
    }

    const AskedDialog& asked_;
    std::string_view lang_;
};

}  // namespace

std::string show(const AskedDialog& asked, const Text& text, std::string_view lang) {
    const auto known = text.in(lang);
    return fill(known ? *known : text.in(kEnglish).value_or(""), asked);
}

ShownDialog show(const AskedDialog& asked, std::string_view lang) {
    bool known = true;
    for_each_text(asked, [&](const Text& text) { known = known && text.in(lang).has_value(); });
    ShownDialog shown;
    shown.id = asked.dialog->id;
    shown.lang = known ? lang : kEnglish;
    for (const auto& [name, value] : asked.values) shown.values.emplace_back(name, value);
    Shower shower(asked, shown.lang);
    for (const Step& step : asked.dialog->steps) shown.steps.push_back(shower.show(step));
    return shown;
}

}  // namespace truename::clients
