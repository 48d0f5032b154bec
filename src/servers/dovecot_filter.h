#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace truename::servers {

/// A network as `local` and `remote` blocks name it: an address and how many of its bits count.
struct DovecotNetwork {
    std::array<std::uint8_t, 16> bytes{};
    unsigned size_bits = 0;  ///< 32 or 128
    unsigned bits = 0;

    friend bool operator==(const DovecotNetwork&, const DovecotNetwork&) = default;
};

/// Reads `192.0.2.1`, `192.0.2.0/24` or the same with IPv6; nothing for anything else, host names too (only the server can look them up).
std::optional<DovecotNetwork> parse_dovecot_network(std::string_view text);

/// Under what circumstances settings hold: what the blocks around them say together, or what is asked about. An empty text is "not said".
/// Everything is borrowed.
struct DovecotFilter {
    std::string_view protocol = {};    ///< `imap`; in a block `!imap` too
    std::string_view local_name = {};  ///< the name that the client asked for (SNI); in a block several with blanks between, and wildcards
    std::string_view local = {}, remote = {};  ///< addresses; networks in a block

    [[nodiscard]] bool is_global() const { return protocol.empty() && local_name.empty() && local.empty() && remote.empty(); }
};

/// True for the types of blocks that are filters: protocol, local, local_name, remote.
bool is_dovecot_filter(std::string_view type);

/// A text that is the same for two filters exactly when Dovecot takes them for one, whose settings it keeps together.
std::string key_of(const DovecotFilter& filter);

/// True when what stands in a block of this filter holds for `asked`: `*.example.com` is any one label, names do not look at case. A host
/// name in `local` or `remote` is only equal to itself.
bool applies(const DovecotFilter& block, const DovecotFilter& asked);

/// True when Dovecot looks at `a` before `b`: a name before none, then more bits of the local and of the remote address, then a protocol.
bool goes_before(const DovecotFilter& a, const DovecotFilter& b);

}  // namespace truename::servers
