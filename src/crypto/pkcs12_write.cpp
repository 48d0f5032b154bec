#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <array>
#include <string>
#include <utility>

#include "crypto/evp.h"
#include "crypto/pkcs12.h"
#include "crypto/secret.h"

// The library's one call for all of this, PKCS12_create(), lets nobody choose the digest of PBKDF2: the parts are put together here.

namespace truename::crypto {

namespace {

constexpr int kRounds = 100'000;

void free_bags(STACK_OF(PKCS12_SAFEBAG) * stack) {
    sk_PKCS12_SAFEBAG_pop_free(stack, PKCS12_SAFEBAG_free);
}

void free_contents(STACK_OF(PKCS7) * stack) {
    sk_PKCS7_pop_free(stack, PKCS7_free);
}

using Pfx = std::unique_ptr<PKCS12, FreeWith<PKCS12_free>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using Algorithm = std::unique_ptr<X509_ALGOR, FreeWith<X509_ALGOR_free>>;
using Bag = std::unique_ptr<PKCS12_SAFEBAG, FreeWith<PKCS12_SAFEBAG_free>>;
using Bags = std::unique_ptr<STACK_OF(PKCS12_SAFEBAG), FreeWith<free_bags>>;
using Content = std::unique_ptr<PKCS7, FreeWith<PKCS7_free>>;
using Contents = std::unique_ptr<STACK_OF(PKCS7), FreeWith<free_contents>>;

/// What a file is locked with.
struct Locking {
    Pkcs12Lock lock;
    Secret passphrase;

    const char* data() const { return passphrase.view().data(); }
    int size() const { return static_cast<int>(passphrase.view().size()); }

    /// How contents are encrypted, each by a salt of its own.
    Algorithm encryption() const {
        switch (lock) {
            case Pkcs12Lock::triple_des:
                return Algorithm(PKCS5_pbe_set(NID_pbe_WithSHA1And3_Key_TripleDES_CBC, kRounds, nullptr, 0));
            case Pkcs12Lock::aes_128:
                return Algorithm(PKCS5_pbe2_set_iv(EVP_aes_128_cbc(), kRounds, nullptr, 0, nullptr, NID_hmacWithSHA1));
            case Pkcs12Lock::aes_256:
                break;
        }
        return Algorithm(PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), kRounds, nullptr, 0, nullptr, NID_hmacWithSHA256));
    }

    const EVP_MD* mac_digest() const { return lock == Pkcs12Lock::triple_des ? EVP_sha1() : EVP_sha256(); }
};

/// What ties a key to its certificate in such a file: the same name and the same identifier on both.
struct Label {
    std::string name;
    std::array<unsigned char, 20> id{};

    bool put_on(X509* certificate) const {
        return X509_alias_set1(certificate, as_bytes(name).data(), static_cast<int>(name.size())) == 1 &&
               X509_keyid_set1(certificate, id.data(), static_cast<int>(id.size())) == 1;
    }

    bool put_on(PKCS12_SAFEBAG* key) {  // the library reads the identifier, but does not say so
        return PKCS12_add_friendlyname_utf8(key, name.data(), static_cast<int>(name.size())) == 1 &&
               PKCS12_add_localkeyid(key, id.data(), static_cast<int>(id.size())) == 1;
    }
};

EvpKey library_key(const PrivateKey& key) {
    const Secret pem(key.to_pem());
    const BioOwner source(BIO_new_mem_buf(pem.view().data(), static_cast<int>(pem.view().size())));
    return EvpKey(PEM_read_bio_PrivateKey(source.get(), nullptr, nullptr, nullptr));
}

