#pragma once

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "clients/library.h"
#include "clients/table_reader.h"

namespace truename::clients {

/// Everything that a Library read at run time borrows from.
struct Storage {
    Strings strings;
    std::vector<std::shared_ptr<const void>> lists;
    std::vector<Dialog> dialogs;
    std::vector<Profile> profiles;
    std::vector<ClientSet> sets;
    Library library;

    /// Keeps `list` and gives a view of it that stays.
    template <class T>
    std::span<const T> keep(std::vector<T> list) {
        auto kept = std::make_shared<const std::vector<T>>(std::move(list));
        lists.push_back(kept);
        return *kept;
    }
};

/// Reads dialogs/`id`.toml, whose tree is `tree`. What is wrong goes to `problems`.
Dialog read_dialog(std::string_view file, const TomlValue& tree, Storage& storage, Problems& problems);

/// A data file that could be read as TOML.
struct ParsedFile {
    std::string_view path;
    TomlValue tree;
};

/// Reads all profiles on their bases; the dialogs must be there and stay where they are.
void read_profiles(const std::vector<ParsedFile>& clients, const std::vector<ParsedFile>& bases, Storage& storage, Problems& problems);

/// `x` of `clients/x.toml`.
std::string_view stem_of(std::string_view path);

/// True for lower-case letters, digits, dots and hyphens, beginning with a letter or digit.
bool is_id(std::string_view text);

}  // namespace truename::clients
