#pragma once

#include <random>
#include <string>

#include "base/bytes.h"
#include "crypto/private_key.h"

namespace truename::differential {

/// A certificate with one thing changed.
struct Mutant {
    ByteString der;
    std::string change;  ///< `byte 3 of element 17`, for people
};

/// Changes one element inside the TBSCertificate of `certificate`: a byte of its contents, its tag, or the element is taken out or there
/// twice; all lengths around it fit again. The result is signed with `issuer_key` by the algorithm that the certificate names, unless it
/// is the signature that is changed. `certificate` is DER that can be read.
Mutant mutate(Bytes certificate, const crypto::PrivateKey& issuer_key, std::mt19937& random);

}  // namespace truename::differential
