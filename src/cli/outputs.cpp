#include "cli/outputs.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "cli/program.h"
#include "doctor/render.h"

namespace truename::cli {

namespace {

// A page of more targets than this is of no use to a reader, and all its reports have to be kept until the end.
constexpr std::size_t kMostOnOnePage = 200;

constexpr std::string_view kFormats[] = {"text", "json", "jsonl", "html", "nagios"};

}  // namespace

std::optional<Outputs::Format> Outputs::format_named(std::string_view name) {
    for (std::size_t i = 0; i < std::size(kFormats); ++i) {
        if (kFormats[i] == name) return static_cast<Format>(i);
    }
    return std::nullopt;
}

Result<Outputs::Output, Stop> Outputs::open_one(std::string_view value, Many many) {
    const std::size_t equals = value.find('=');
    const std::string_view name = value.substr(0, equals);
    const std::optional<Format> format = format_named(name);
    if (!format) {
        const std::string_view near = nearest(name, kFormats);
        return Unexpected{
            usage_stop("-o", "\"" + printable(name) + "\" is no format",
                       near.empty() ? "They are text, json, jsonl, html and nagios" : "Did you mean " + std::string(near) + "?")};
    }
    if (many != Many::one && (format == Format::json || format == Format::nagios)) {
        return Unexpected{
            usage_stop("-o", std::string(name) + " holds one target, and there are several",
                       format == Format::json ? "Use -o jsonl, one object a line" : "Run truename once a target, or use -o jsonl")};
    }
    Output output{*format, std::nullopt};
    if (equals == std::string_view::npos) return output;
    const std::string_view path = value.substr(equals + 1);
    if (path.empty()) return Unexpected{usage_stop("-o", "the file's name is missing after =")};
    if (path == "-") return output;
    Result<AtomicFile, Stop> file = AtomicFile::create(path);
    if (!file) return forward_error(file);
    output.file = std::move(*file);
    return output;
}

Result<Outputs, Stop> Outputs::open(const Arguments& arguments, Many many) {
    Outputs outputs;
    bool to_standard_output = false;
    for (const std::string_view value : arguments.all("output")) {
        Result<Output, Stop> output = open_one(value, many);
        if (!output) return forward_error(output);
        if (!output->file && to_standard_output)
            return Unexpected{usage_stop("-o", "two formats would go to standard output", "Give one of them a file: -o html=report.html")};
        to_standard_output = to_standard_output || !output->file;
        outputs.outputs_.push_back(std::move(*output));
    }
    if (outputs.outputs_.empty()) outputs.outputs_.push_back({many == Many::list ? Format::jsonl : Format::text, std::nullopt});
    const std::string_view detail = arguments.get("detail").value_or(many == Many::list ? "summary" : "full");
    outputs.full_detail_ = detail == "full";
    outputs.lang_ = arguments.get("lang").value_or("");
    return outputs;
}

bool Outputs::is_brief() const {
    return std::all_of(outputs_.begin(), outputs_.end(), [&](const Output& output) {
        return output.format == Format::nagios || (output.format == Format::jsonl && !full_detail_);
    });
}

std::string Outputs::render(Format format, const doctor::Report& report, bool to_terminal, const Program& program) const {
    switch (format) {
        case Format::text:
            return (first_ ? "" : "\n") + doctor::render_text(report, {.colour = to_terminal && program.colours(),
                                                                       .width = to_terminal ? program.width() : 100,
                                                                       .verbose = program.verbose()});
        case Format::json:
            return doctor::render_json(report);
        case Format::jsonl:
            return (full_detail_ ? doctor::render_json_line(report) : doctor::render_json_summary(report)) + '\n';
        case Format::nagios:
            return doctor::render_nagios(report);
        case Format::html:
            break;
    }
    return {};
}

Result<void, Stop> Outputs::write(Output& output, std::string_view text, Program& program) {
    if (output.file) return output.file->write(text);
    program.print(text);
    if (std::optional<Stop> failure = program.output_failure()) return Unexpected{std::move(*failure)};
    return {};
}

void Outputs::say_what_is_english(const doctor::Report& report, Program& program) {
    const bool some = !lang_.empty() && std::any_of(report.verdicts.begin(), report.verdicts.end(), [&](const doctor::Verdict& verdict) {
        return verdict.dialog && verdict.dialog->lang != lang_;
    });
    if (!some) return;
    program.note("--lang " + printable(lang_) + ": dialogs whose words are not all known in that language are shown in English.");
    lang_.clear();
}

Result<void, Stop> Outputs::add(const doctor::Report& report, Program& program) {
    say_what_is_english(report, program);
    program.detail(printable(report.target.name) + ": judged " + counted(report.chains.size(), "chain") + " with " +
                   counted(report.clients.size(), "client") + ", " + counted(report.verdicts.size(), "verdict"));
    bool keep = false;
    for (Output& output : outputs_) {
        if (output.format == Format::html) {
            keep = true;
        } else if (auto written = write(output, render(output.format, report, !output.file, program), program); !written) {
            return written;
        }
    }
    first_ = false;
    if (keep && kept_.size() < kMostOnOnePage)
        kept_.push_back(report);
    else if (keep)
        ++left_out_;
    return {};
}

Result<void, Stop> Outputs::finish(Program& program) {
    for (Output& output : outputs_) {
        if (output.format == Format::html) {
            if (auto written = write(output, kept_.size() == 1 ? doctor::render_html(kept_[0]) : doctor::render_html(kept_), program);
                !written)
                return written;
        }
        if (!output.file) continue;
        if (auto done = output.file->commit(); !done) return done;
        program.detail("wrote " + printable(output.file->path()));
    }
    if (left_out_ != 0)
        program.note("The page shows the first " + std::to_string(kMostOnOnePage) + " targets; " + std::to_string(left_out_) +
                     (left_out_ == 1 ? " more is not on it." : " more are not on it."));
    return {};
}

}  // namespace truename::cli
