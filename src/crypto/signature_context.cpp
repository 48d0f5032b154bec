#include "crypto/signature_context.h"

#include <openssl/rsa.h>

namespace truename::crypto {

EvpKeyContext SignatureContexts::make(EVP_PKEY* key, const SignatureScheme& scheme) const {
    const std::lock_guard lock(mutex_);
    if (!kept_scheme_) {
        kept_ = make_anew(key, scheme);
        if (!kept_) return nullptr;
        kept_scheme_ = scheme;
    }
    if (*kept_scheme_ == scheme) return EvpKeyContext(EVP_PKEY_CTX_dup(kept_.get()));
    return make_anew(key, scheme);
}

EvpKeyContext SignatureContexts::make_anew(EVP_PKEY* key, const SignatureScheme& scheme) const {
    EvpKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    if (!context || begin_(context.get()) != 1) return nullptr;
    if (scheme.kind == SignatureKind::rsa_pss && EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PSS_PADDING) != 1) return nullptr;
    if (EVP_PKEY_CTX_set_signature_md(context.get(), fetched_digest(scheme.digest)) != 1) return nullptr;
    if (scheme.kind != SignatureKind::rsa_pss) return context;
    if (EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), fetched_digest(scheme.mgf_digest)) != 1 ||
        EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), static_cast<int>(scheme.salt_size)) != 1)
        return nullptr;
    return context;
}

}  // namespace truename::crypto
