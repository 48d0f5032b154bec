#include "crypto/public_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>
#include <vector>

#include "crypto/signature_context.h"

namespace truename::crypto {

namespace {

constexpr std::size_t kMaxModulus = 16'384 / 8, kMaxExponent = 8, kMaxDsaModulus = 8'192 / 8;

constexpr std::array kCurveNames = {"P-224",     "P-256",           "P-384",           "P-521",
                                    "secp256k1", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1"};

using Number = std::unique_ptr<BIGNUM, FreeWith<BN_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, FreeWith<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, FreeWith<OSSL_PARAM_free>>;

Number to_number(Bytes magnitude) {
    return Number(BN_bin2bn(magnitude.data(), static_cast<int>(magnitude.size()), nullptr));
}

/// A key of the named type, or as much of it as `selection` says, from its parts; null when the library does not take them.
EvpKey key_from_params(const char* type, int selection, OSSL_PARAM* params) {
    const ErrorQueueGuard guard;
    const EvpKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    if (params == nullptr || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, selection, params) != 1)
        return nullptr;
    return EvpKey(key);
}

/// The same from big-endian magnitudes by the library's names for them.
EvpKey key_from_numbers(const char* type, std::initializer_list<std::pair<const char*, Bytes>> magnitudes) {
    const ParamBuilder builder(OSSL_PARAM_BLD_new());
    std::vector<Number> numbers;  // the builder borrows them
    for (const auto& [name, magnitude] : magnitudes) {
        numbers.push_back(to_number(magnitude));
        if (!builder || !numbers.back() || OSSL_PARAM_BLD_push_BN(builder.get(), name, numbers.back().get()) != 1) return nullptr;
    }
    const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
    return key_from_params(type, EVP_PKEY_PUBLIC_KEY, params.get());
}

/// A key of that curve that only lacks its point, made once: the library takes 13 us to make the group, and 4 to copy it and set a point.
/// Null when it does not have the curve.
EVP_PKEY* key_without_point(Curve curve) {
    static const std::vector<EvpKey> kKeys = [] {
        std::vector<EvpKey> keys;
        for (const char* name : kCurveNames) {
            OSSL_PARAM params[] = {
                OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, const_cast<char*>(name), 0),
                OSSL_PARAM_construct_end(),
            };
            keys.push_back(key_from_params("EC", EVP_PKEY_KEY_PARAMETERS, params));
        }
        return keys;
    }();
    return kKeys.at(static_cast<std::size_t>(curve)).get();
}

bool fits(SignatureKind kind, SignatureKind key_kind) {
    return kind == key_kind || (kind == SignatureKind::rsa_pss && key_kind == SignatureKind::rsa_pkcs1);
}

}  // namespace

struct PublicKey::Impl {
    EvpKey key;
    SignatureKind kind;  // rsa_pkcs1 for any RSA key
    SignatureContexts contexts{EVP_PKEY_verify_init};

    Impl(EvpKey k, SignatureKind s) : key(std::move(k)), kind(s) {}
};

unsigned bits_of(Curve curve) {
    constexpr unsigned kBits[] = {224, 256, 384, 521, 256, 256, 384, 512};
    return kBits[static_cast<std::size_t>(curve)];
}

const char* library_name(Curve curve) {
    return kCurveNames.at(static_cast<std::size_t>(curve));
}

Result<PublicKey> PublicKey::rsa(Bytes modulus, Bytes exponent) {
    if (modulus.size() > kMaxModulus || exponent.size() > kMaxExponent) return fail(ErrorKind::too_large, 0);
    if (modulus.empty() || exponent.empty() || (modulus.back() & 1) == 0 || (exponent.back() & 1) == 0)
        return fail(ErrorKind::bad_value, 0);
    EvpKey key = key_from_numbers("RSA", {{OSSL_PKEY_PARAM_RSA_N, modulus}, {OSSL_PKEY_PARAM_RSA_E, exponent}});
    if (!key) return fail(ErrorKind::bad_value, 0);
    return PublicKey(std::make_shared<const Impl>(std::move(key), SignatureKind::rsa_pkcs1));
}

