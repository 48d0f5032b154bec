// Reaches read_library(), and with what it reads print(), gaps(), select() and show(): everything that a folder of data (--data)
// can make happen. The input is a profile; the base and the dialog that it may stand on are fixed, so that most of the work is not lost to
// missing files. Inputs whose first byte is `d` are a dialog instead, `b` a base.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "clients/library.h"
#include "clients/verdict.h"

namespace {

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

void check(bool good) {
    if (!good) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace truename::clients;
    if (size == 0 || size > 16'384) return 0;
    const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    std::vector<DataFile> files = {{"clients/bases/lib.toml", kBase}, {"clients/x.toml", kClient}, {"dialogs/q.toml", kDialog}};
    files[data[0] == 'b' ? 0 : data[0] == 'd' ? 2 : 1].text = text;
    std::vector<DataProblem> problems;
    const auto library = read_library(files, problems);
    check((library != nullptr) == problems.empty());  // a library or problems, never both, never neither
    for (const DataProblem& problem : problems) check(!problem.reason.empty() && !to_string(problem).empty());
    std::vector<DataProblem> again;
    check((read_library(files, again) != nullptr) == (library != nullptr) && again == problems);
    if (!library) return 0;
    for (const Profile& profile : library->profiles) {
        check(!print(profile).empty());
        const std::string ids[] = {std::string(profile.id)};
        const auto found = select(*library, ids);
        check(found.has_value() && found->size() == 1);
        for (const Reaction& reaction : profile.reactions) check(reaction.line == nullptr || reaction.dialog != nullptr);
        check(gaps(profile).size() < 1'000);
    }
    for (const Dialog& dialog : library->dialogs) {
        check(!dialog.steps.empty());
        const ShownDialog shown = show({&dialog, {}, {{"HOST", "h"}}}, "en");
        check(shown.steps.size() == dialog.steps.size());
        accepting_way(dialog);
    }
    return 0;
}
