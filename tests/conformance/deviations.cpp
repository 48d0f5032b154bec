#include "tests/conformance/deviations.h"

#include <toml++/toml.h>

#include <algorithm>
#include <stdexcept>

namespace truename::conformance {

namespace {

bool fits(std::string_view pattern, std::string_view text) {
    if (pattern.ends_with('*')) return text.starts_with(pattern.substr(0, pattern.size() - 1));
    return pattern == text;
}

bool matches(const Deviation& deviation, const Case& one) {
    return fits(deviation.match, one.id) || std::any_of(one.features.begin(), one.features.end(),
                                                        [&](const std::string& feature) { return fits(deviation.match, feature); });
}

std::string text_of(const toml::table& table, const char* key, const std::filesystem::path& file) {
    const auto value = table[key].value<std::string>();
    if (!value || value->empty()) throw std::runtime_error(file.string() + ": a deviation without " + key);
    return *value;
}

}  // namespace

std::vector<Deviation> read_deviations(const std::filesystem::path& folder, const std::string& suite) {
    const std::filesystem::path file = folder / (suite + ".toml");
    std::vector<Deviation> deviations;
    if (!std::filesystem::exists(file)) return deviations;
    const toml::table root = toml::parse_file(file.string());
    if (const toml::array* list = root["deviation"].as_array()) {
        for (const toml::node& node : *list) {
            const toml::table& table = *node.as_table();
            deviations.push_back({text_of(table, "match", file),
                                  text_of(table, "expected", file),
                                  text_of(table, "ours", file),
                                  text_of(table, "reason", file),
                                  false,
                                  {}});
        }
    }
    return deviations;
}

const Deviation* find_deviation(std::vector<Deviation>& deviations, const Case& one) {
    const Deviation* found = nullptr;
    for (Deviation& deviation : deviations) {
        if (!matches(deviation, one) || deviation.expected != one.expected) continue;
        if (deviation.ours == one.ours) {
            deviation.is_used = true;
            found = &deviation;
        } else {
            deviation.stale.push_back(one.id);
        }
    }
    return found;
}

}  // namespace truename::conformance
