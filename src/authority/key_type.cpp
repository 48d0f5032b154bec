#include "authority/key_type.h"

#include <algorithm>

#include "base/text.h"

namespace truename::authority {

std::optional<KeyType> find_key_type(std::string_view word) {
    const auto words = split(kKeyTypes, ' ');
    const auto found = std::ranges::find(words, word);
    if (found == words.end()) return std::nullopt;
    return static_cast<KeyType>(found - words.begin());
}

std::optional<KeyType> key_type_of(const x509::SubjectPublicKeyInfo& key) {
    if (key.kind == x509::KeyKind::ed25519) return KeyType::ed25519;
    if (key.kind == x509::KeyKind::ec) return find_key_type("p" + std::to_string(key.bits));
    return find_key_type("rsa" + std::to_string(key.bits));
}

crypto::SignatureScheme usual_scheme_of(const x509::SubjectPublicKeyInfo& key) {
    if (key.kind == x509::KeyKind::ed25519) return {.kind = crypto::SignatureKind::ed25519};
    if (key.kind == x509::KeyKind::ed448) return {.kind = crypto::SignatureKind::ed448};
    if (key.kind == x509::KeyKind::rsa_pss) return {.kind = crypto::SignatureKind::rsa_pss};
    if (key.kind != x509::KeyKind::ec) return {.kind = crypto::SignatureKind::rsa_pkcs1};
    const auto digest = key.bits > 384   ? crypto::DigestKind::sha512
                        : key.bits > 256 ? crypto::DigestKind::sha384
                                         : crypto::DigestKind::sha256;
    return {.kind = crypto::SignatureKind::ecdsa, .digest = digest};
}

Result<crypto::PrivateKey, Failure> make_key(KeyType type) {
    const auto made = [&] {
        switch (type) {
            case KeyType::p256:
                return crypto::PrivateKey::generate_ec(crypto::Curve::p256);
            case KeyType::p384:
                return crypto::PrivateKey::generate_ec(crypto::Curve::p384);
            case KeyType::rsa2048:
                return crypto::PrivateKey::generate_rsa(2048);
            case KeyType::rsa3072:
                return crypto::PrivateKey::generate_rsa(3072);
            case KeyType::rsa4096:
                return crypto::PrivateKey::generate_rsa(4096);
            case KeyType::ed25519:
                break;
        }
        return crypto::PrivateKey::generate_ed25519();
    }();
    if (!made) return Unexpected{Failure{FailureKind::local, "making", "a key", "OpenSSL could not", ""}};
    return *made;
}

}  // namespace truename::authority
