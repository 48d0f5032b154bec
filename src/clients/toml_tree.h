#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace truename::clients {

/// A place in a file, from 1.
struct Place {
    unsigned line = 0, column = 0;
};

/// A TOML value of our own, so that one file sees toml++.
struct TomlValue {
    enum class Kind : std::uint8_t { text, number, flag, array, table, other };
    Kind kind = Kind::other;
    Place place;
    std::string text;  ///< of `text`; a date is text, too
    std::int64_t number = 0;
    bool flag = false;
    std::vector<std::string> keys;  ///< of a table, sorted; as many as `items`
    std::vector<TomlValue> items;   ///< of an array in its order, of a table by its keys

    /// The member of that key; nothing when there is none.
    [[nodiscard]] const TomlValue* find(std::string_view key) const;
};

/// Why a text is no TOML.
struct TomlError {
    Place place;
    std::string reason;
};

/// Reads a whole file of at most kMaxDataFileSize bytes. Depth is bounded.
Result<TomlValue, TomlError> parse_toml(std::string_view text);

}  // namespace truename::clients
