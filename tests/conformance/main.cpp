// truename-conformance SUITE FOLDER: judges every case of a public suite, prints those that come out otherwise than the suite says, and
// ends with `SUITE: N of M right, D deviations`. A program for tests; it is not installed.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "tests/conformance/suite.h"

namespace truename::conformance {

std::string read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("cannot open " + file.string());
    return {std::istreambuf_iterator<char>(in), {}};
}

namespace {

using Run = std::vector<Case> (*)(const std::filesystem::path&);
constexpr std::pair<std::string_view, Run> kSuites[] = {{"pkits", run_pkits}};

int run(std::string_view name, const std::filesystem::path& folder) {
    const auto suite = std::find_if(std::begin(kSuites), std::end(kSuites), [&](const auto& row) { return row.first == name; });
    if (suite == std::end(kSuites)) throw std::runtime_error("there is no suite " + std::string(name));
    std::size_t right = 0;
    const std::vector<Case> cases = suite->second(folder);
    for (const Case& one : cases) {
        if (one.expected == one.ours) {
            ++right;
            continue;
        }
        std::printf("%s: expected %s, ours %s (%s)\n", one.id.c_str(), one.expected.c_str(), one.ours.c_str(),
                    join(one.findings, ", ").c_str());
    }
    std::printf("%s: %zu of %zu right, 0 deviations\n", std::string(name).c_str(), right, cases.size());
    return right == cases.size() ? 0 : 1;
}

}  // namespace

}  // namespace truename::conformance

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("usage: truename-conformance SUITE FOLDER\n", stderr);
        return 64;
    }
    try {
        return truename::conformance::run(argv[1], argv[2]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "truename-conformance: %s\n", error.what());
        return 66;
    }
}
