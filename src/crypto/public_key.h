#pragma once

#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/digest.h"
#include "crypto/key_transport.h"

namespace truename::crypto {

/// The elliptic curves whose signatures can be checked.
enum class Curve : std::uint8_t { p224, p256, p384, p521, secp256k1, brainpool_p256r1, brainpool_p384r1, brainpool_p512r1 };

/// The size of the curve's field in bits.
unsigned bits_of(Curve curve);

/// The families of signatures that can be checked.
enum class SignatureKind : std::uint8_t { rsa_pkcs1, rsa_pss, ecdsa, ed25519, ed448, dsa };

/// How a signature was made: what an AlgorithmIdentifier says, without ASN.1. `digest` means nothing for Ed25519 and Ed448.
struct SignatureScheme {
    SignatureKind kind = SignatureKind::rsa_pkcs1;
    DigestKind digest = DigestKind::sha256;
    DigestKind mgf_digest = DigestKind::sha256;  ///< rsa_pss only
    std::uint32_t salt_size = 32;                ///< rsa_pss only, in bytes

    friend bool operator==(const SignatureScheme&, const SignatureScheme&) = default;
};

/// What became of checking one.
enum class SignatureCheck : std::uint8_t {
    valid,
    invalid,      ///< wrong bytes, a key of another kind, or a scheme that the key does not allow
    unsupported,  ///< the scheme or the key is none that this program can check: says nothing about the signature
};

/// A public key ready for checking signatures, made from its raw parts (OpenSSL never decodes DER here: that costs 200 microseconds).
/// Copies are cheap and share the key; one object may be used from several threads at once.
class PublicKey {
  public:
    /// RSA from big-endian magnitudes. bad_value for zero, an even modulus or exponent; too_large over 16,384 bits of modulus or 64 bits of
    /// exponent, which would let a certificate burn our time.
    static Result<PublicKey> rsa(Bytes modulus, Bytes exponent);
    /// From an encoded point (SEC 1 2.3.3), uncompressed or compressed; bad_value when it is not on the curve.
    static Result<PublicKey> ec(Curve curve, Bytes point);
    /// DSA from the magnitudes of Dss-Parms and of the public number (RFC 3279 2.3.2). bad_value for zero, too_large over 8,192 bits.
    static Result<PublicKey> dsa(Bytes p, Bytes q, Bytes g, Bytes y);
    /// From 32 bytes (RFC 8032 5.1.5).
    static Result<PublicKey> ed25519(Bytes raw);
    /// From 57 bytes (RFC 8032 5.2.5).
    static Result<PublicKey> ed448(Bytes raw);

    /// Checks `signature` over `message`; DSA and ECDSA signatures are in the DER form of RFC 3279 2.2.
    [[nodiscard]] SignatureCheck verify(const SignatureScheme& scheme, Bytes message, Bytes signature) const;

    /// The same over a message whose digest is `hash`, as `scheme` names it. unsupported for Ed25519 and Ed448, which sign no digests.
    [[nodiscard]] SignatureCheck verify_digest(const SignatureScheme& scheme, Bytes hash, Bytes signature) const;

    /// Encrypts a key to the owner of this one by RSA (RFC 8017 7); random. bad_value when it is too long, unsupported for other kinds.
    [[nodiscard]] Result<ByteString> encrypt(const KeyTransport& transport, Bytes key) const;

  private:
    struct Impl;
    explicit PublicKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
    std::shared_ptr<const Impl> impl_;
};

}  // namespace truename::crypto
