// recipe_tool RECIPE KEYS FOLDER: writes what a recipe describes as PEM files, for the demo and the tests that need files. A certificate
// becomes NAME.pem and NAME.key, a request NAME.csr and NAME.key. The keys are the public ones of tests/keys, so their files are ordinary.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <tuple>

#include "recipe/recipe.h"
#include "x509/pem.h"

namespace {

bool write(const std::filesystem::path& file, const std::string& text) {
    std::ofstream stream(file, std::ios::binary);
    stream << text;
    stream.close();
    if (!stream) std::fprintf(stderr, "recipe_tool: %s cannot be written\n", file.c_str());
    return static_cast<bool>(stream);
}

int stop(const truename::Failure& failure) {
    std::fprintf(stderr, "recipe_tool: %s\n", to_sentence(failure).c_str());
    return 65;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fprintf(stderr, "usage: recipe_tool RECIPE KEYS FOLDER\n");
        return 64;
    }
    const std::filesystem::path folder = argv[3];
    const auto recipe = truename::recipe::load_file(argv[1]);
    if (!recipe) return stop(recipe.error());
    const auto built = truename::recipe::build(*recipe, argv[2]);
    if (!built) return stop(built.error());
    bool good = true;
    for (const auto& [items, suffix, label] :
         {std::tuple{&built->certificates, ".pem", "CERTIFICATE"}, std::tuple{&built->requests, ".csr", "CERTIFICATE REQUEST"}})
        for (const auto& [name, item] : *items)
            good = write(folder / (name + suffix), truename::x509::to_pem(label, item.der)) &&
                   write(folder / (name + ".key"), item.key.to_pem()) && good;
    return good ? 0 : 73;
}
