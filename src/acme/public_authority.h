#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "finding/failure.h"

namespace truename::acme {

/// What an authority does with the order of the names in a request. Some mail programs look at the first name alone.
enum class NameOrder : std::uint8_t {
    kept,    ///< the request's
    sorted,  ///< by alphabet
    unknown,
};

/// What is known of an authority that issues by ACME: a file of data/authorities/.
struct PublicAuthority {
    std::string id, title;
    std::vector<std::string> directories;  ///< how the addresses of its directories begin
    NameOrder names = NameOrder::unknown;
    std::string source, confidence;
};

/// Reads a file; fails with `input` for what is missing or not known.
Result<PublicAuthority, Failure> read_public_authority(std::string_view id, std::string_view toml);

/// The authorities that are known.
const std::vector<PublicAuthority>& public_authorities();

/// Whose directory that is; one with nothing but the address as its title where nobody is known.
PublicAuthority authority_at(std::string_view directory);

/// The names as the authority may put them: in the order given, sorted, or either.
std::vector<std::vector<std::string>> orders_of(const PublicAuthority& authority, const std::vector<std::string>& names);

}  // namespace truename::acme
