#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/key_transport.h"
#include "crypto/public_key.h"

namespace truename::crypto {

/// A private key. It is never printed and its memory is cleared when the last copy dies; copies share the key.
class PrivateKey {
  public:
    /// A new RSA key with public exponent 65537; `bits` from 512 (for the lab) to 8192, else bad_value.
    static Result<PrivateKey> generate_rsa(unsigned bits);
    /// A new key on `curve`.
    static Result<PrivateKey> generate_ec(Curve curve);
    static Result<PrivateKey> generate_ed25519();
    static Result<PrivateKey> generate_ed448();

    /// The first private key of a PEM text: PKCS #8, PKCS #1 or SEC 1 form. `passphrase` opens encrypted ones. missing when there is no key
    /// in the text, bad_value when it cannot be read (a wrong passphrase too), too_large over 64 KB.
    static Result<PrivateKey> from_pem(std::string_view pem, std::string_view passphrase = {});

    /// A private key in DER: PKCS #8, PKCS #1 or SEC 1 form. bad_value when it is none, too_large over 64 KB.
    static Result<PrivateKey> from_der(Bytes der);

    /// The key that a PKCS #11 URI (RFC 7512) names, for instance `pkcs11:token=ca;object=issuing`. It stays in its token, which signs; the
    /// PEM forms cannot be had. `pin` opens the token. unsupported when OpenSSL has no engine for tokens, bad_value when the key cannot be
    /// had: no such token, a wrong PIN, or several keys that the URI could mean.
    static Result<PrivateKey> from_token(std::string_view uri, std::string_view pin);

    /// The key as unencrypted PKCS #8 PEM, for writing to a file that only its owner can read. The caller clears the text.
    [[nodiscard]] std::string to_pem() const;

    /// The key as PKCS #8 PEM that `passphrase` opens (RFC 8018 PBES2 with scrypt, N = 2^14, r = 8, p = 5, and AES-256-CBC: opening it
    /// takes some 200 ms and 16 MB). bad_value for an empty passphrase.
    [[nodiscard]] Result<std::string> to_encrypted_pem(std::string_view passphrase) const;

    /// The SubjectPublicKeyInfo of the public half, in DER (RFC 5280 4.1.2.7).
    [[nodiscard]] ByteString public_key_info() const;

    /// Signs `message`. RSA PKCS #1 signatures are the same bytes every time; the others are random but for Ed25519 and Ed448. bad_value
    /// when the scheme does not fit the key; unsupported when the library cannot do it (MD5 in a library that forbids it).
    [[nodiscard]] Result<ByteString> sign(const SignatureScheme& scheme, Bytes message) const;

    /// Opens what was encrypted to this key by RSA (RFC 8017 7). bad_value when it was not, or by another way of padding; whoever tells
    /// that to a stranger tells him the plaintext in the end (Bleichenbacher 1998). unsupported for other kinds of keys. The caller clears
    /// the result.
    [[nodiscard]] Result<ByteString> decrypt(const KeyTransport& transport, Bytes encrypted) const;

    /// The secret that this key and the owner of `point` share: the x coordinate of ECDH (SEC 1 3.3.1), in the octets of the field.
    /// bad_value when the point (SEC 1 2.3.3) is not on this key's curve, unsupported for other kinds of keys. The caller clears it.
    [[nodiscard]] Result<ByteString> agree(Bytes point) const;

    /// The public half of a key on a curve as an uncompressed point; empty for other kinds of keys.
    [[nodiscard]] ByteString public_point() const;

    /// The usual scheme for this key: RSA with PKCS #1 and SHA-256, ECDSA with the digest of the curve's size, Ed25519, Ed448.
    [[nodiscard]] SignatureScheme usual_scheme() const;

  private:
    struct Impl;
    explicit PrivateKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
    std::shared_ptr<const Impl> impl_;
};

}  // namespace truename::crypto
