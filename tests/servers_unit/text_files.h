#pragma once

#include <fnmatch.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "servers/config_files.h"

/// Files that are only texts, for readers that want a disk.
inline truename::servers::ConfigFiles text_files(std::map<std::string, std::string> texts) {
    using truename::Failure;
    using truename::Result;
    const auto read = [texts](const std::string& path) -> Result<std::optional<std::string>, Failure> {
        const auto found = texts.find(path);
        return found == texts.end() ? std::optional<std::string>() : std::optional(found->second);
    };
    const auto match = [texts](const std::string& pattern) -> Result<std::vector<std::string>, Failure> {
        std::vector<std::string> paths;
        for (const auto& [path, text] : texts) {
            if (fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0) paths.push_back(path);
        }
        return paths;
    };
    return {read, match};
}
