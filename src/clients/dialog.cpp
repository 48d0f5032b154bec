#include "clients/dialog.h"

#include <algorithm>
#include <string>

namespace truename::clients {

namespace {

// The box that has to be checked for a step's promise to hold; nothing when none has to.
const Checkbox* unchecked_box(const Step& step) {
    const auto box = std::find_if(step.checkboxes.begin(), step.checkboxes.end(),
                                  [](const Checkbox& each) { return !each.checked && each.unchecked_lasts.known; });
    return box == step.checkboxes.end() ? nullptr : &*box;
}

// A step's promise with its checkboxes as they are when it appears.
Fact<Lasts> lasts_at_first(const Step& step, const Button& button) {
    const Checkbox* const box = unchecked_box(step);
    return box ? box->unchecked_lasts : button.lasts;
}

std::string without_zero(std::string_view digits) {
    return std::string(digits.starts_with('0') ? digits.substr(1) : digits);
}

}  // namespace

std::optional<std::string> date_in_form(std::string_view date, std::string_view form) {
    if (date.size() != 10) return std::nullopt;
    const std::string_view year = date.substr(0, 4), month = date.substr(5, 2), day = date.substr(8, 2);
    std::string out;
    int years = 0, months = 0, days = 0;
    for (std::size_t at = 0; at < form.size();) {
        const std::size_t size = std::min(form.find_first_not_of(form[at], at), form.size()) - at;
        if (form[at] == 'Y' && size == 4) {
            out += year;
            ++years;
        } else if (form[at] == 'M' && size <= 2) {
            out += size == 1 ? without_zero(month) : std::string(month);
            ++months;
        } else if (form[at] == 'D' && size <= 2) {
            out += size == 1 ? without_zero(day) : std::string(day);
            ++days;
        } else if (std::string_view(" ./-").find(form[at]) != std::string_view::npos) {
            out += form.substr(at, size);
        } else {
            return std::nullopt;
        }
        at += size;
    }
    return years == 1 && months == 1 && days == 1 ? std::optional(out) : std::nullopt;
}

std::optional<std::string_view> Text::in(std::string_view lang) const {
    for (const Translation& translation : translations) {
        if (translation.lang == lang && translation.text.known) return translation.text.value;
    }
    return std::nullopt;
}

std::optional<AcceptingWay> accepting_way(const Dialog& dialog) {
    std::optional<AcceptingWay> best;
    Fact<Lasts> first;
    const auto consider = [&](const Button& button, const Fact<Lasts>& lasts, const Text* choice) {
        if (!best) {
            first = lasts;
            best = AcceptingWay{&button, lasts, nullptr, {}};
        } else if (lasts.known && (!best->lasts.known || lasts.value > best->lasts.value)) {
            best = AcceptingWay{&button, lasts, choice, first};
        }
    };
    // Buttons lead only to later steps, so one pass from the first sees every step that can be reached, nearest first.
    std::uint32_t reached = 1;
    for (std::size_t i = 0; i < dialog.steps.size(); ++i) {
        if ((reached >> i & 1U) == 0) continue;
        const Step& step = dialog.steps[i];
        for (const Button& button : step.buttons) {
            if (button.does == Does::goes) reached |= 1U << button.next;
            if (button.does != Does::accepts) continue;
            consider(button, lasts_at_first(step, button), button.label);
            if (const Checkbox* box = unchecked_box(step)) consider(button, button.lasts, box->label);
        }
    }
    return best;
}

}  // namespace truename::clients
