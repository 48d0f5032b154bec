#include "recipe/file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "recipe/recipe.h"
#include "recipe/test_case.h"

namespace truename::recipe {

Result<std::string, Failure> read_file(const std::filesystem::path& file, std::size_t limit, std::string_view doing) {
    const auto complain = [&](std::string reason) {
        return Unexpected{Failure{FailureKind::input, std::string(doing), file.string(), std::move(reason), {}}};
    };
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return complain(std::strerror(errno));
    std::string text(limit + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad()) return complain("it cannot be read");
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.size() > limit) return complain("it is larger than " + std::to_string(limit) + " bytes");
    return text;
}

Result<Recipe, Failure> load_file(const std::filesystem::path& file) {
    const auto text = read_file(file, kMaxRecipeBytes, "reading the recipe");
    if (!text) return forward_error(text);
    return load(*text, file.string());
}

Result<TestCase, Failure> load_case_file(const std::filesystem::path& file) {
    const auto text = read_file(file, kMaxRecipeBytes, "reading the recipe");
    if (!text) return forward_error(text);
    return load_case(*text, file.string());
}

Result<std::vector<TestCase>, Failure> load_cases(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (std::filesystem::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        if (at->path().extension() == ".toml") files.push_back(at->path());
    if (error) return Unexpected{Failure{FailureKind::input, "reading the cases", folder.string(), error.message(), {}}};
    std::ranges::sort(files);
    std::vector<TestCase> cases;
    for (const std::filesystem::path& file : files) {
        auto test = load_case_file(file);
        if (!test) return forward_error(test);
        const std::string place = std::filesystem::relative(file, folder).replace_extension().generic_string();
        if (test->id != place)
            return Unexpected{Failure{FailureKind::input,
                                      "reading the recipe",
                                      file.string(),
                                      "its id is '" + test->id + "', but its place says '" + place + "'",
                                      {}}};
        cases.push_back(*std::move(test));
    }
    return cases;
}

}  // namespace truename::recipe
