#include <algorithm>

#include "base/text.h"
#include "doctor/render.h"
#include "doctor/render/layout.h"
#include "doctor/render/view.h"

// One line as the monitoring plugins' guidelines ask: STATE - text | performance data. A `|` in the text would begin the data.
namespace truename::doctor {

namespace {

std::string safe(std::string_view text) {
    std::string line = safe_text(text);
    std::replace(line.begin(), line.end(), '|', '/');
    return line;
}

std::string_view state_of(int exit) {
    static constexpr std::string_view kStates[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    return kStates[exit >= 0 && exit <= 3 ? exit : 3];
}

}  // namespace

std::string render_nagios(const Report& report) {
    const auto numbers = count_outcomes(report);
    const auto number = [&](Outcome outcome) { return std::to_string(numbers[static_cast<std::size_t>(outcome)]); };
    std::string line = "TRUENAME " + std::string(state_of(report.exit)) + " - " + safe(report.target.name) + ": " + safe(report.headline);

    const auto shut_out = std::count_if(report.endpoints.begin(), report.endpoints.end(),
                                        [](const Endpoint& endpoint) { return !endpoint.shuts_out.empty(); });
    line += " | silent=" + number(Outcome::silent) + " warns=" + number(Outcome::warns) + ";0 refuses=" + number(Outcome::refuses) +
            ";;0 not_judged=" + number(Outcome::not_judged) + " shut_out=" + std::to_string(shut_out) + ";;0";
    std::int64_t days = 0;
    bool known = false;
    for (const Chain& chain : report.chains) {
        if (!chain.days_left) continue;
        days = known ? std::min(days, *chain.days_left) : *chain.days_left;
        known = true;
    }
    if (known) line += " days_left=" + std::to_string(days);
    line += " endpoints=" + std::to_string(report.endpoints.size()) + " connections=" + std::to_string(report.connections);
    if (report.elapsed) line += " time=" + std::to_string(report.elapsed->count()) + "ms";
    return line + "\n";
}

}  // namespace truename::doctor
