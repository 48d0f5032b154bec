#include "servers/map_texts.h"

#include <algorithm>

namespace truename::servers {

namespace {

bool is_text_of(const std::string& map, const FileChange& change) {
    return map.ends_with(":" + change.path);
}

}  // namespace

std::pair<std::string, std::string> split_map_entry(const std::string& entry) {
    const std::size_t blank = entry.find(' ');
    return {entry.substr(0, blank), blank == std::string::npos ? "" : entry.substr(blank + 1)};
}

bool is_new_map(const std::string& map, const std::vector<FileChange>& changes) {
    return std::ranges::any_of(changes, [&](const FileChange& change) { return is_text_of(map, change) && !change.before.exists; });
}

std::size_t first_configuration(const std::vector<std::string>& maps, const std::vector<FileChange>& changes) {
    for (std::size_t i = changes.size(); i > 0; --i) {
        const auto is_its_text = [&](const std::string& entry) { return is_text_of(split_map_entry(entry).second, changes[i - 1]); };
        if (std::ranges::any_of(maps, is_its_text)) return i;
    }
    return changes.size();
}

}  // namespace truename::servers
