#include "clients/dialog.h"

#include <algorithm>

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

}  // namespace

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
