#include "wizard/page_json.h"

#include "base/json.h"
#include "base/text.h"

namespace truename::wizard {

namespace {

void write_words(JsonWriter& json, std::string_view name, const std::vector<std::string>& words) {
    json.key(name).begin_array();
    for (const std::string& word : words) json.value(word);
    json.end_array();
}

void write_page(JsonWriter& json, const Page& page) {
    json.begin_object().member("id", page.id).member("title", page.title);
    write_words(json, "text", page.text);
    json.key("choices").begin_array();
    for (const Choice& choice : page.choices) json.begin_object().member("value", choice.value).member("text", choice.text).end_object();
    json.end_array().member("takes_text", page.takes_text).member("suggestion", page.suggestion).end_object();
}

void write_steps(JsonWriter& json, const std::vector<Step>& steps) {
    json.begin_array();
    for (const Step& step : steps) {
        json.begin_object();
        write_words(json, "command", step.command);
        write_words(json, "rehearsal", step.rehearsal);
        write_words(json, "look", step.look);
        json.member("then", step.then).end_object();
    }
    json.end_array();
}

/// Takes one answer after the other; gives a sentence on the first that is not taken, or nothing.
std::string take_all(const Wizard& wizard, const std::vector<std::pair<std::string, std::string>>& given, Answers& answers) {
    for (const auto& [id, text] : given) {
        const auto page = wizard.next(answers);
        if (!page) return "Nothing is left to ask, but \"" + printable(id) + "\" was answered.";
        if (page->id != id) return "\"" + page->id + "\" is asked now, and not \"" + printable(id) + "\".";
        if (const auto taken = take_answer(wizard, answers, *page, text); !taken) return taken.error();
    }
    return "";
}

}  // namespace

AskedPage page_after(const Wizard& wizard, const std::vector<std::pair<std::string, std::string>>& given) {
    AskedPage asked{std::string(wizard.id()), {}, {}, {}};
    asked.wrong = take_all(wizard, given, asked.answers);
    asked.page = wizard.next(asked.answers);
    if (!asked.page) asked.steps = wizard.steps(asked.answers);
    return asked;
}

std::string to_json(const AskedPage& asked) {
    JsonWriter json(2);
    json.begin_object().member("wizard", asked.wizard).key("answers").begin_object();
    for (const auto& [id, value] : asked.answers.all()) json.member(id, value);
    json.end_object().key("wrong");
    if (asked.wrong.empty())
        json.null();
    else
        json.value(asked.wrong);
    json.key("page");
    if (asked.page)
        write_page(json, *asked.page);
    else
        json.null();
    write_steps(json.key("steps"), asked.steps);
    return json.end_object().take() + "\n";
}

}  // namespace truename::wizard
