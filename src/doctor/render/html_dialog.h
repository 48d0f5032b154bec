#pragma once

#include <string>
#include <vector>

#include "doctor/render/html_tags.h"
#include "doctor/report.h"

namespace truename::doctor {

/// Clients of one report that show the same windows.
struct SameDialog {
    const Verdict* first;                  ///< borrows from the report
    std::vector<std::string> titles;       ///< the clients' names for people
    std::vector<std::string> chains = {};  ///< the ids of those to which they show them, when the report has several
};

/// The dialogs of a report, each once, in the order of `sorted_verdicts`.
std::vector<SameDialog> distinct_dialogs(const Report& report);

/// Draws the windows one below the other as they look, every line and every button; readable without style too.
void draw_dialog(Html& html, const SameDialog& dialog);

}  // namespace truename::doctor
