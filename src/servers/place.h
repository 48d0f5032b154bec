#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "crypto/private_key.h"
#include "crypto/secret.h"

namespace truename::servers {

/// Where one private key and its certificates lie, as the effective settings of a mail server have it.
struct Place {
    std::string certificate_file, key_file;  ///< may be the same
    unsigned pair = 0;                       ///< which of several pairs in these files (a server can have one for each type of key)
    std::string setting;                     ///< what names the files: `ssl_cert`, `smtpd_tls_chain_files`
    std::string map;                 ///< `hash:/etc/postfix/sni`: the server reads a copy, to be made anew; empty: it reads the files
    std::vector<std::string> names;  ///< the server names (SNI) that it is for, as the settings write them; none: for all others
    std::string unwritable = {};     ///< why nothing can be written here; empty when it can
};

/// What lies there now.
struct PairOnDisk {
    std::vector<ByteString> chain;              ///< DER, the server's own first; what cannot be decoded is left out
    std::optional<ByteString> public_key_info;  ///< of the private key; nothing when there is none that can be read
    [[nodiscard]] bool fits() const;            ///< the key is that of the first certificate
};

/// Reads both files. Never fails: what is missing or broken is not in the answer.
PairOnDisk read_pair(const Place& place);

/// The private key that lies there; nothing when there is none that can be read.
std::optional<crypto::PrivateKey> read_key(const Place& place);

/// A certificate with its issuers and its private key, as a server is to have them.
struct Credential {
    std::vector<ByteString> chain;  ///< DER, the server's own first, each followed by its issuer, without the root
    crypto::PrivateKey key;

    [[nodiscard]] std::string chain_pem() const;
    [[nodiscard]] crypto::Secret key_pem() const;
};

/// What `file` of a place holds once it has `credential`: the blocks of the place's pair are replaced, a key before its certificates, and
/// everything else of `old` stays.
crypto::Secret with_credential(const Place& place, const std::string& file, std::string_view old, const Credential& credential);

}  // namespace truename::servers
