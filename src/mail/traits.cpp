#include "mail/traits.h"

#include <algorithm>

namespace truename::mail {

namespace {

struct Row {
    MessageTrait trait;
    std::string_view name, words;
};

constexpr Row kRows[] = {
    {MessageTrait::triple_des_cbc, "3des-cbc", "Triple DES"},
    {MessageTrait::aes_128_cbc, "aes-128-cbc", "AES-128-CBC"},
    {MessageTrait::aes_192_cbc, "aes-192-cbc", "AES-192-CBC"},
    {MessageTrait::aes_256_cbc, "aes-256-cbc", "AES-256-CBC"},
    {MessageTrait::aes_128_gcm, "aes-128-gcm", "AES-128-GCM"},
    {MessageTrait::aes_192_gcm, "aes-192-gcm", "AES-192-GCM"},
    {MessageTrait::aes_256_gcm, "aes-256-gcm", "AES-256-GCM"},
    {MessageTrait::gcm_in_enveloped_data, "gcm-in-enveloped-data", "AES-GCM in an EnvelopedData"},
    {MessageTrait::other_cipher, "other-cipher", "a cipher that is not known here"},
    {MessageTrait::rsa_pkcs1, "rsa-pkcs1", "RSA PKCS #1 v1.5"},
    {MessageTrait::rsa_oaep, "rsa-oaep", "RSA-OAEP"},
    {MessageTrait::ecdh, "ecdh", "ECDH"},
    {MessageTrait::other_key, "other-key", "a key encrypted in a way that is not known here"},
    {MessageTrait::recipient_key_id, "recipient-key-id", "a recipient named by the identifier of the key"},
    {MessageTrait::signed_rsa, "signed-rsa", "a signature with RSA PKCS #1 v1.5"},
    {MessageTrait::signed_rsa_pss, "signed-rsa-pss", "a signature with RSA-PSS"},
    {MessageTrait::signed_rsa_pss_long_salt, "signed-rsa-pss-long-salt", "a signature with RSA-PSS and a salt longer than its digest"},
    {MessageTrait::signed_ecdsa, "signed-ecdsa", "a signature with ECDSA"},
    {MessageTrait::signed_ed25519, "signed-ed25519", "a signature with Ed25519"},
    {MessageTrait::other_signature, "other-signature", "a signature of a kind that is not known here"},
    {MessageTrait::signer_key_id, "signer-key-id", "a signer named by the identifier of the key"},
    {MessageTrait::sha_1, "sha-1", "a signature with SHA-1"},
    {MessageTrait::no_signers, "no-signers", "a signature of nobody"},
    {MessageTrait::other_content, "other-content", "a CMS structure that is neither signed nor encrypted"},
    {MessageTrait::part_inside, "part-inside", "what is signed or encrypted is only a part of the message"},
};

const Row& row_of(MessageTrait trait) {
    return *std::ranges::find(kRows, trait, &Row::trait);
}

}  // namespace

std::string_view name_of(MessageTrait trait) {
    return row_of(trait).name;
}

std::string_view describe(MessageTrait trait) {
    return row_of(trait).words;
}

std::optional<MessageTrait> find_trait(std::string_view name) {
    const auto* const found = std::ranges::find(kRows, name, &Row::name);
    return found == std::end(kRows) ? std::nullopt : std::optional(found->trait);
}

}  // namespace truename::mail
