#include "crypto/secret.h"

#include <openssl/crypto.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <utility>

namespace truename::crypto {

Secret::Secret(Secret&& other) noexcept {
    *this = std::move(other);
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    clear();
    text_ = other.text_;  // a short text lies in the object itself, so it must be cleared there, not only moved
    other.clear();
    return *this;
}

void Secret::clear() {
    OPENSSL_cleanse(text_.data(), text_.capacity());
    text_.clear();
}

SecretBytes::~SecretBytes() {
    crypto::clear(bytes_);
}

void forbid_dumps() {
    const rlimit none{};
    (void)::setrlimit(RLIMIT_CORE, &none);
    (void)::prctl(PR_SET_DUMPABLE, 0);
}

void clear(ByteString& bytes) {
    OPENSSL_cleanse(bytes.data(), bytes.capacity());
    bytes.clear();
}

}  // namespace truename::crypto
