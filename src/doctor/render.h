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

/// The exit code of one report: 0 every client that counts is silent, 1 some warn or expiry is near, 2 some refuse, an endpoint shuts
/// clients out or something required is missing, 3 nothing could be judged. `require` names protocols that have to be judged.
int exit_code(const Report& report, const std::vector<std::string>& require);

/// Whether some endpoint speaks but does not let every client in (`Endpoint::shuts_out`).
bool shuts_out(const Report& report);

/// Whether `word` of `--require` means this endpoint: `imap`, `imap+starttls` (one thing to whoever types it) or its port number.
bool is_service(const Endpoint& endpoint, const std::string& word);

/// What became of a service that `--require` names.
struct Required {
    int exit = 0;     ///< what it does to the exit code: 0 it is there, 2 it is not, 3 nobody can say (turned away; nobody was asked)
    std::string why;  ///< `submission is required and nothing listens there`; empty when it is there
};

/// Looks for `word` (`imaps`, `imap`, `993`) among the endpoints: there when a handshake was completed on one of them.
Required find_required(const Report& report, const std::string& word);

/// The exit code of a list: the worst wins in the order 2 > 1 > 3 > 0.
int worse_exit(int a, int b);

}  // namespace truename::doctor
