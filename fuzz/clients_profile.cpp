// Reaches read_library(), and with what it reads print(), gaps(), select() and show(): everything that a folder of data (--data)
// can make happen. The input is a profile; the base and the dialog that it may stand on are fixed, so that most of the work is not lost to
// missing files. Inputs whose first byte is `d` are a dialog instead, `b` a base.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "clients/library.h"
#include "clients/verdict.h"
#include "fuzz/must.h"
#include "fuzz/text_mutator.h"

namespace {

using namespace truename::clients;

constexpr const char *kBasePath = "clients/bases/lib.toml", *kClientPath = "clients/demo.toml", *kDialogPath = "dialogs/ask.toml";

constexpr const char* kBase = R"([base]
id = "lib@1"
name = "A library"
[trust]
source = "S"
confidence = "source"
store = "system"
takes_added = "yes"
[path]
source = "S"
confidence = "source"
uses = ["server"]
search = "best"
names_equal = "bytes"
key_identifier = "hint"
judges = "path"
reports = "afterwards"
[report]
source = "S"
confidence = "source"
order = ["name.mismatch"]
show = "all"
[[reaction]]
finding = "path.self-signed"
action = "unknown"
)";

constexpr const char* kClient = R"([client]
id = "demo"
name = "Demo"
version = "1"
platform = "p-1"
base = "lib@1"
[[reaction]]
finding = "name.mismatch"
action = "warns"
dialog = "ask"
source = "S"
confidence = "source"
)";

constexpr const char* kDialog = R"([dialog]
id = "ask"
name = "Q"
source = "S"
confidence = "source"
[texts.t]
en = "On {HOST}, port {PORT}, until {DATE:M/D/YYYY}"
de = "Auf {HOST} bis {DATE}"
[texts.yes]
en = "Yes"
[texts.more]
en = "unknown"
[[step]]
id = "s"
title = "t"
lines = ["t", "*"]
[[step.button]]
label = "more"
does = "goes"
next = "u"
[[step.button]]
label = "yes"
does = "refuses"
[[step]]
id = "u"
looks = "page"
lines = ["*"]
[[step.checkbox]]
label = "more"
checked = true
unchecked_lasts = "session"
[[step.button]]
label = "t"
does = "goes"
next = "v"
[[step.button]]
label = "yes"
does = "accepts"
lasts = "forever"
bound_to = ["host", "key"]
covers = "all"
[[step]]
id = "v"
[[step.button]]
label = "yes"
does = "accepts"
lasts = "unknown"
bound_to = "unknown"
covers = "shown"
)";

std::vector<DataFile> read_files(std::string_view text) {
    std::vector<DataFile> files;
    while (text.starts_with("== ") && files.size() < 8) {
        const std::size_t line = std::min(text.find('\n'), text.size()), end = std::min(text.find("\n== ", line), text.size() - 1) + 1;
        files.push_back({std::string(text.substr(3, line - 3)), std::string(text.substr(line, end - line))});
        text.remove_prefix(end);
    }
    return files;
}

std::vector<DataFile> files_of(char kind, std::string text) {
    if (kind == 'f') return read_files(text);
    std::vector<DataFile> files = {{kBasePath, kBase}, {kClientPath, kClient}, {kDialogPath, kDialog}};
    files[kind == 'b' ? 0 : kind == 'd' ? 2 : 1].text = std::move(text);
    return files;
}

