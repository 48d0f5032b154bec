#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crypto/key_transport.h"
#include "crypto/secret.h"
#include "mail/identity.h"
#include "mail/signed_data.h"

namespace truename::mail {

/// One that a content key is encrypted to (RFC 5652 6.2): KeyTransRecipientInfo, one of a KeyAgreeRecipientInfo, or another kind, which
/// this program cannot open.
struct Recipient {
    CertificateId rid;
    ByteString encrypted_key;
    std::string scheme_name;                        ///< `RSA PKCS#1 v1.5`, `ECDH SHA-256 with AES-256 wrap`; safe to print
    std::optional<crypto::KeyTransport> transport;  ///< of RSA, when this program knows it
    /// How a key is agreed on (RFC 5753 3.1), when this program knows it.
    struct Agreement {
        crypto::DigestKind kdf{};
        ByteString originator_point;
        std::size_t wrapping_key_size = 0;
        ByteString shared_info;  ///< ECC-CMS-SharedInfo
    };
    std::shared_ptr<const Agreement> agreement;  ///< of all the recipients that it is for
};

/// The most recipients that are looked at.
inline constexpr std::size_t kMaxRecipients = 10'000;

/// Reads RecipientInfos: a SET, whole.
Result<std::vector<Recipient>> read_recipients(Bytes tlv);

/// A content key, or one at random in its place.
struct OpenedKey {
    crypto::SecretBytes key;
    bool is_right = false;
};

/// The content key of `size` octets that was encrypted to `recipient`, with the private key that belongs to it. When it was not encrypted
/// to this key, or was changed, a random one comes instead: go on with that to the end and fail there as for any other reason, because who
/// learns from a reader whether a key opens learns the key in the end (RFC 8551 6, RFC 3218 2.3.2). unsupported when this program does not
/// know the way, or `key` is none for it.
Result<OpenedKey> open_content_key(const Recipient& recipient, const crypto::PrivateKey& key, std::size_t size);

/// A RecipientInfo that encrypts `content_key` to the key of a certificate, named by issuer and serial number: RSA PKCS #1 v1.5, or ECDH
/// with X9.63, a fresh key on the same curve and AES wrap. Failure (kind refused) for keys that cannot receive.
Result<ByteString, Failure> encrypt_to(const x509::Certificate& certificate, Bytes content_key);

}  // namespace truename::mail
