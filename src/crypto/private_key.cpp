#include "crypto/private_key.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "crypto/private_key_impl.h"
#include "crypto/token.h"

namespace truename::crypto {

namespace {

constexpr std::size_t kMaxPem = 64U << 10;

/// Gives the passphrase to OpenSSL, and never asks on the terminal: an empty one makes reading fail.
int give_passphrase(char* buffer, int size, int /*writing*/, void* data) {
    const auto& passphrase = *static_cast<const std::string_view*>(data);
    if (passphrase.empty() || passphrase.size() > static_cast<std::size_t>(size)) return -1;
    std::copy(passphrase.begin(), passphrase.end(), buffer);
    return static_cast<int>(passphrase.size());
}

using Pkcs8 = std::unique_ptr<PKCS8_PRIV_KEY_INFO, FreeWith<PKCS8_PRIV_KEY_INFO_free>>;
using Encrypted = std::unique_ptr<X509_SIG, FreeWith<X509_SIG_free>>;

}  // namespace

Result<PrivateKey> PrivateKey::generate_rsa(unsigned bits) {
    if (bits < 512 || bits > 8192) return fail(ErrorKind::bad_value, 0);
    const ErrorQueueGuard guard;
    return Impl::wrap(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(bits)));
}

Result<PrivateKey> PrivateKey::generate_ec(Curve curve) {
    const ErrorQueueGuard guard;
    return Impl::wrap(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", library_name(curve)));
}

Result<PrivateKey> PrivateKey::generate_ed25519() {
    const ErrorQueueGuard guard;
    return Impl::wrap(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

Result<PrivateKey> PrivateKey::generate_ed448() {
    const ErrorQueueGuard guard;
    return Impl::wrap(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448"));
}

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem, std::string_view passphrase) {
    if (pem.size() > kMaxPem) return fail(ErrorKind::too_large, kMaxPem);
    if (pem.find("PRIVATE KEY-----") == std::string_view::npos) return fail(ErrorKind::missing, 0);
    const ErrorQueueGuard guard;
    const BioOwner bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!bio) return fail(ErrorKind::bad_value, 0);
    return Impl::wrap(PEM_read_bio_PrivateKey(bio.get(), nullptr, give_passphrase, &passphrase));
}

Result<PrivateKey> PrivateKey::from_der(Bytes der) {
    if (der.size() > kMaxPem) return fail(ErrorKind::too_large, kMaxPem);
    const ErrorQueueGuard guard;
    const unsigned char* at = der.data();
    return Impl::wrap(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())));
}

Result<PrivateKey> PrivateKey::from_token(std::string_view uri, std::string_view pin) {
    bool has_tokens = false;
    EvpKey key = load_token_key(uri, pin, has_tokens);
    if (!has_tokens) return fail(ErrorKind::unsupported, 0);
    return Impl::wrap(key.release());
}

std::string PrivateKey::to_pem() const {
    // Memory that is cleared when it is freed, so that no copy of the key stays behind.
    const BioOwner bio(BIO_new(BIO_s_secmem()));
    char* text = nullptr;
    if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), impl_->key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) return {};
    const long size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

Result<std::string> PrivateKey::to_encrypted_pem(std::string_view passphrase) const {
    // RFC 7914 2, and what OWASP holds to be as good as N = 2^17 with less memory. OpenSSL reads no more than 32 MB unasked.
    constexpr std::uint64_t kCost = 1U << 14, kBlockSize = 8, kParallel = 5;
    if (passphrase.empty()) return fail(ErrorKind::bad_value, 0);
    const ErrorQueueGuard guard;
    const Pkcs8 plain(EVP_PKEY2PKCS8(impl_->key.get()));
    X509_ALGOR* algorithm = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), nullptr, 0, nullptr, kCost, kBlockSize, kParallel);
    if (!plain || algorithm == nullptr) return fail(ErrorKind::unsupported, 0);
    const Encrypted encrypted(PKCS8_set0_pbe(passphrase.data(), static_cast<int>(passphrase.size()), plain.get(), algorithm));
    if (!encrypted) {
        X509_ALGOR_free(algorithm);
        return fail(ErrorKind::unsupported, 0);
    }
    const BioOwner bio(BIO_new(BIO_s_mem()));
    char* text = nullptr;
    if (!bio || PEM_write_bio_PKCS8(bio.get(), encrypted.get()) != 1) return fail(ErrorKind::unsupported, 0);
    const long size = BIO_get_mem_data(bio.get(), &text);
    return std::string(text, static_cast<std::size_t>(size));
}

ByteString PrivateKey::public_key_info() const {
    unsigned char* encoded = nullptr;
    const int size = i2d_PUBKEY(impl_->key.get(), &encoded);
    if (size <= 0) return {};
    ByteString result(encoded, encoded + size);
    OPENSSL_free(encoded);
    return result;
}

Result<ByteString> PrivateKey::sign(const SignatureScheme& scheme, Bytes message) const {
    if (!impl_->fits(scheme.kind)) return fail(ErrorKind::bad_value, 0);
    const ErrorQueueGuard guard;
    return scheme.kind == SignatureKind::ed25519 || scheme.kind == SignatureKind::ed448 ? impl_->sign_message(message)
                                                                                        : impl_->sign_digest(scheme, message);
}

SignatureScheme PrivateKey::usual_scheme() const {
    if (impl_->is("ED25519")) return {.kind = SignatureKind::ed25519};
    if (impl_->is("ED448")) return {.kind = SignatureKind::ed448};
    if (impl_->is("RSA-PSS")) return {.kind = SignatureKind::rsa_pss};
    if (!impl_->is("EC")) return {.kind = SignatureKind::rsa_pkcs1};
    const int bits = EVP_PKEY_get_bits(impl_->key.get());
    const DigestKind digest = bits > 384 ? DigestKind::sha512 : bits > 256 ? DigestKind::sha384 : DigestKind::sha256;
    return {.kind = SignatureKind::ecdsa, .digest = digest};
}

}  // namespace truename::crypto