Certificate library_certificate(Bytes der) {
    const unsigned char* at = der.data();
    return Certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

/// The certificates, encrypted (RFC 7292, 4.2.3; RFC 2315, 13). Null where memory or a cipher is missing.
Content lock_certificates(STACK_OF(PKCS12_SAFEBAG) * bags, const Locking& locking) {
    Content content(PKCS7_new());
    Algorithm algorithm = locking.encryption();
    if (!content || !algorithm || PKCS7_set_type(content.get(), NID_pkcs7_encrypted) != 1) return nullptr;
    PKCS7_ENC_CONTENT* encrypted = content->d.encrypted->enc_data;
    X509_ALGOR_free(encrypted->algorithm);
    encrypted->algorithm = algorithm.release();
    ASN1_OCTET_STRING_free(encrypted->enc_data);
    encrypted->enc_data =
        PKCS12_item_i2d_encrypt(encrypted->algorithm, ASN1_ITEM_rptr(PKCS12_SAFEBAGS), locking.data(), locking.size(), bags, 1);
    return encrypted->enc_data == nullptr ? nullptr : std::move(content);
}

/// The key, encrypted by itself (RFC 7292, 4.2.2), in contents that are not.
Content lock_key(EVP_PKEY* key, Label& label, const Locking& locking) {
    const std::unique_ptr<PKCS8_PRIV_KEY_INFO, FreeWith<PKCS8_PRIV_KEY_INFO_free>> clear(EVP_PKEY2PKCS8(key));
    Algorithm algorithm = locking.encryption();
    if (!clear || !algorithm) return nullptr;
    std::unique_ptr<X509_SIG, FreeWith<X509_SIG_free>> encrypted(
        PKCS8_set0_pbe(locking.data(), locking.size(), clear.get(), algorithm.get()));
    if (!encrypted) return nullptr;
    static_cast<void>(algorithm.release());  // it is a part of what is encrypted now
    Bag bag(PKCS12_SAFEBAG_create0_pkcs8(encrypted.get()));
    if (!bag) return nullptr;
    static_cast<void>(encrypted.release());
    const Bags bags(sk_PKCS12_SAFEBAG_new_null());
    if (!label.put_on(bag.get()) || sk_PKCS12_SAFEBAG_push(bags.get(), bag.get()) == 0) return nullptr;
    static_cast<void>(bag.release());
    return Content(PKCS12_pack_p7data(bags.get()));
}

/// False where the contents are null.
bool push(STACK_OF(PKCS7) * all, Content content) {
    if (!content || sk_PKCS7_push(all, content.get()) == 0) return false;
    static_cast<void>(content.release());
    return true;
}

/// The certificates as bags, the label on the first. Null where one cannot be read or the first is not the key's.
Bags pack_certificates(const std::vector<ByteString>& certificates, EVP_PKEY* key, Label& label) {
    STACK_OF(PKCS12_SAFEBAG)* bags = nullptr;
    Bags owner;
    for (const ByteString& der : certificates) {
        const Certificate certificate = library_certificate(der);
        if (!certificate) return nullptr;
        const bool is_own = !owner;
        if (is_own && (X509_check_private_key(certificate.get(), key) != 1 ||
                       X509_digest(certificate.get(), EVP_sha1(), label.id.data(), nullptr) != 1 || !label.put_on(certificate.get())))
            return nullptr;
        const bool is_added = PKCS12_add_cert(&bags, certificate.get()) != nullptr;
        if (is_own) owner.reset(bags);
        if (!is_added) return nullptr;
    }
    return owner;
}

}  // namespace

Result<SecretBytes> write_pkcs12(const PrivateKey& key, const std::vector<ByteString>& certificates, const std::string& name,
                                 std::string_view passphrase, Pkcs12Lock lock) {
    const ErrorQueueGuard guard;
    const Locking locking{lock, Secret{std::string(passphrase)}};
    const EvpKey own = library_key(key);
    Label label{name};
    const Bags bags = own ? pack_certificates(certificates, own.get(), label) : nullptr;
    const Contents contents(sk_PKCS7_new_null());
    if (!bags || !push(contents.get(), lock_certificates(bags.get(), locking)) ||
        !push(contents.get(), lock_key(own.get(), label, locking)))
        return fail(ErrorKind::bad_value, 0);
    const Pfx file(PKCS12_add_safes(contents.get(), 0));
    if (!file || PKCS12_set_mac(file.get(), locking.data(), locking.size(), nullptr, 0, kRounds, locking.mac_digest()) != 1)
        return fail(ErrorKind::bad_value, 0);
    unsigned char* encoded = nullptr;
    const int size = i2d_PKCS12(file.get(), &encoded);
    if (size <= 0) return fail(ErrorKind::bad_value, 0);
    SecretBytes bytes(ByteString(encoded, encoded + size));
    OPENSSL_clear_free(encoded, static_cast<std::size_t>(size));
    return bytes;
}

}  // namespace truename::crypto
