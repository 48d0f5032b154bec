#pragma once

#include <optional>
#include <string_view>

/// Takes the next whole line from the front of `rest`, without its line end; nothing when there is none.
inline std::optional<std::string_view> take_line(std::string_view& rest) {
    const auto newline = rest.find('\n');
    if (newline == std::string_view::npos) return std::nullopt;
    std::string_view line = rest.substr(0, newline);
    rest.remove_prefix(newline + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}
