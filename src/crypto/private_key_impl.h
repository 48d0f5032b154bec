#pragma once

// For the .cpp files of this module only: what a PrivateKey holds.

#include <utility>

#include "crypto/digest.h"
#include "crypto/private_key.h"
#include "crypto/signature_context.h"

namespace truename::crypto {

/// OpenSSL clears the numbers of a private key when it frees them.
struct PrivateKey::Impl {
    EvpKey key;
    SignatureContexts contexts{EVP_PKEY_sign_init};
    explicit Impl(EvpKey k) : key(std::move(k)) {}

    static Result<PrivateKey> wrap(EVP_PKEY* key) {
        if (key == nullptr) return fail(ErrorKind::bad_value, 0);
        return PrivateKey(std::make_shared<const Impl>(EvpKey(key)));
    }
    [[nodiscard]] Result<ByteString> sign_digest(const SignatureScheme& scheme, Bytes message) const {
        const EvpKeyContext context = contexts.make(key.get(), scheme);
        if (!context) return fail(ErrorKind::unsupported, 0);
        const ByteString hash = digest(scheme.digest, message);
        std::size_t size = 0;
        if (EVP_PKEY_sign(context.get(), nullptr, &size, hash.data(), hash.size()) != 1) return fail(ErrorKind::unsupported, 0);
        ByteString signature(size);
        // A key too short for its digest fails here.
        if (EVP_PKEY_sign(context.get(), signature.data(), &size, hash.data(), hash.size()) != 1) return fail(ErrorKind::bad_value, 0);
        signature.resize(size);
        return signature;
    }
    /// Ed25519 and Ed448, which see the message itself (RFC 8032).
    [[nodiscard]] Result<ByteString> sign_message(Bytes message) const {
        const EvpMdContext context(EVP_MD_CTX_new());
        if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1)
            return fail(ErrorKind::unsupported, 0);
        std::size_t size = 0;
        if (EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) != 1) return fail(ErrorKind::unsupported, 0);
        ByteString signature(size);
        if (EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1)
            return fail(ErrorKind::bad_value, 0);
        signature.resize(size);
        return signature;
    }
    [[nodiscard]] bool is(const char* type) const { return EVP_PKEY_is_a(key.get(), type) == 1; }
    [[nodiscard]] bool fits(SignatureKind kind) const {
        switch (kind) {
            case SignatureKind::rsa_pkcs1:
                return is("RSA");
            case SignatureKind::rsa_pss:
                return is("RSA") || is("RSA-PSS");
            case SignatureKind::ecdsa:
                return is("EC");
            case SignatureKind::ed25519:
                return is("ED25519");
            case SignatureKind::ed448:
                return is("ED448");
            case SignatureKind::dsa:  // only checked, never made
                return false;
        }
        return false;
    }
};

}  // namespace truename::crypto
