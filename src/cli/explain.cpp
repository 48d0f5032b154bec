#include "explain/explain.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/file.h"
#include "cli/judging.h"
#include "cli/program.h"
#include "cli/shared_options.h"
#include "cli/wrap.h"

namespace truename::cli {

namespace {

// More than these are no help: what a text means is seldom found further down.
constexpr std::size_t kMostTexts = 3;
// A few words that fit tell a meaning, but programs say them alike: only from this fit on it is said whose they are.
constexpr double kSurelyOf = 0.5;

/// One meaning with everything in the question that led to it.
struct Explained {
    const explain::Meaning* meaning;
    std::vector<std::string> heads;  // one line each: the code or the program whose text it is
};

/// The words of the command line, or standard input for `-`.
Result<std::string, Stop> read_question(const Arguments& arguments) {
    std::string question;
    if (arguments.positionals().size() == 1 && arguments.positionals()[0] == "-") {
        const auto bytes = read_file("-", "reading the text on");
        if (!bytes) return forward_error(bytes);
        question = as_text(*bytes);
    } else {
        for (const std::string_view word : arguments.positionals()) question += (question.empty() ? "" : " ") + std::string(word);
    }
    if (trim(question).empty()) return Unexpected{usage_stop("the command line", "the text is empty")};
    return question;
}

void add(std::vector<Explained>& all, const explain::Meaning* meaning, std::string head) {
    if (!meaning) return;
    const auto known = std::find_if(all.begin(), all.end(), [&](const Explained& each) { return each.meaning == meaning; });
    Explained& explained = known == all.end() ? all.emplace_back(Explained{meaning, {}}) : *known;
    if (std::find(explained.heads.begin(), explained.heads.end(), head) == explained.heads.end())
        explained.heads.push_back(std::move(head));
}

std::vector<Explained> explain_answer(const explain::Answer& answer, const explain::Library& library) {
    std::vector<Explained> all;
    for (const explain::CodeMatch& code : answer.codes) {
        std::string others;
        for (const std::string& spelling : code.spellings) {
            if (!equal_ignoring_ascii_case(spelling, code.code)) others += (others.empty() ? "" : ", ") + spelling;
        }
        add(all, library.meaning(code.meaning),
            printable(code.code) + (others.empty() ? "" : " (" + others + ")") + ": a code of " +
                std::string(library.family_name(code.family)));
    }
    for (std::size_t i = 0; i < std::min(kMostTexts, answer.texts.size()); ++i) {
        const explain::TextMatch& text = answer.texts[i];
        add(all, library.meaning(text.meaning),
            std::string(i == 0 && text.fit >= kSurelyOf ? "A text of " : "Perhaps a text of ") +
                std::string(library.family_name(text.family)) +
                (text.language == "en" ? "" : " (language: " + std::string(text.language) + ")"));
    }
    return all;
}

void append_list(std::string& out, std::string_view title, const std::vector<std::string>& items) {
    if (items.empty()) return;
    out += "  " + std::string(title) + '\n';
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string number = std::to_string(i + 1);
        out += "   " + std::string(number.size() < 2 ? 2 - number.size() : 0, ' ') + number + "  ";
        std::string item = items[i];
        std::erase(item, '`');
        append_wrapped(out, item, 7, 7, 100);
    }
}

std::string_view who_acts(std::string_view side) {
    if (side == "server") return "The administrator of the server has to act.";
    if (side == "user") return "The user or the administrator of this computer has to act.";
    if (side == "network") return "Whoever runs the network between them has to act.";
    if (side == "authority") return "The authority that issued the certificate has to act.";
    return "Who has to act is open.";
}

std::string as_text_for_people(const std::vector<Explained>& all) {
    std::string out;
    for (const Explained& each : all) {
        if (!out.empty()) out += '\n';
        for (const std::string& head : each.heads) append_wrapped(out, head, 0, 2, 100);
        out += "  Says          ";
        append_wrapped(out, each.meaning->says, 16, 16, 100);
        if (!each.meaning->says_not.empty()) {
            out += "  Does not say  ";
            append_wrapped(out, each.meaning->says_not, 16, 16, 100);
        }
        out += "  Who           " + std::string(who_acts(each.meaning->side)) + '\n';
        append_list(out, "Likely causes", each.meaning->causes);
        append_list(out, "Next", each.meaning->next);
        out += "  Finding       " + each.meaning->id + '\n';
    }
    return out;
}

void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
    json.key(key).begin_array();
    for (const std::string& text : texts) json.value(text);
    json.end_array();
}

