#include "clients/dialog.h"

#include <algorithm>

namespace truename::clients {

namespace {

// A step's promise with its checkboxes as they are when it appears.
Fact<Lasts> lasts_at_first(const Step& step, const Button& button) {
    for (const Checkbox& box : step.checkboxes) {
        if (!box.checked && box.unchecked_lasts.known) return box.unchecked_lasts;
    }
    return button.lasts;
}

}  // namespace

std::optional<std::string_view> Text::in(std::string_view lang) const {
    for (const Translation& translation : translations) {
        if (translation.lang == lang && translation.text.known) return translation.text.value;
    }
    return std::nullopt;
}

std::optional<AcceptingWay> accepting_way(const Dialog& dialog) {
    // Buttons lead only to later steps, so one pass from the first sees every step that can be reached, nearest first.
    std::uint32_t reached = 1;
    for (std::size_t i = 0; i < dialog.steps.size(); ++i) {
        if ((reached >> i & 1U) == 0) continue;
        const Step& step = dialog.steps[i];
        for (const Button& button : step.buttons) {
            if (button.does == Does::accepts) return AcceptingWay{&button, lasts_at_first(step, button)};
            if (button.does == Does::goes) reached |= 1U << button.next;
        }
    }
    return std::nullopt;
}

}  // namespace truename::clients
