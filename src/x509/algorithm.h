#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/public_key.h"
#include "der/oid.h"
#include "der/reader.h"

namespace truename::x509 {

/// AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }   RFC 5280 4.1.1.2
/// Borrows. Two are the same when their `tlv` bytes are.
struct AlgorithmIdentifier {
    Bytes tlv;
    std::uint32_t offset = 0;
    der::Oid algorithm;
    Bytes parameters;  ///< the whole element, empty when there is none
};

/// Reads one; its parameters are framed but not looked into.
Result<AlgorithmIdentifier> read_algorithm_identifier(der::Reader& reader);

/// What a signature algorithm is made of; `usable` only when this program can check it.
struct SignatureAlgorithm {
    std::optional<crypto::SignatureScheme> scheme;
    bool broken_digest = false;         ///< MD2, MD4, MD5
    bool sha1 = false;                  ///< SHA-1, in RSASSA-PSS too
    bool malformed_parameters = false;  ///< RSASSA-PSS parameters that cannot be read, or parameters where none may be
};

/// Reads what an AlgorithmIdentifier of a signature says (RFC 3279, RFC 4055, RFC 5758, RFC 8410). No scheme when it is not known.
SignatureAlgorithm signature_algorithm(const AlgorithmIdentifier& algorithm);

/// `RSA PKCS#1 SHA-256`, `RSASSA-PSS SHA-256`, `ECDSA SHA-384`, `Ed25519`; the OID's name or digits for others.
std::string describe_signature(const AlgorithmIdentifier& algorithm);

/// The kind of a public key, by the OID of its algorithm.
enum class KeyKind : std::uint8_t { rsa, rsa_pss, ec, ed25519, ed448, x25519, x448, dsa, unknown };

/// SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING }   RFC 5280 4.1.2.7
/// Borrows. A key whose inside cannot be read is `malformed` and its parts are empty; the rest of the certificate stays readable.
struct SubjectPublicKeyInfo {
    Bytes tlv;
    std::uint32_t offset = 0;
    AlgorithmIdentifier algorithm;
    Bytes key;  ///< the BIT STRING's octets: an RSAPublicKey, a point, or raw bytes
    KeyKind kind = KeyKind::unknown;
    bool malformed = false;
    Bytes rsa_modulus;                         ///< magnitude without leading zeros
    Bytes rsa_exponent;                        ///< magnitude without leading zeros
    Bytes dsa_parameters;                      ///< the Dss-Parms, a whole element; empty where they are the issuer's (RFC 3279 2.3.2)
    der::Oid curve;                            ///< of EC keys with a named curve, else empty
    std::optional<crypto::Curve> known_curve;  ///< the curve when crypto knows it
    unsigned bits = 0;                         ///< of the modulus, or of the curve's field; 0 when not known
};

/// Reads one. Fails only when its frame is broken.
Result<SubjectPublicKeyInfo> read_subject_public_key_info(der::Reader& reader);

/// `RSA 2048`, `EC P-256`, `Ed25519`, `RSA-PSS 3072`, or the algorithm's name or digits.
std::string describe_key(const SubjectPublicKeyInfo& key);

/// Whether a key says nothing of its parameters and so has those of its issuer's key (RFC 3279 2.3.2, RFC 5280 6.1.4(e)).
bool inherits_parameters(const SubjectPublicKeyInfo& key);

/// A key that can check signatures; unsupported for kinds and curves that crypto cannot do, bad_value for keys that are wrong.
Result<crypto::PublicKey> make_public_key(const SubjectPublicKeyInfo& key);

}  // namespace truename::x509
