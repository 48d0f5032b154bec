#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "servers/journal.h"

namespace truename::servers {

/// An entry of Installation::maps in its two parts: `postfix`, `hash:/etc/postfix/sni`.
std::pair<std::string, std::string> split_map_entry(const std::string& entry);

/// Whether the changes make the text of that map, which was not there before.
bool is_new_map(const std::string& map, const std::vector<FileChange>& changes);

/// The number of the first change behind the texts of these maps (Installation::maps): from there on configurations change, which name
/// them. All changes come before where no text is among them.
std::size_t first_configuration(const std::vector<std::string>& maps, const std::vector<FileChange>& changes);

}  // namespace truename::servers
