#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/digest.h"

namespace truename::crypto {

/// How RSA carries a key to its recipient: RSAES-PKCS1-v1_5, or RSAES-OAEP with an empty label (RFC 8017 7).
struct KeyTransport {
    enum class Padding : std::uint8_t { pkcs1, oaep };
    Padding padding = Padding::pkcs1;
    DigestKind digest = DigestKind::sha1;      ///< oaep only
    DigestKind mgf_digest = DigestKind::sha1;  ///< oaep only

    friend bool operator==(const KeyTransport&, const KeyTransport&) = default;
};

/// The key derivation of ANSI X9.63 (SEC 1 3.6.1): `size` octets out of a shared secret and what both sides know. The caller clears them.
ByteString derive_x963(DigestKind digest, Bytes secret, Bytes shared_info, std::size_t size);

/// Wraps a key with AES (RFC 3394); `wrapping_key` has 16, 24 or 32 octets, `key` at least 16 and a multiple of 8: bad_value otherwise.
Result<ByteString> wrap_key(Bytes wrapping_key, Bytes key);
/// The key that was wrapped; bad_value when it was wrapped with another key or changed. The caller clears it.
Result<ByteString> unwrap_key(Bytes wrapping_key, Bytes wrapped);

}  // namespace truename::crypto
