#pragma once

#include <string_view>

namespace truename::explain {

// The files of data/errors as the program carries them.
[[nodiscard]] std::string_view built_in_texts();
[[nodiscard]] std::string_view built_in_codes();
[[nodiscard]] std::string_view built_in_meanings();

}  // namespace truename::explain
