#pragma once

// For the .cpp files of this module only: owners for what OpenSSL allocates.

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <memory>

#include "crypto/digest.h"
#include "crypto/public_key.h"

namespace truename::crypto {

/// Calls the given OpenSSL function to free.
template <auto Free>
struct FreeWith {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};

using EvpKey = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using EvpKeyContext = std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>>;
using EvpMdContext = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>>;
using BioOwner = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;

/// The library's digest, fetched once for the whole program; null when the library does not have it.
const EVP_MD* fetched_digest(DigestKind kind);

/// The name by which the library knows `curve`; lives for ever.
const char* library_name(Curve curve);

/// Makes an RSA context that is ready to encrypt or decrypt pad as `transport` says.
bool set_padding(EVP_PKEY_CTX* context, const KeyTransport& transport);

/// Leaves OpenSSL's error queue of this thread as it was: expected failures of ours must not show up in somebody's TLS error.
class ErrorQueueGuard {
  public:
    ErrorQueueGuard() { ERR_set_mark(); }
    ErrorQueueGuard(const ErrorQueueGuard&) = delete;
    ErrorQueueGuard& operator=(const ErrorQueueGuard&) = delete;
    ~ErrorQueueGuard() { ERR_pop_to_mark(); }
};

}  // namespace truename::crypto
