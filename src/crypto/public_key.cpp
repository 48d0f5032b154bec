#include "crypto/public_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "crypto/evp.h"

namespace truename::crypto {

namespace {

constexpr std::size_t kMaxModulus = 16'384 / 8, kMaxExponent = 8, kMaxDsaModulus = 8'192 / 8;

using Number = std::unique_ptr<BIGNUM, FreeWith<BN_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, FreeWith<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, FreeWith<OSSL_PARAM_free>>;

Number to_number(Bytes magnitude) {
    return Number(BN_bin2bn(magnitude.data(), static_cast<int>(magnitude.size()), nullptr));
}

/// A key of the named type from its parts; null when the library does not take them.
EvpKey key_from_params(const char* type, OSSL_PARAM* params) {
    const ErrorQueueGuard guard;
    const EvpKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    if (params == nullptr || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
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
    return key_from_params(type, params.get());
}

bool fits(SignatureKind kind, SignatureKind key_kind) {
    return kind == key_kind || (kind == SignatureKind::rsa_pss && key_kind == SignatureKind::rsa_pkcs1);
}

/// A context that is ready to check digests signed in this way; null when the library cannot.
EvpKeyContext make_context(EVP_PKEY* key, const SignatureScheme& scheme) {
    EvpKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    if (!context || EVP_PKEY_verify_init(context.get()) != 1) return nullptr;
    if (scheme.kind == SignatureKind::rsa_pss && EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PSS_PADDING) != 1) return nullptr;
    if (EVP_PKEY_CTX_set_signature_md(context.get(), fetched_digest(scheme.digest)) != 1) return nullptr;
    if (scheme.kind != SignatureKind::rsa_pss) return context;
    if (EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), fetched_digest(scheme.mgf_digest)) != 1 ||
        EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), static_cast<int>(scheme.salt_size)) != 1)
        return nullptr;
    return context;
}

}  // namespace

/// The key, and the context of the scheme that was checked first: an issuer signs in one way as a rule, and making a context anew costs a
/// third of an RSA check.
struct PublicKey::Impl {
    EvpKey key;
    SignatureKind kind;  // rsa_pkcs1 for any RSA key
    mutable std::mutex mutex;
    mutable std::optional<SignatureScheme> prepared;
    mutable EvpKeyContext context;

    Impl(EvpKey k, SignatureKind s) : key(std::move(k)), kind(s) {}

    /// A context of the caller's own.
    EvpKeyContext context_for(const SignatureScheme& scheme) const {
        const std::lock_guard lock(mutex);
        if (!prepared) {
            context = make_context(key.get(), scheme);
            if (!context) return nullptr;
            prepared = scheme;
        }
        if (*prepared == scheme) return EvpKeyContext(EVP_PKEY_CTX_dup(context.get()));
        return make_context(key.get(), scheme);
    }
};

unsigned bits_of(Curve curve) {
    constexpr unsigned kBits[] = {224, 256, 384, 521, 256, 256, 384, 512};
    return kBits[static_cast<std::size_t>(curve)];
}

const char* library_name(Curve curve) {
    constexpr const char* kNames[] = {"P-224",     "P-256",           "P-384",           "P-521",
                                      "secp256k1", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1"};
    return kNames[static_cast<std::size_t>(curve)];
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
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, const_cast<char*>(library_name(curve)), 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, const_cast<std::uint8_t*>(point.data()), point.size()),
        OSSL_PARAM_construct_end(),
    };
    EvpKey key = key_from_params("EC", params);
    if (!key) return fail(ErrorKind::bad_value, 0);
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
    constexpr std::uint32_t kMaxSalt = kMaxModulus;
    if (scheme.kind == SignatureKind::rsa_pss && scheme.salt_size > kMaxSalt) return SignatureCheck::invalid;
    const EvpKeyContext context = impl_->context_for(scheme);
    if (!context) return SignatureCheck::unsupported;
    const ByteString hash = digest(scheme.digest, message);
    const int result = EVP_PKEY_verify(context.get(), signature.data(), signature.size(), hash.data(), hash.size());
    return result == 1 ? SignatureCheck::valid : SignatureCheck::invalid;
}

}  // namespace truename::crypto
