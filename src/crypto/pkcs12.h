#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/private_key.h"

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

}  // namespace truename::crypto