/// A word that names a client or a set on the command line holds nothing that parts such words.
bool is_plain(std::string_view id) {
    return !id.empty() &&
           std::ranges::all_of(id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-'; });
}

void check_profile(const Library& library, const Profile& profile) {
    must(!print(profile).empty(), "a profile can be shown");
    must(is_plain(profile.product), "a client's id can be typed");
    const std::string ids[] = {std::string(profile.id)};
    const auto found = select(library, ids);
    must(found.has_value() && found->size() == 1 && found->front() == &profile, "a profile is found by its id");
    must(std::ranges::is_sorted(profile.reactions, {}, &Reaction::finding), "reactions stand by their findings");
    for (const Reaction& reaction : profile.reactions) {
        must(reaction.line == nullptr || reaction.dialog != nullptr, "a line is one of a dialog");
        must(!reaction.action.known || !reaction.action.source.empty(), "what a client does is known from somewhere");
        const auto answers = profile.reactions_to(reaction.finding);
        must(std::ranges::any_of(answers, [&](const Reaction& other) { return &other == &reaction; }),
             "a reaction is found by its finding");
    }
    const auto is_known = [](const Reaction& reaction) { return reaction.action.known; };
    for (const truename::FindingId id : gaps(profile))
        must(std::ranges::none_of(profile.reactions_to(id), is_known), "what is known is no gap");
}

/// A library is in its own order, whatever order the files are read in.
void check_order(const Library& library, std::vector<DataFile> files) {
    must(std::ranges::is_sorted(library.profiles, {}, &Profile::product), "profiles stand by their products");
    must(std::ranges::is_sorted(library.dialogs, {}, &Dialog::id), "dialogs by their ids");
    must(std::ranges::is_sorted(library.sets, {}, &ClientSet::name), "sets by their names");
    std::ranges::reverse(files);
    std::vector<DataProblem> problems;
    const auto again = read_library(files, problems);
    must(again && again->profiles.size() == library.profiles.size(), "the order of files does not matter");
    for (std::size_t i = 0; i < library.profiles.size(); ++i)
        must(print(again->profiles[i]) == print(library.profiles[i]), "nor to what a profile says");
}

/// Names of clients and sets as somebody types them, rightly or not.
void check_selecting(const Library& library) {
    const std::string all[] = {"all"};
    const auto everybody = select(library, all);
    must(everybody && everybody->size() == library.profiles.size(), "all are all");
    for (const ClientSet& set : library.sets)
        must(select(library, std::array{std::string(set.name)}).has_value(), "a set is found by its name");
    if (library.profiles.empty()) return;
    const std::string id(library.profiles.front().id);
    for (const std::string& typed :
         {id + "x", std::string("nobody"), id + "@0", id + "/nowhere", id + "@" + std::string(library.profiles.front().version)}) {
        const auto found = select(library, std::array{typed});
        must(found ? !found->empty() : !found.error().reason.empty(), "who is not found is told");
    }
    (void)select(library, {});
}

/// A text with its values in it, one character after another.
std::string filled(std::string_view text, std::string_view host) {
    std::string all, name;
    bool inside = false;
    for (const char c : text) {
        if (inside && c == '}') {
            all += name == "HOST" ? host : "…";
            name.clear();
            inside = false;
        } else if (inside) {
            name += c;
        } else if (c == '{') {
            inside = true;
        } else {
            all += c;
        }
    }
    return all;
}

void check_texts(const Dialog& dialog) {
    const AskedDialog asked{&dialog, {}, {{"HOST", "h{PORT}"}}};
    for (const Text& text : dialog.texts) {
        for (const Translation& translation : text.translations) {
            must(!translation.text.known || !translation.text.source.empty(), "a text is known from somewhere");
            if (!translation.text.known || text.in(translation.lang) != translation.text.value) continue;
            must(show(asked, text, translation.lang) == filled(translation.text.value, "h{PORT}"), "a text is shown with its values");
        }
    }
}

/// Whether a step with a button that accepts can be reached.
bool can_be_accepted(const Dialog& dialog) {
    std::vector<bool> reached(dialog.steps.size());
    reached[0] = true;
    for (std::size_t i = 0; i < dialog.steps.size(); ++i) {
        for (const Button& button : dialog.steps[i].buttons) {
            if (reached[i] && button.does == Does::accepts) return true;
            if (reached[i] && button.does == Does::goes) reached[button.next] = true;
        }
    }
    return false;
}

void check_dialog(const Dialog& dialog) {
    must(!dialog.steps.empty(), "a dialog has a step");
    const ShownDialog shown = show({&dialog, {}, {{"HOST", "h"}}}, "en");
    must(shown.steps.size() == dialog.steps.size(), "every step is shown");
    for (std::size_t i = 0; i < shown.steps.size(); ++i) {
        const ShownStep& step = shown.steps[i];
        must(step.id == dialog.steps[i].id, "in the order of the file");
        const auto later = std::ranges::subrange(shown.steps.begin() + static_cast<std::ptrdiff_t>(i) + 1, shown.steps.end());
        const auto has_id = [](std::string_view id) { return [id](const ShownStep& other) { return other.id == id; }; };
        must(std::ranges::none_of(later, has_id(step.id)), "each has a name of its own");
        for (const auto& button : step.buttons)
            must(button.does != Does::goes || std::ranges::any_of(later, has_id(button.next)), "a button leads to a later step");
    }
    check_texts(dialog);
    const auto way = accepting_way(dialog);
    must(way.has_value() == can_be_accepted(dialog), "who can go on is told how");
    must(!way || (way->button != nullptr && way->button->does == Does::accepts), "by a button that accepts");
}

}  // namespace

/// Half of what is tried is one step away from files in which all is well; what is far away is mostly refused at its first line.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
    const auto file = [](const char* path, const char* text) { return "== " + std::string(path) + "\n" + text; };
    static const std::string kWhole = "f" + file(kBasePath, kBase) + file(kClientPath, kClient) + file(kDialogPath, kDialog);
    static const std::string kOneDialog = "d" + std::string(kDialog);
    if (seed % 4 < 2 && max >= kWhole.size()) {
        const std::string& good = seed % 4 == 0 ? kWhole : kOneDialog;
        std::ranges::copy(good, data);
        size = good.size();
    }
    return mutate_text(data, size, max, seed / 4, 1);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0 || size > 16'384) return 0;
    const std::vector<DataFile> files = files_of(static_cast<char>(data[0]), {reinterpret_cast<const char*>(data) + 1, size - 1});
    std::vector<DataProblem> problems;
    const auto library = read_library(files, problems);
    must((library != nullptr) == problems.empty(), "a library or problems, never both, never neither");
    for (const DataProblem& problem : problems) {
        must(!problem.reason.empty() && !to_string(problem).empty(), "a problem has words");
        const auto is_there = [&](const DataFile& file) {
            return file.path == problem.file && problem.line <= std::ranges::count(file.text, '\n') + 1;
        };
        const auto is_it = [&](const DataFile& file) { return file.path == problem.file; };
        must(std::ranges::none_of(files, is_it) || std::ranges::any_of(files, is_there), "and a place inside its file");
    }
    if (!library) {
        std::vector<DataProblem> again;
        must(!read_library(files, again) && again == problems, "the same files give the same problems");
        return 0;
    }
    check_selecting(*library);
    check_order(*library, files);
    for (const Profile& profile : library->profiles) check_profile(*library, profile);
    for (const Dialog& dialog : library->dialogs) check_dialog(dialog);
    return 0;
}
