#include "x509/signature.h"

namespace truename::x509 {

const SignatureChecker::Key& SignatureChecker::key_for(const SubjectPublicKeyInfo& key) {
    const crypto::Sha256 hash = crypto::sha256(key.tlv);
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
    const crypto::Sha256 answer = crypto::sha256({signed_bytes, algorithm.tlv, signature, key.tlv});
    if (const crypto::SignatureCheck* known = answers_.find(answer)) return *known;
    const auto scheme = signature_algorithm(algorithm).scheme;
    if (!scheme) return answers_.insert(answer, crypto::SignatureCheck::unsupported);
    const Key& issuer = key_for(key);
    if (!issuer.key) return answers_.insert(answer, issuer.failure);
    ++operations_;
    return answers_.insert(answer, issuer.key->verify(*scheme, signed_bytes, signature));
}

}  // namespace truename::x509
