#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "doctor/doctor.h"
#include "doctor/render.h"
#include "fuzz/must.h"

// What must hold of every report, whatever it was made of: what its parts say of each other, and what each renderer makes of it.

/// Safe for a terminal: UTF-8 without control characters but line feeds.
inline bool is_safe(std::string_view text) {
    const auto is_control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F; };
    return std::ranges::none_of(text, is_control) && truename::is_utf8(text);
}

/// Whether brackets are closed in their order and strings hold no wrong escape: enough to see what was not escaped.
inline bool is_json(std::string_view text) {
    std::string open;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\' && (++i == text.size() || std::string_view("\"\\/bfnrtu").find(text[i]) == std::string_view::npos)) return false;
            in_string = c != '"';
        } else if (c == '{' || c == '[') {
            open += c == '{' ? '}' : ']';
        } else if (c == '}' || c == ']') {
            if (open.empty() || open.back() != c) return false;
            open.pop_back();
        } else if (c == '"') {
            in_string = true;
        } else if (std::string_view(" \n:,.-+eEtrufalsn0123456789").find(c) == std::string_view::npos) {
            return false;
        }
    }
    return open.empty() && !in_string && !text.empty();
}

/// Whether every element of a page is closed in its order, and no `<` or `>` stands anywhere else.
inline bool is_page(std::string_view text) {
    std::vector<std::string> open;
    while (!text.empty()) {
        const std::size_t begin = text.find_first_of("<>"), end = text.find('>', std::min(begin, text.size()));
        if (begin == std::string_view::npos) break;
        if (text[begin] == '>' || end == std::string_view::npos) return false;
        const std::string_view tag = text.substr(begin + 1, end - begin - 1);
        const std::string name(tag.substr(0, tag.find_first_of(" \n")));
        text.remove_prefix(end + 1);
        if (tag.find('<') != std::string_view::npos || std::ranges::count(tag, '"') % 2 != 0) return false;
        if (tag.ends_with("/") || name.starts_with("!") || name == "meta" || name == "br" || name == "hr" || name == "input") continue;
        if (!name.starts_with("/")) {
            open.push_back(name);
            if (name == "style") text.remove_prefix(std::min(text.find("</style>"), text.size()));
        } else if (open.empty() || "/" + open.back() != name) {
            return false;
        } else {
            open.pop_back();
        }
    }
    return open.empty();
}

/// The exit code once more, by what is there at all: 2 > 1 > 3 > 0, but what nobody could judge spoils nothing.
inline int expected_exit(const truename::doctor::Report& report) {
    using truename::doctor::Outcome, truename::doctor::Reaches;
    bool refuses = !report.uncertifiable.empty(), warns = false, silent = false;
    for (const auto& endpoint : report.endpoints) refuses = refuses || !endpoint.shuts_out.empty();
    for (const auto& verdict : report.verdicts) {
        if (!truename::doctor::counts(verdict)) continue;
        refuses = refuses || verdict.reaches == Reaches::no || verdict.outcome == Outcome::refuses;
        warns = warns || (verdict.reaches != Reaches::no && verdict.outcome == Outcome::warns);
        silent = silent || (verdict.reaches != Reaches::no && verdict.outcome == Outcome::silent);
    }
    if (refuses) return 2;
    if (warns) return 1;
    return !silent ? 3 : report.near_expiry ? 1 : 0;
}

inline void check_references(const truename::doctor::Report& report) {
    const auto is_client = [&](const std::string& id) {
        return std::ranges::any_of(report.clients, [&](const auto& client) { return client.id == id; });
    };
    const auto is_cause = [&](const std::string& id) {
        const auto has_it = [&](const auto& cause) { return cause.id == id; };
        return std::ranges::any_of(report.causes, has_it) || std::ranges::any_of(report.also, has_it);
    };
    for (const auto& verdict : report.verdicts) {
        must(is_client(verdict.id), "a verdict is of a client that was asked");
        must(chain_named(report, verdict.chain) != nullptr, "and about a chain that was shown");
        must(verdict.outcome != truename::doctor::Outcome::not_judged || verdict.why.has_value(), "who could not be judged has a reason");
    }
    for (const auto& cause : report.causes) {
        must(!cause.text.empty() && !cause.headline.empty(), "a cause has words");
        must(std::ranges::all_of(cause.clients, is_client), "a cause touches clients that were asked");
        for (const std::string& chain : cause.chains) must(chain_named(report, chain) != nullptr, "and chains that were shown");
    }
    for (const auto& mend : report.mends) {
        must(!mend.text.empty(), "a mend has words");
        must(std::ranges::all_of(mend.causes, is_cause), "a mend takes away causes that are there");
        for (const auto* list : {&mend.helps, &mend.left, &mend.not_judged})
            must(std::ranges::all_of(*list, is_client), "a mend helps clients that were asked");
        for (const std::string& helped : mend.helps)
            must(std::ranges::find(mend.left, helped) == mend.left.end(), "who is helped is not left");
    }
    for (const auto& endpoint : report.endpoints) {
        must(!endpoint.chain || chain_named(report, *endpoint.chain) != nullptr, "an endpoint shows a chain of the report");
        must(std::ranges::all_of(endpoint.shuts_out, is_client), "an endpoint shuts out clients that were asked");
    }
}

inline void check_renderers(const truename::doctor::Report& report) {
    using namespace truename::doctor;
    const std::string json = render_json(report), summary = render_json_summary(report), line = render_json_line(report);
    must(is_safe(json) && is_json(json), "JSON is JSON");
    must(is_safe(summary) && is_json(summary) && summary.find('\n') == std::string::npos, "so is its summary, on one line");
    must(is_json(line) && line.find('\n') == std::string::npos, "so is the whole on one line");
    for (const unsigned width : {40U, 100U}) {
        TextOptions options;
        options.verbose = width == 100;
        options.width = width;
        const std::string text = render_text(report, options);
        must(is_safe(text) && text.ends_with('\n'), "text is safe for a terminal");
    }
    const std::string status = render_nagios(report);
    must(is_safe(status) && status.find('\n') == status.size() - 1, "a status is one line");
    must(std::ranges::count(status, '|') == 1, "performance data begin once");
    const std::string page = render_html(report);
    must(is_safe(page) && page.size() < 300 * 1024, "a page is small");
    must(is_page(page) && page.find("<script") == std::string::npos, "a page is well-formed and holds no script");
}

/// `requires_some`: what --require names may raise the exit code.
inline void check_report(const truename::doctor::Report& report, bool requires_some) {
    must(report.exit >= 0 && report.exit <= 3 && !report.headline.empty(), "a report has a verdict in one sentence");
    must(requires_some || report.exit == expected_exit(report), "the exit code is the worst verdict");
    check_references(report);
    check_renderers(report);
}
