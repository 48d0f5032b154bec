#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace truename::mail {

/// What a program has to know to read a message or to check its signature.
enum class MessageTrait : std::uint8_t {
    triple_des_cbc,
    aes_128_cbc,
    aes_192_cbc,
    aes_256_cbc,
    aes_128_gcm,
    aes_192_gcm,
    aes_256_gcm,
    gcm_in_enveloped_data,  ///< a cipher with a tag in an EnvelopedData, which has no place for the tag (RFC 5083)
    other_cipher,
    rsa_pkcs1,
    rsa_oaep,
    ecdh,
    other_key,         ///< an encrypted key of a kind that this program does not know
    recipient_key_id,  ///< a recipient is named by the identifier of the key (RFC 5652 6.2.1)
    signed_rsa,
    signed_rsa_pss,
    signed_rsa_pss_long_salt,  ///< the salt is longer than the digest
    signed_ecdsa,
    signed_ed25519,
    other_signature,
    signer_key_id,  ///< a signer is
    sha_1,
    no_signers,     ///< a SignedData that nobody has signed
    other_content,  ///< a CMS structure that is neither signed nor encrypted
    part_inside,    ///< what is protected is a part of the message, and not all of it
};

/// `aes-256-gcm`: the word in data/mail-programs.
std::string_view name_of(MessageTrait trait);
/// `AES-256-GCM`, `a recipient named by the identifier of the key`: for people.
std::string_view describe(MessageTrait trait);
/// Nothing for another word.
std::optional<MessageTrait> find_trait(std::string_view name);

}  // namespace truename::mail
