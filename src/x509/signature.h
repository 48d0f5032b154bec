#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "crypto/cache.h"
#include "crypto/public_key.h"
#include "x509/algorithm.h"
#include "x509/certificate.h"

namespace truename::x509 {

/// What checking a signature of `key` over that many octets costs at most, in checks with a fast key (RSA 2048, P-256) over few: what a
/// budget counts. Large keys and slow curves cost up to forty.
std::uint32_t signature_cost(const SubjectPublicKeyInfo& key, Bytes signed_bytes);

/// By what a key is remembered: SHA-256 of its SubjectPublicKeyInfo and of the parameters of an issuer that a DSA key inherits.
crypto::Sha256 fingerprint(const SubjectPublicKeyInfo& key);

/// Checks signatures and remembers keys and answers by their fingerprints, both bounded. One per thread.
class SignatureChecker {
  public:
    explicit SignatureChecker(crypto::CacheLimits limits = {}) : keys_(limits.keys), answers_(limits.signatures) {}

    /// Whether `signature` over `signed_bytes` was made as `algorithm` says by the owner of `key`. invalid also when the kinds of key and
    /// algorithm do not fit each other.
    crypto::SignatureCheck check(Bytes signed_bytes, const AlgorithmIdentifier& algorithm, Bytes signature,
                                 const SubjectPublicKeyInfo& key);

    /// Whether the owner of `issuer_key` signed `certificate`. The outer AlgorithmIdentifier counts.
    crypto::SignatureCheck check(const Certificate& certificate, const SubjectPublicKeyInfo& issuer_key) {
        return check(certificate, fingerprint(certificate), issuer_key, fingerprint(issuer_key));
    }
    /// The same for who knows the two fingerprints by which the answer is remembered.
    crypto::SignatureCheck check(const Certificate& certificate, const crypto::Sha256& fingerprint, const SubjectPublicKeyInfo& issuer_key,
                                 const crypto::Sha256& key_fingerprint);

    /// Takes `answer` as that of check() from now on, as long as it is remembered: for a certificate that nobody has signed because it is
    /// only imagined.
    void remember(const Certificate& certificate, const SubjectPublicKeyInfo& issuer_key, crypto::SignatureCheck answer);

    /// How many public key operations were done, not answered from memory: what a budget counts.
    [[nodiscard]] std::uint64_t operations() const { return operations_; }

  private:
    struct Key {
        std::optional<crypto::PublicKey> key;  // nothing: cannot be made; `failure` says how to answer
        crypto::SignatureCheck failure = crypto::SignatureCheck::invalid;
    };
    crypto::SignatureCheck operate(Bytes signed_bytes, const AlgorithmIdentifier& algorithm, Bytes signature,
                                   const SubjectPublicKeyInfo& key, const crypto::Sha256& key_fingerprint);
    const Key& key_for(const SubjectPublicKeyInfo& key, const crypto::Sha256& key_fingerprint);

    crypto::BoundedCache<Key> keys_;
    crypto::BoundedCache<crypto::SignatureCheck> answers_;
    std::uint64_t operations_ = 0;
};

}  // namespace truename::x509
