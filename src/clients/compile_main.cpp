// compile_clients DATA [OUT.cpp]: checks data/clients and data/dialogs, and makes the tables of compiled() from them. A tool of the build.
#include <cstdio>
#include <fstream>
#include <string>

#include "clients/emit.h"
#include "clients/library.h"

int main(int argc, char** argv) {
    using namespace truename::clients;
    if (argc != 2 && argc != 3) {
        std::fputs("usage: compile_clients DATA [OUT.cpp]\n", stderr);
        return 64;
    }
    const auto files = data_files(argv[1]);
    if (!files) {
        std::fprintf(stderr, "%s\n", to_sentence(files.error()).c_str());
        return 66;
    }
    std::vector<DataProblem> problems;
    const auto library = read_library(*files, problems);
    for (const DataProblem& problem : problems) std::fprintf(stderr, "%s/%s\n", argv[1], to_string(problem).c_str());
    if (!library) return 65;
    if (argc == 2) {
        std::printf("%zu profiles, %zu dialogs, %zu sets\n", library->profiles.size(), library->dialogs.size(), library->sets.size());
        return 0;
    }
    std::ofstream out(argv[2], std::ios::binary);
    out << emit(*library);
    return out.flush() ? 0 : 73;
}
