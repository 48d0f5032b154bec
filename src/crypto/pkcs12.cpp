#include "crypto/pkcs12.h"

#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <string>

#include "crypto/evp.h"
#include "crypto/secret.h"

namespace truename::crypto {

namespace {

constexpr std::size_t kMaxFile = std::size_t{4} << 20;

using Pfx = std::unique_ptr<PKCS12, FreeWith<PKCS12_free>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;

void free_certificates(STACK_OF(X509) * stack) {
    sk_X509_pop_free(stack, X509_free);
}

/// The library's key as one of ours.
Result<PrivateKey> read_key(EVP_PKEY* key) {
    unsigned char* encoded = nullptr;
    const int size = i2d_PrivateKey(key, &encoded);
    if (size <= 0) return fail(ErrorKind::unsupported, 0);
    auto read = PrivateKey::from_der({encoded, static_cast<std::size_t>(size)});
    OPENSSL_clear_free(encoded, static_cast<std::size_t>(size));
    return read;
}

ByteString to_der(X509* certificate) {
    unsigned char* encoded = nullptr;
    const int size = i2d_X509(certificate, &encoded);
    if (size <= 0) return {};
    ByteString der(encoded, encoded + size);
    OPENSSL_free(encoded);
    return der;
}

}  // namespace

bool looks_like_pkcs12(Bytes der) {
    // PFX ::= SEQUENCE { version INTEGER {v3(3)}, authSafe ContentInfo, ... }: the number after a length of any size.
    if (der.size() < 8 || der[0] != 0x30) return false;
    const std::size_t at = der[1] < 0x80 || der[1] == 0x80 ? 2 : 2 + (der[1] & 0x7fU);
    return at + 4 <= der.size() && der[at] == 0x02 && der[at + 1] == 0x01 && der[at + 2] == 0x03 && der[at + 3] == 0x30;
}

Result<Pkcs12Contents> read_pkcs12(Bytes der, std::string_view passphrase) {
    if (der.size() > kMaxFile) return fail(ErrorKind::too_large, kMaxFile);
    const ErrorQueueGuard guard;
    const unsigned char* at = der.data();
    const Pfx file(d2i_PKCS12(nullptr, &at, static_cast<long>(der.size())));
    if (!file) return fail(ErrorKind::bad_value, 0);
    const Secret terminated{std::string(passphrase)};
    EVP_PKEY* key = nullptr;
    X509* own = nullptr;
    STACK_OF(X509)* others = nullptr;
    if (PKCS12_parse(file.get(), terminated.view().data(), &key, &own, &others) != 1) {
        const bool locked = ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_UNSUPPORTED || ERR_GET_LIB(ERR_peek_error()) == ERR_LIB_EVP;
        return fail(locked ? ErrorKind::unsupported : ErrorKind::bad_value, 0);
    }
    const EvpKey key_owner(key);
    const Certificate own_owner(own);
    const std::unique_ptr<STACK_OF(X509), FreeWith<free_certificates>> others_owner(others);
    Pkcs12Contents contents;
    if (own != nullptr) contents.certificates.push_back(to_der(own));
    for (int i = 0; others != nullptr && i < sk_X509_num(others); ++i) contents.certificates.push_back(to_der(sk_X509_value(others, i)));
    if (key == nullptr) return contents;
    auto read = read_key(key);
    if (!read) return forward_error(read);
    contents.key.emplace(std::move(*read));
    return contents;
}

}  // namespace truename::crypto
