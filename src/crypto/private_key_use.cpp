#include <openssl/core_names.h>
#include <openssl/ec.h>

#include <string>

#include "crypto/private_key_impl.h"

namespace truename::crypto {

namespace {

/// The name of a key's curve; empty when it is on none.
std::string curve_of(EVP_PKEY* key) {
    char name[64];
    std::size_t size = 0;
    if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name, sizeof name, &size) != 1) return {};
    return {name, size};
}

/// A public key on that curve; null when the point is not on it.
EvpKey key_at(std::string& curve, Bytes point) {
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, const_cast<std::uint8_t*>(point.data()), point.size()),
        OSSL_PARAM_construct_end(),
    };
    const EvpKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EVP_PKEY* key = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 || EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        return nullptr;
    return EvpKey(key);
}

}  // namespace

Result<ByteString> PrivateKey::decrypt(const KeyTransport& transport, Bytes encrypted) const {
    if (!impl_->is("RSA")) return fail(ErrorKind::unsupported, 0);
    const ErrorQueueGuard guard;
    const EvpKeyContext context(EVP_PKEY_CTX_new(impl_->key.get(), nullptr));
    if (!context || EVP_PKEY_decrypt_init(context.get()) != 1 || !set_padding(context.get(), transport))
        return fail(ErrorKind::unsupported, 0);
    ByteString plain(static_cast<std::size_t>(EVP_PKEY_get_size(impl_->key.get())));
    std::size_t size = plain.size();
    if (EVP_PKEY_decrypt(context.get(), plain.data(), &size, encrypted.data(), encrypted.size()) != 1) return fail(ErrorKind::bad_value, 0);
    plain.resize(size);
    return plain;
}

Result<ByteString> PrivateKey::agree(Bytes point) const {
    if (!impl_->is("EC")) return fail(ErrorKind::unsupported, 0);
    const ErrorQueueGuard guard;
    std::string curve = curve_of(impl_->key.get());
    const EvpKey peer = key_at(curve, point);
    const EvpKeyContext context(EVP_PKEY_CTX_new(impl_->key.get(), nullptr));
    std::size_t size = 0;
    // Setting the peer checks that its point is on the curve.
    if (!peer || !context || EVP_PKEY_derive_init(context.get()) != 1 || EVP_PKEY_derive_set_peer(context.get(), peer.get()) != 1 ||
        EVP_PKEY_derive(context.get(), nullptr, &size) != 1)
        return fail(ErrorKind::bad_value, 0);
    ByteString secret(size);
    if (EVP_PKEY_derive(context.get(), secret.data(), &size) != 1) return fail(ErrorKind::bad_value, 0);
    secret.resize(size);
    return secret;
}

ByteString PrivateKey::public_point() const {
    const ErrorQueueGuard guard;
    unsigned char* encoded = nullptr;
    const std::size_t size = impl_->is("EC") ? EVP_PKEY_get1_encoded_public_key(impl_->key.get(), &encoded) : 0;
    if (size == 0) return {};
    ByteString point(encoded, encoded + size);
    OPENSSL_free(encoded);
    return point;
}

}  // namespace truename::crypto
