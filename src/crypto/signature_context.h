#pragma once

#include <mutex>
#include <optional>

#include "crypto/evp.h"

namespace truename::crypto {

/// For the .cpp files of this module only: what OpenSSL wants to know before a key signs digests or checks their signatures. The answer for
/// the scheme that was asked for first is kept and copied, since a key signs in one way as a rule and making a context anew costs a third
/// of an RSA check. Any number of threads may ask.
class SignatureContexts {
  public:
    /// `begin` is EVP_PKEY_sign_init or EVP_PKEY_verify_init.
    explicit SignatureContexts(int (*begin)(EVP_PKEY_CTX*)) : begin_(begin) {}

    /// A context of the caller's own; null when the library cannot do the scheme with that key, which is the same one each time.
    EvpKeyContext make(EVP_PKEY* key, const SignatureScheme& scheme) const;

  private:
    EvpKeyContext make_anew(EVP_PKEY* key, const SignatureScheme& scheme) const;

    int (*begin_)(EVP_PKEY_CTX*);
    mutable std::mutex mutex_;
    mutable std::optional<SignatureScheme> kept_scheme_;
    mutable EvpKeyContext kept_;
};

}  // namespace truename::crypto
