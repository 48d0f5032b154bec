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

namespace {

using namespace truename::clients;

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
id = "x"
name = "X"
version = "1"
platform = "p-1"
base = "lib@1"
[[reaction]]
finding = "name.mismatch"
action = "warns"
dialog = "q"
source = "S"
confidence = "source"
)";

constexpr const char* kDialog = R"([dialog]
id = "q"
name = "Q"
source = "S"
confidence = "source"
[texts.t]
en = "On {HOST}"
[[step]]
id = "s"
lines = ["t", "*"]
[[step.button]]
label = "t"
does = "refuses"
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
    std::vector<DataFile> files = {{"clients/bases/lib.toml", kBase}, {"clients/x.toml", kClient}, {"dialogs/q.toml", kDialog}};
    files[kind == 'b' ? 0 : kind == 'd' ? 2 : 1].text = std::move(text);
    return files;
}

void check_profile(const Library& library, const Profile& profile) {
    must(!print(profile).empty(), "a profile can be shown");
    const std::string ids[] = {std::string(profile.id)};
    const auto found = select(library, ids);
    must(found.has_value() && found->size() == 1 && found->front() == &profile, "a profile is found by its id");
    for (const Reaction& reaction : profile.reactions)
        must(reaction.line == nullptr || reaction.dialog != nullptr, "a line is one of a dialog");
    must(gaps(profile).size() < 1'000, "what is not known has an end");
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

void check_dialog(const Dialog& dialog) {
    must(!dialog.steps.empty(), "a dialog has a step");
    const ShownDialog shown = show({&dialog, {}, {{"HOST", "h"}}}, "en");
    must(shown.steps.size() == dialog.steps.size(), "every step is shown");
    for (std::size_t i = 0; i < shown.steps.size(); ++i) must(shown.steps[i].id == dialog.steps[i].id, "in the order of the file");
    for (std::size_t i = 0; i < shown.steps.size(); ++i) {
        const ShownStep& step = shown.steps[i];
        const auto later = std::ranges::subrange(shown.steps.begin() + static_cast<std::ptrdiff_t>(i) + 1, shown.steps.end());
        const auto has_id = [](std::string_view id) { return [id](const ShownStep& other) { return other.id == id; }; };
        must(std::ranges::none_of(later, has_id(step.id)), "each has a name of its own");
        must(step.text.find("{HOST}") == std::string::npos, "values are filled in");
        for (const auto& button : step.buttons)
            must(button.does != Does::goes || std::ranges::any_of(later, has_id(button.next)), "a button leads to a later step");
    }
    accepting_way(dialog);
}

}  // namespace

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
    std::vector<DataProblem> again;
    must((read_library(files, again) != nullptr) == (library != nullptr) && again == problems, "the same files give the same");
    if (!library) return 0;
    check_selecting(*library);
    for (const Profile& profile : library->profiles) check_profile(*library, profile);
    for (const Dialog& dialog : library->dialogs) check_dialog(dialog);
    return 0;
}
