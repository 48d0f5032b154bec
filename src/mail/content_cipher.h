#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "crypto/cipher.h"
#include "der/oid.h"
#include "der/writer.h"
#include "x509/algorithm.h"

namespace truename::mail {

/// A contentEncryptionAlgorithm with its parameters: the vector, and for GCM how long the tag is (RFC 3565 4.1, RFC 5084 3.2).
struct ContentCipher {
    crypto::CipherKind kind{};
    ByteString iv;
    std::size_t tag_size = crypto::kTagSize;  ///< GCM only
};

/// Reads one; unsupported for a cipher that this program does not know, other errors where the parameters are broken.
Result<ContentCipher> read_content_cipher(const x509::AlgorithmIdentifier& algorithm);

/// Writes one.
void write_content_cipher(der::Writer& writer, const ContentCipher& cipher);

}  // namespace truename::mail
