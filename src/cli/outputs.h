#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/arguments.h"
#include "cli/exit_code.h"
#include "cli/file.h"
#include "doctor/report.h"

namespace truename::cli {

class Program;

/// How many targets a command has.
enum class Many : std::uint8_t {
    one,      ///< exactly one
    several,  ///< those on the command line, so not very many
    list,     ///< as many as a file has; nothing may be kept of them
};

/// Where the reports of one run go: what `-o` and `--detail` say. Files are created when it is made and get their names in finish().
class Outputs {
  public:
    /// Reads the options `output` and `detail` of the command. Stops with usage for an unknown format, two formats for standard output, or
    /// one that cannot hold so many targets; with no_write for a file that cannot be created.
    [[nodiscard]] static Result<Outputs, Stop> open(const Arguments& arguments, Many many);

    /// True when no output has room for mends: summaries of lists and monitoring lines.
    [[nodiscard]] bool is_brief() const;

    /// Writes one report to every output, at once where the format allows. The first one whose dialogs are not known in the language of
    /// --lang brings a note.
    [[nodiscard]] Result<void, Stop> add(const doctor::Report& report, Program& program);
    /// Writes what had to wait and gives the files their names.
    [[nodiscard]] Result<void, Stop> finish(Program& program);

  private:
    enum class Format : std::uint8_t { text, json, jsonl, html, nagios };
    struct Output {
        Format format = Format::text;
        std::optional<AtomicFile> file;  // nothing for standard output
    };

    [[nodiscard]] static std::optional<Format> format_named(std::string_view name);
    [[nodiscard]] static Result<Output, Stop> open_one(std::string_view value, Many many);
    [[nodiscard]] std::string render(Format format, const doctor::Report& report, bool to_terminal, const Program& program) const;
    void say_what_is_english(const doctor::Report& report, Program& program);
    [[nodiscard]] static Result<void, Stop> write(Output& output, std::string_view text, Program& program);

    std::vector<Output> outputs_;
    std::string lang_;  // what --lang asks for; empty: nothing, or that was said to be missing already
    bool full_detail_ = false;
    bool first_ = true;
    std::vector<doctor::Report> kept_;  // for html, at most kMostOnOnePage
    std::size_t left_out_ = 0;
};

}  // namespace truename::cli
