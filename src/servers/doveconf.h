#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace truename::servers {

/// A block of what `doveconf` prints: `service imap-login { ... }`. The whole is a block without a name.
struct DoveconfBlock {
    std::string type, argument;  ///< `service`, `imap-login`
    std::vector<std::pair<std::string, std::string>> settings;
    std::vector<DoveconfBlock> blocks;

    /// The value of a setting; empty when it is not there.
    [[nodiscard]] std::string_view value(std::string_view name) const;
};

/// Reads what `doveconf -a` prints: a plain form with one setting a line, in which nothing is included and nothing continued. What is no
/// setting and no block is passed over; blocks deeper than 32 are read as their parent's.
DoveconfBlock read_doveconf(std::string_view text);

}  // namespace truename::servers
