#include "x509/signature.h"

#include <cstring>

namespace truename::x509 {

namespace {

/// One digest for everything that an answer depends on. Digests of the parts, not the parts, so that none can run into the next.
crypto::Sha256 answer_key(Bytes signed_bytes, Bytes algorithm, Bytes signature, const crypto::Sha256& key) {
    ByteString parts;
    parts.reserve(4 * key.size());
    for (const crypto::Sha256& part : {crypto::sha256(signed_bytes), crypto::sha256(algorithm), crypto::sha256(signature), key})
        parts.insert(parts.end(), part.begin(), part.end());
    return crypto::sha256(parts);
}

}  // namespace

const SignatureChecker::Key& SignatureChecker::key_for(const crypto::Sha256& hash, const SubjectPublicKeyInfo& key) {
    if (const Key* known = keys_.find(hash)) return *known;
    Key made;
    auto result = make_public_key(key);
    if (result)
        made.key = std::move(*result);
    else if (result.error().kind == ErrorKind::unsupported || result.error().kind == ErrorKind::too_large)
        made.failure = crypto::SignatureCheck::unsupported;
    return keys_.insert(hash, std::move(made));
}

crypto::SignatureCheck SignatureChecker::check(Bytes signed_bytes, const AlgorithmIdentifier& algorithm, Bytes signature,
                                               const SubjectPublicKeyInfo& key) {
    const crypto::Sha256 key_hash = crypto::sha256(key.tlv);
    const crypto::Sha256 answer = answer_key(signed_bytes, algorithm.tlv, signature, key_hash);
    if (const crypto::SignatureCheck* known = answers_.find(answer)) return *known;
    const auto scheme = signature_algorithm(algorithm).scheme;
    if (!scheme) return answers_.insert(answer, crypto::SignatureCheck::unsupported);
    const Key& issuer = key_for(key_hash, key);
    if (!issuer.key) return answers_.insert(answer, issuer.failure);
    ++operations_;
    return answers_.insert(answer, issuer.key->verify(*scheme, signed_bytes, signature));
}

}  // namespace truename::x509
