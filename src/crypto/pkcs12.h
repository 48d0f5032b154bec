#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/private_key.h"
#include "crypto/secret.h"

namespace truename::crypto {

/// What a PKCS #12 file (RFC 7292) carries.
struct Pkcs12Contents {
    std::optional<PrivateKey> key;
    std::vector<ByteString> certificates;  ///< DER; the one that belongs to the key first
};

/// True when the bytes begin as a PFX of version 3 does.
bool looks_like_pkcs12(Bytes der);

/// Opens a PKCS #12 file. bad_value for a wrong passphrase or what is none, unsupported where it is locked by a cipher that this machine's
/// library has put away (RC2, as files of Windows before 2019 have it), too_large over 4 MB. Reading is the library's.
Result<Pkcs12Contents> read_pkcs12(Bytes der, std::string_view passphrase);

/// How a PKCS #12 file is locked.
enum class Pkcs12Lock : std::uint8_t {
    triple_des,  ///< pbeWithSHA1And3-KeyTripleDES-CBC and a MAC with SHA-1 (RFC 7292): what older programs open
    aes_128,     ///< PBES2 with AES-128-CBC, PBKDF2 with what RFC 8018 takes where nothing is said (SHA-1), and a MAC with SHA-256
    aes_256,     ///< PBES2 with AES-256-CBC and a MAC with SHA-256
};

/// A key and its certificates (DER, the key's own first) as a PKCS #12 file, under this name for people, locked by a passphrase with
/// 100,000 rounds. bad_value where a certificate cannot be read or does not belong to the key. The bytes hold the key, so they are secret.
Result<SecretBytes> write_pkcs12(const PrivateKey& key, const std::vector<ByteString>& certificates, const std::string& name,
                                 std::string_view passphrase, Pkcs12Lock lock);

}  // namespace truename::crypto
