#pragma once

#include <optional>
#include <string_view>

namespace truename::conformance {

/// What a text of Chromium's certificate verifier is to us.
struct ChromiumError {
    std::string_view text;
    std::string_view ids;         ///< our finding ids for it, with blanks between them; `*` stands for anything
    bool is_about_limit = false;  ///< ours is about the issuer that sets the limit, Chromium's about the certificate that breaks it
};

/// Nothing for a text that is not known.
std::optional<ChromiumError> find_chromium_error(std::string_view text);

/// Whether a finding is one of the ids.
bool is_finding_of(std::string_view finding, std::string_view ids);

}  // namespace truename::conformance
