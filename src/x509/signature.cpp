#include "x509/signature.h"

namespace truename::x509 {

const SignatureChecker::Key& SignatureChecker::key_for(const SubjectPublicKeyInfo& key) {
    const crypto::Sha256 hash = crypto::sha256({key.tlv, key.dsa_parameters});
    if (const Key* known = keys_.find(hash)) return *known;
    Key made;
    auto result = make_public_key(key);
    if (result)
        made.key = std::move(*result);
    else if (result.error().kind == ErrorKind::unsupported || result.error().kind == ErrorKind::too_large)
        made.failure = crypto::SignatureCheck::unsupported;
    return keys_.insert(hash, std::move(made));
}

crypto::Sha256 SignatureChecker::question(Bytes signed_bytes, const AlgorithmIdentifier& algorithm, Bytes signature,
                                          const SubjectPublicKeyInfo& key) {
    return crypto::sha256({signed_bytes, algorithm.tlv, signature, key.tlv, key.dsa_parameters});
}

void SignatureChecker::remember(const Certificate& certificate, const SubjectPublicKeyInfo& issuer_key, crypto::SignatureCheck answer) {
    answers_.insert(question(certificate.tbs_certificate, certificate.signature_algorithm, certificate.signature_value, issuer_key),
                    answer);
}

crypto::SignatureCheck SignatureChecker::check(Bytes signed_bytes, const AlgorithmIdentifier& algorithm, Bytes signature,
                                               const SubjectPublicKeyInfo& key) {
    const crypto::Sha256 answer = question(signed_bytes, algorithm, signature, key);
    if (const crypto::SignatureCheck* known = answers_.find(answer)) return *known;
    const auto scheme = signature_algorithm(algorithm).scheme;
    if (!scheme) return answers_.insert(answer, crypto::SignatureCheck::unsupported);
    // RFC 4055 1.2: a key that is for RSASSA-PSS makes no other signatures.
    if (key.kind == KeyKind::rsa_pss && scheme->kind != crypto::SignatureKind::rsa_pss)
        return answers_.insert(answer, crypto::SignatureCheck::invalid);
    const Key& issuer = key_for(key);
    if (!issuer.key) return answers_.insert(answer, issuer.failure);
    ++operations_;
    return answers_.insert(answer, issuer.key->verify(*scheme, signed_bytes, signature));
}

}  // namespace truename::x509
