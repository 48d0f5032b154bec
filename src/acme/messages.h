#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace truename::acme {

// What a server says (RFC 8555 7.1), as far as it is acted upon. Readers take whatever comes: where something that is needed is missing or
// of another kind they give what is wrong, as a sentence's end; unknown members are passed over.

/// Where the resources of a server are (7.1.1).
struct Directory {
    std::string new_nonce, new_account, new_order;
    std::string terms;  ///< address of the terms of service; empty: none told
    bool needs_external_account = false;
};
Result<Directory, std::string> read_directory(std::string_view json);

/// What went wrong, by the server's word (RFC 7807, RFC 8555 6.7).
struct Problem {
    std::string type;                ///< `urn:ietf:params:acme:error:` and a name; empty: not told
    std::string detail;              ///< for people
    std::vector<std::string> parts;  ///< of each name that it was about: `mail.example.com: no such host`

    /// Whether it is the error of that name.
    [[nodiscard]] bool is(std::string_view name) const;
    /// The detail and the parts, safe for a terminal.
    [[nodiscard]] std::string in_words() const;
};
/// Never fails: of what is no problem document the beginning of the text is the detail.
Problem read_problem(std::string_view json);

/// A way to prove that a name is one's own (7.1.5, 8).
struct Challenge {
    std::string type;  ///< `http-01`, `dns-01`, ...
    std::string url, token;
    std::optional<Problem> error;
};

/// A name that the account must be authorized for (7.1.4).
struct Authorization {
    std::string name;  ///< without the star
    bool is_wildcard = false;
    std::string status;  ///< `pending`, `valid`, `invalid`, ...
    std::vector<Challenge> challenges;
};
/// Tokens that are not of base64url's characters are wrong: they become names of files and addresses (8.3).
Result<Authorization, std::string> read_authorization(std::string_view json);

/// A certificate on its way (7.1.3).
struct Order {
    std::string status;  ///< `pending`, `ready`, `processing`, `valid`, `invalid`
    std::vector<std::string> authorizations;
    std::string finalize;
    std::string certificate;  ///< empty until it is there
    std::optional<Problem> error;
};
Result<Order, std::string> read_order(std::string_view json);

}  // namespace truename::acme
