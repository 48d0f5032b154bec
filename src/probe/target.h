#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "finding/failure.h"
#include "probe/endpoint.h"

namespace truename::probe {

/// What is asked about.
struct Target {
    std::string text;  ///< as it was typed; not safe for a terminal
    std::string
        name;  ///< the host as DNS and certificates know it: A-labels in lower case without a last dot, or an address without brackets
    bool is_address = false;            ///< `name` is an IPv4 or IPv6 address
    std::optional<std::uint16_t> port;  ///< only when the target named one (`imaps://host` names 993)
    std::optional<Protocol> protocol;   ///< only when the target named one
    std::string source;                 ///< how it came here: `argument`, `list`

    friend bool operator==(const Target&, const Target&) = default;
};

/// What a target asks: equal for all ways to write the same name (case, RFC 4343; a last dot; A-labels or not), port and protocol. With a
/// line end in it, so that no text of one line is equal to it.
std::string question_of(const Target& target);

/// Reads `host`, `host:port`, `imaps://host`, `imap://host:port`, `192.0.2.1`, `192.0.2.1:993`, `[2001:db8::1]:993`, `2001:db8::1`; a path
/// of only `/` at the end is ignored. Names in UTF-8 become A-labels. Fails with `usage`, and says what is wrong with the text.
Result<Target, Failure> parse_target(std::string_view text, std::string_view source);

}  // namespace truename::probe
