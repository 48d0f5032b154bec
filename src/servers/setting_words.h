#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace truename::servers {

/// The words of a setting's value, which blanks, line ends or commas part; quotes are taken away, as no word of these servers' settings
/// holds one.
std::vector<std::string> setting_words(std::string_view text);

}  // namespace truename::servers
