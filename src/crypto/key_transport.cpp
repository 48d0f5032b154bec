#include "crypto/key_transport.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rsa.h>

#include <cstdlib>

#include "crypto/evp.h"

namespace truename::crypto {

namespace {

using Kdf = std::unique_ptr<EVP_KDF, FreeWith<EVP_KDF_free>>;
using KdfContext = std::unique_ptr<EVP_KDF_CTX, FreeWith<EVP_KDF_CTX_free>>;
using CipherOwner = std::unique_ptr<EVP_CIPHER, FreeWith<EVP_CIPHER_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeWith<EVP_CIPHER_CTX_free>>;

const char* wrap_name(std::size_t key_size) {
    return key_size == 16 ? "AES-128-WRAP" : key_size == 24 ? "AES-192-WRAP" : key_size == 32 ? "AES-256-WRAP" : nullptr;
}

Result<ByteString> run_wrap(Bytes wrapping_key, Bytes input, bool wraps) {
    constexpr std::size_t kLargest = 256;
    const char* name = wrap_name(wrapping_key.size());
    if (name == nullptr || input.size() < 16 || input.size() > kLargest || input.size() % 8 != 0) return fail(ErrorKind::bad_value, 0);
    const ErrorQueueGuard guard;
    const CipherOwner cipher(EVP_CIPHER_fetch(nullptr, name, nullptr));
    const CipherContext context(EVP_CIPHER_CTX_new());
    if (!cipher || !context) return fail(ErrorKind::unsupported, 0);
    EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    ByteString output(input.size() + 16);
    int written = 0;
    if (EVP_CipherInit_ex2(context.get(), cipher.get(), wrapping_key.data(), nullptr, wraps ? 1 : 0, nullptr) != 1 ||
        EVP_CipherUpdate(context.get(), output.data(), &written, input.data(), static_cast<int>(input.size())) != 1)
        return fail(ErrorKind::bad_value, 0);
    output.resize(static_cast<std::size_t>(written));
    return output;
}

}  // namespace

bool set_padding(EVP_PKEY_CTX* context, const KeyTransport& transport) {
    if (transport.padding == KeyTransport::Padding::pkcs1) return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_oaep_md(context, fetched_digest(transport.digest)) == 1 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md(context, fetched_digest(transport.mgf_digest)) == 1;
}

ByteString derive_x963(DigestKind digest, Bytes secret, Bytes shared_info, std::size_t size) {
    const Kdf kdf(EVP_KDF_fetch(nullptr, "X963KDF", nullptr));
    const KdfContext context(EVP_KDF_CTX_new(kdf.get()));
    ByteString key(size);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, const_cast<char*>(EVP_MD_get0_name(fetched_digest(digest))), 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, const_cast<std::uint8_t*>(secret.data()), secret.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, const_cast<std::uint8_t*>(shared_info.data()), shared_info.size()),
        OSSL_PARAM_construct_end(),
    };
    // It has no other reason to fail than a library without it.
    if (!context || EVP_KDF_derive(context.get(), key.data(), key.size(), params) != 1) std::abort();
    return key;
}

Result<ByteString> wrap_key(Bytes wrapping_key, Bytes key) {
    return run_wrap(wrapping_key, key, true);
}

Result<ByteString> unwrap_key(Bytes wrapping_key, Bytes wrapped) {
    if (wrapped.size() < 24) return fail(ErrorKind::bad_value, 0);
    return run_wrap(wrapping_key, wrapped, false);
}

}  // namespace truename::crypto