void write_codes_and_texts(JsonWriter& json, const explain::Answer& answer) {
    json.key("codes").begin_array();
    for (const explain::CodeMatch& code : answer.codes) {
        json.begin_object().member("code", code.code);
        write_texts(json, "spellings", code.spellings);
        json.member("family", code.family)
            .member("meaning", code.meaning)
            .member("source", code.source)
            .member("confidence", code.confidence);
        json.end_object();
    }
    json.end_array().key("texts").begin_array();
    for (const explain::TextMatch& text : answer.texts) {
        json.begin_object().member("meaning", text.meaning).member("family", text.family).member("language", text.language);
        json.member("score", text.score).end_object();
    }
    json.end_array().key("suggestions").begin_array();
    for (const explain::CodeSuggestion& suggestion : answer.suggestions) {
        json.begin_object().member("code", suggestion.written);
        write_texts(json, "spellings", suggestion.spellings);
        json.end_object();
    }
    json.end_array();
}

std::string as_json(const explain::Answer& answer, const std::vector<Explained>& all, std::string_view question) {
    JsonWriter json(2);
    json.begin_object().member("schema_version", 1).member("question", question);
    write_codes_and_texts(json, answer);
    json.key("meanings").begin_array();
    for (const Explained& each : all) {
        json.begin_object().member("id", each.meaning->id);
        json.member("says", each.meaning->says).member("does_not_say", each.meaning->says_not);
        json.member("side", each.meaning->side.empty() ? std::string("open") : each.meaning->side);
        write_texts(json, "causes", each.meaning->causes);
        write_texts(json, "next", each.meaning->next);
        json.end_object();
    }
    json.end_array().end_object();
    return json.take() + '\n';
}

ExitCode run_explain(const Arguments& arguments, Program& program) {
    const Result<std::string, Stop> question = read_question(arguments);
    if (!question) return program.stop(question.error());
    const auto folder = data_folder(arguments);
    if (!folder) return program.stop(folder.error());
    // A folder that overrides only clients leaves the texts as they are.
    std::error_code ignored;
    const bool has_texts = std::filesystem::is_directory(std::filesystem::path(*folder) / "errors", ignored);
    const auto library = explain::Library::load(has_texts ? std::string_view(*folder) : std::string_view());
    if (!library) return program.stop(stop_for(library.error()));
    const explain::Answer answer = library->ask(*question);
    const std::vector<Explained> all = explain_answer(answer, *library);
    if (arguments.get("output").value_or("text") == "json")
        program.print(as_json(answer, all, *question));
    else if (!all.empty())
        program.print(as_text_for_people(all));
    for (const explain::CodeSuggestion& suggestion : answer.suggestions)
        program.note(printable(suggestion.written) + " is no code that is known. Did you mean " + join(suggestion.spellings, " or ") + "?");
    if (!all.empty()) return ExitCode::silent;
    if (!answer.suggestions.empty()) return ExitCode::not_judged;
    program.note(
        "No text about certificates or TLS that truename knows says this. Give the whole text of the dialog, or the code below it.");
    return ExitCode::not_judged;
}

constexpr Option kOptions[] = {
    {.name = "output",
     .letter = 'o',
     .argument = "FORMAT",
     .help = "Write `text` (the default) or `json`.",
     .offers = Offers::words,
     .words = "text json"},
    option::kData,
};

}  // namespace

const Command kExplainCommand = {
    .name = "explain",
    .summary = "Say what an error text or code of a mail program means, what it does not mean, and what to do",
    .positionals = "TEXT|CODE...",
    .least = 1,
    .most = kAnyNumber,
    .takes_numbers = true,
    .options = kOptions,
    .run = run_explain,
};

}  // namespace truename::cli
