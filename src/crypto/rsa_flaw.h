#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace truename::crypto {

/// What lets anybody compute the private half of an RSA key, or forge its signatures.
enum class RsaFlaw : std::uint8_t {
    even_exponent,   ///< no RSA key at all
    small_exponent,  ///< under 65537
    small_factor,    ///< the modulus can be divided by a prime under 752
    roca,            ///< made by the faulty library of a chip (CVE-2017-15361)
    close_primes,    ///< Fermat's method finds the factors within 100 rounds
};

/// `its exponent is smaller than 65537`: what a sentence about the key goes on with.
std::string_view describe(RsaFlaw flaw);

/// The first flaw of an RSA key that can be seen by its public half (CA/Browser Forum BR 6.1.1.3 and 6.1.6, NIST SP 800-89 5.3.3). Both are
/// big-endian magnitudes; takes a millisecond. Not checked: the size, whether the modulus is a power of a prime, keys that were published.
std::optional<RsaFlaw> find_rsa_flaw(Bytes modulus, Bytes exponent);

}  // namespace truename::crypto
