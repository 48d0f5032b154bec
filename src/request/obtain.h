#pragma once

#include <string>

#include "acme/client.h"
#include "acme/ordering.h"
#include "base/clock.h"
#include "base/result.h"
#include "crypto/private_key.h"
#include "servers/offer.h"

namespace truename::request {

/// A certificate that an authority has made.
struct Obtained {
    servers::Completed completed;
    std::string agreed_terms;  ///< as Delivery has it
    std::string other_order;   ///< the names, safe to print, where they do not stand in the order that was asked for
};

/// Has an authority make a certificate for the key (RFC 8555), and looks whether it can be used now: for every name of `ordering`, with its
/// issuers. Fails as acme::order(), servers::complete() and servers::check_credential().
Result<Obtained, Failure> obtain(const acme::Ordering& ordering, const acme::Registration& registration, const crypto::PrivateKey& key,
                                 const acme::Surroundings& surroundings, const Clock& clock);

}  // namespace truename::request
