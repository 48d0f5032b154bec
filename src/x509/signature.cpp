#include "x509/signature.h"

namespace truename::x509 {

namespace {

/// Measured with OpenSSL 3.0, in checks of P-256 and rounded up: other curves but P-224 have no code of their own, and RSA and DSA grow
/// with the square of their size.
std::uint32_t cost_of(const SubjectPublicKeyInfo& key) {
    const auto square = [](std::size_t size) { return static_cast<std::uint32_t>(size * size); };
    switch (key.kind) {
        case KeyKind::rsa:
        case KeyKind::rsa_pss:
            return 1 + square(key.rsa_modulus.size() / 512);
        case KeyKind::dsa:
            return 2 + square(key.dsa_parameters.size() / 384);
        case KeyKind::ec:
            if (key.known_curve == crypto::Curve::p224 || key.known_curve == crypto::Curve::p256) return 1;
            return 1 + square(key.bits / 128);
        case KeyKind::ed448:
            return 4;
        case KeyKind::ed25519:
        case KeyKind::x25519:
        case KeyKind::x448:
        case KeyKind::unknown:
            return 1;
    }
    return 1;
}

}  // namespace

std::uint32_t signature_cost(const SubjectPublicKeyInfo& key, Bytes signed_bytes) {
    constexpr std::size_t kOctetsForOne = 1U << 15;  // read through by two digests
    return cost_of(key) + static_cast<std::uint32_t>(signed_bytes.size() / kOctetsForOne);
}

crypto::Sha256 fingerprint(const SubjectPublicKeyInfo& key) {
    return crypto::sha256({key.tlv, key.dsa_parameters});
}

const SignatureChecker::Key& SignatureChecker::key_for(const SubjectPublicKeyInfo& key, const crypto::Sha256& key_fingerprint) {
    if (const Key* known = keys_.find(key_fingerprint)) return *known;
    Key made;
    auto result = make_public_key(key);
    if (result)
        made.key = std::move(*result);
    else if (result.error().kind == ErrorKind::unsupported || result.error().kind == ErrorKind::too_large)
        made.failure = crypto::SignatureCheck::unsupported;
    return keys_.insert(key_fingerprint, std::move(made));
}

void SignatureChecker::remember(const Certificate& certificate, const SubjectPublicKeyInfo& issuer_key, crypto::SignatureCheck answer) {
    answers_.insert(crypto::sha256({fingerprint(certificate), fingerprint(issuer_key)}), answer);
}

namespace {

/// RFC 4055 1.2 and 3.3: a key for RSASSA-PSS makes no other signatures, and where it has parameters its signatures have the same digests
/// and no smaller a salt.
bool is_allowed(const crypto::SignatureScheme& scheme, const SubjectPublicKeyInfo& key) {
    if (key.kind != KeyKind::rsa_pss) return true;
    if (scheme.kind != crypto::SignatureKind::rsa_pss) return false;
    if (key.algorithm.parameters.empty()) return true;
    const auto limits = signature_algorithm(key.algorithm).scheme;
    return limits && limits->digest == scheme.digest && limits->mgf_digest == scheme.mgf_digest && limits->salt_size <= scheme.salt_size;
}

}  // namespace

crypto::SignatureCheck SignatureChecker::check(const Certificate& certificate, const crypto::Sha256& fingerprint,
                                               const SubjectPublicKeyInfo& issuer_key, const crypto::Sha256& key_fingerprint) {
    if (certificate.signature_unused_bits != 0) return crypto::SignatureCheck::invalid;
    const crypto::Sha256 question = crypto::sha256({fingerprint, key_fingerprint});
    if (const crypto::SignatureCheck* known = answers_.find(question)) return *known;
    return answers_.insert(question, operate(certificate.tbs_certificate, certificate.signature_algorithm, certificate.signature_value,
                                             issuer_key, key_fingerprint));
}

crypto::SignatureCheck SignatureChecker::check(Bytes signed_bytes, const AlgorithmIdentifier& algorithm, Bytes signature,
                                               const SubjectPublicKeyInfo& key) {
    const crypto::Sha256 key_fingerprint = fingerprint(key);
    const crypto::Sha256 question = crypto::sha256({signed_bytes, algorithm.tlv, signature, key_fingerprint});
    if (const crypto::SignatureCheck* known = answers_.find(question)) return *known;
    return answers_.insert(question, operate(signed_bytes, algorithm, signature, key, key_fingerprint));
}

crypto::SignatureCheck SignatureChecker::operate(Bytes signed_bytes, const AlgorithmIdentifier& algorithm, Bytes signature,
                                                 const SubjectPublicKeyInfo& key, const crypto::Sha256& key_fingerprint) {
    const auto scheme = signature_algorithm(algorithm).scheme;
    if (!scheme) return crypto::SignatureCheck::unsupported;
    if (!is_allowed(*scheme, key)) return crypto::SignatureCheck::invalid;
    const Key& issuer = key_for(key, key_fingerprint);
    if (!issuer.key) return issuer.failure;
    ++operations_;
    return issuer.key->verify(*scheme, signed_bytes, signature);
}

}  // namespace truename::x509
