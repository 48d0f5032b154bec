#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "crypto/private_key.h"
#include "finding/failure.h"
#include "x509/algorithm.h"

namespace truename::authority {

/// The kinds of keys that an authority has and makes.
enum class KeyType : std::uint8_t { p256, p384, rsa2048, rsa3072, rsa4096, ed25519 };
/// `p256`, `rsa3072`, ...; nothing for other words.
std::optional<KeyType> find_key_type(std::string_view word);
/// The kind of a key; nothing for one that is none of these.
std::optional<KeyType> key_type_of(const x509::SubjectPublicKeyInfo& key);
/// The scheme in which such a key signs certificates, as PrivateKey::usual_scheme() gives it of the private half.
crypto::SignatureScheme usual_scheme_of(const x509::SubjectPublicKeyInfo& key);
/// All words, with blanks between them.
inline constexpr std::string_view kKeyTypes = "p256 p384 rsa2048 rsa3072 rsa4096 ed25519";
/// A new key. Making an RSA key takes up to a second.
Result<crypto::PrivateKey, Failure> make_key(KeyType type);

}  // namespace truename::authority