Result<PublicKey> PublicKey::dsa(Bytes p, Bytes q, Bytes g, Bytes y) {
    if (std::max({p.size(), q.size(), g.size(), y.size()}) > kMaxDsaModulus) return fail(ErrorKind::too_large, 0);
    if (p.empty() || q.empty() || g.empty() || y.empty()) return fail(ErrorKind::bad_value, 0);
    EvpKey key = key_from_numbers(
        "DSA", {{OSSL_PKEY_PARAM_FFC_P, p}, {OSSL_PKEY_PARAM_FFC_Q, q}, {OSSL_PKEY_PARAM_FFC_G, g}, {OSSL_PKEY_PARAM_PUB_KEY, y}});
    if (!key) return fail(ErrorKind::bad_value, 0);
    return PublicKey(std::make_shared<const Impl>(std::move(key), SignatureKind::dsa));
}

Result<PublicKey> PublicKey::ec(Curve curve, Bytes point) {
    const ErrorQueueGuard guard;
    EVP_PKEY* group = key_without_point(curve);
    EvpKey key(group == nullptr ? nullptr : EVP_PKEY_dup(group));
    if (!key || EVP_PKEY_set1_encoded_public_key(key.get(), point.data(), point.size()) != 1) return fail(ErrorKind::bad_value, 0);
    return PublicKey(std::make_shared<const Impl>(std::move(key), SignatureKind::ecdsa));
}

Result<PublicKey> PublicKey::ed25519(Bytes raw) {
    const ErrorQueueGuard guard;
    EvpKey key(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, raw.data(), raw.size()));
    if (!key) return fail(ErrorKind::bad_value, 0);
    return PublicKey(std::make_shared<const Impl>(std::move(key), SignatureKind::ed25519));
}

Result<PublicKey> PublicKey::ed448(Bytes raw) {
    const ErrorQueueGuard guard;
    EvpKey key(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED448", nullptr, raw.data(), raw.size()));
    if (!key) return fail(ErrorKind::bad_value, 0);
    return PublicKey(std::make_shared<const Impl>(std::move(key), SignatureKind::ed448));
}

SignatureCheck PublicKey::verify(const SignatureScheme& scheme, Bytes message, Bytes signature) const {
    if (!fits(scheme.kind, impl_->kind)) return SignatureCheck::invalid;
    const ErrorQueueGuard guard;
    if (scheme.kind == SignatureKind::ed25519 || scheme.kind == SignatureKind::ed448) {
        const EvpMdContext context(EVP_MD_CTX_new());
        if (!context || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, impl_->key.get()) != 1)
            return SignatureCheck::unsupported;
        const int result = EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size());
        return result == 1 ? SignatureCheck::valid : SignatureCheck::invalid;
    }
    return verify_digest(scheme, digest(scheme.digest, message), signature);
}

SignatureCheck PublicKey::verify_digest(const SignatureScheme& scheme, Bytes hash, Bytes signature) const {
    constexpr std::uint32_t kMaxSalt = kMaxModulus;
    if (scheme.kind == SignatureKind::ed25519 || scheme.kind == SignatureKind::ed448) return SignatureCheck::unsupported;
    if (!fits(scheme.kind, impl_->kind)) return SignatureCheck::invalid;
    if (scheme.kind == SignatureKind::rsa_pss && scheme.salt_size > kMaxSalt) return SignatureCheck::invalid;
    const ErrorQueueGuard guard;
    const EvpKeyContext context = impl_->contexts.make(impl_->key.get(), scheme);
    if (!context) return SignatureCheck::unsupported;
    const int result = EVP_PKEY_verify(context.get(), signature.data(), signature.size(), hash.data(), hash.size());
    return result == 1 ? SignatureCheck::valid : SignatureCheck::invalid;
}

Result<ByteString> PublicKey::encrypt(const KeyTransport& transport, Bytes key) const {
    if (impl_->kind != SignatureKind::rsa_pkcs1) return fail(ErrorKind::unsupported, 0);
    const ErrorQueueGuard guard;
    const EvpKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, impl_->key.get(), nullptr));
    if (!context || EVP_PKEY_encrypt_init(context.get()) != 1 || !set_padding(context.get(), transport))
        return fail(ErrorKind::unsupported, 0);
    std::size_t size = 0;
    if (EVP_PKEY_encrypt(context.get(), nullptr, &size, key.data(), key.size()) != 1) return fail(ErrorKind::bad_value, 0);
    ByteString encrypted(size);
    if (EVP_PKEY_encrypt(context.get(), encrypted.data(), &size, key.data(), key.size()) != 1) return fail(ErrorKind::bad_value, 0);
    encrypted.resize(size);
    return encrypted;
}

}  // namespace truename::crypto
