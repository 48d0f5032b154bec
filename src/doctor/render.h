#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "doctor/report.h"

namespace truename::doctor {

/// How a report looks on a terminal.
struct TextOptions {
    bool colour = false;
    unsigned width = 100;  ///< columns; lines are broken at words where they can be
    bool verbose = false;  ///< every client on a line of its own, findings and whole dialogs too
};

/// The report for people, as in README; ends in \n. Everything from outside is made safe for a terminal.
std::string render_text(const Report& report, const TextOptions& options = {});

/// One JSON object as `json_schema()` says, indented; ends in \n.
std::string render_json(const Report& report);

/// The same object on one line, without \n: a line of `jsonl --detail full`.
std::string render_json_line(const Report& report);

/// About 1 KB on one line, without \n: a line of `jsonl --detail summary`.
std::string render_json_summary(const Report& report);

/// One status line with performance data for Nagios, Icinga and the like; ends in \n.
std::string render_nagios(const Report& report);

/// One HTML page without scripts and without anything from another address, under 300 KB.
std::string render_html(const Report& report);

/// Several reports on one page.
std::string render_html(const std::vector<Report>& reports);

/// The JSON Schema (draft 2020-12) of render_json, and under $defs/summary of render_json_summary; indented, ends in \n.
std::string json_schema();

}  // namespace truename::doctor
