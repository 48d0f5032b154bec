#pragma once

#include <optional>
#include <string>
#include <vector>

#include "acme/public_authority.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/private_key.h"
#include "doctor/doctor.h"
#include "servers/place.h"

namespace truename::request {

/// What clients would say under `typed` to what an authority makes of a request for these names (A-labels) in that order, if its root comes
/// with them; `as_ca` says how else it is made. A star in `typed` stands for a label that users type.
Result<doctor::Report, Failure> foretell(const std::vector<std::string>& names, const std::string& typed,
                                         const std::optional<doctor::AsCa>& as_ca, const crypto::PrivateKey& key,
                                         const doctor::Settings& settings, Time now);

/// An order in which an authority may put names, and in which some client would warn or refuse.
struct Stumble {
    doctor::Report report;     ///< what clients would say under the name that users type
    bool is_expected = false;  ///< the names come in that order, as far as is known; else they may
    std::string advice;        ///< where it is not the order that was asked for: what happens, and what to do; safe to print
};

/// All of them for names that an authority (RFC 8555) may put in another order; the first is the one that users type.
Result<std::vector<Stumble>, Failure> foretell_order(const acme::PublicAuthority& authority, const std::vector<std::string>& names,
                                                     const crypto::PrivateKey& key, const doctor::Settings& settings, Time now);

/// A certificate for these names as an authority could make it, signed by nobody, with its key: to see where it would go.
Result<servers::Credential, Failure> sample(const std::vector<std::string>& names, const crypto::PrivateKey& key, Time now);

/// What the authority does with the order of names, and that `first` is then the one that some programs look at; safe to print.
std::string order_in_words(const acme::PublicAuthority& authority, const std::string& first);

}  // namespace truename::request
