#include "crypto/cipher.h"

#include <openssl/evp.h>

#include <array>
#include <cstdlib>

#include "crypto/evp.h"

namespace truename::crypto {

namespace {

struct CipherRow {
    const char* library_name;
    std::string_view name;
    std::size_t key_size, iv_size;
    bool is_authenticated;
};

const CipherRow& row(CipherKind kind) {
    static constexpr CipherRow kRows[] = {
        {"AES-128-CBC", "AES-128-CBC", 16, 16, false}, {"AES-192-CBC", "AES-192-CBC", 24, 16, false},
        {"AES-256-CBC", "AES-256-CBC", 32, 16, false}, {"DES-EDE3-CBC", "3DES-CBC", 24, 8, false},
        {"AES-128-GCM", "AES-128-GCM", 16, 12, true},  {"AES-192-GCM", "AES-192-GCM", 24, 12, true},
        {"AES-256-GCM", "AES-256-GCM", 32, 12, true},  {"AES-128-CTR", "AES-128-CTR", 16, 16, false},
    };
    return kRows[static_cast<std::size_t>(kind)];
}

using CipherOwner = std::unique_ptr<EVP_CIPHER, FreeWith<EVP_CIPHER_free>>;

/// Out of memory, or a wrong use of the library: nothing can go on.
void must(bool done) {
    if (!done) std::abort();
}

}  // namespace

/// OpenSSL clears keys when it frees a context.
struct Cipher::State {
    std::unique_ptr<EVP_CIPHER_CTX, FreeWith<EVP_CIPHER_CTX_free>> context{EVP_CIPHER_CTX_new()};
};

void Cipher::FreeState::operator()(State* state) const {
    delete state;
}

std::string_view name_of(CipherKind kind) {
    return row(kind).name;
}

std::size_t key_size(CipherKind kind) {
    return row(kind).key_size;
}

std::size_t iv_size(CipherKind kind) {
    return row(kind).iv_size;
}

bool is_authenticated(CipherKind kind) {
    return row(kind).is_authenticated;
}

Result<Cipher> Cipher::make(CipherKind kind, Bytes key, Bytes iv, bool encrypts) {
    const ErrorQueueGuard guard;
    const CipherRow& is = row(kind);
    // GCM takes vectors of other sizes too (RFC 5084 3.2), but we have seen none.
    if (key.size() != is.key_size || iv.size() != is.iv_size) return fail(ErrorKind::bad_value, 0);
    std::unique_ptr<State, FreeState> state(new State);
    const CipherOwner cipher(EVP_CIPHER_fetch(nullptr, is.library_name, nullptr));
    if (!cipher) return fail(ErrorKind::unsupported, 0);
    must(state->context != nullptr);
    if (EVP_CipherInit_ex2(state->context.get(), cipher.get(), key.data(), iv.data(), encrypts ? 1 : 0, nullptr) != 1)
        return fail(ErrorKind::unsupported, 0);
    return Cipher(std::move(state));
}

Result<Cipher> Cipher::encryptor(CipherKind kind, Bytes key, Bytes iv) {
    return make(kind, key, iv, true);
}

Result<Cipher> Cipher::decryptor(CipherKind kind, Bytes key, Bytes iv) {
    return make(kind, key, iv, false);
}

void Cipher::add_associated(Bytes data) {
    int written = 0;
    must(EVP_CipherUpdate(state_->context.get(), nullptr, &written, data.data(), static_cast<int>(data.size())) == 1);
}

std::size_t Cipher::update(Bytes piece, std::uint8_t* out) {
    int written = 0;
    must(piece.size() <= std::size_t{1} << 30);
    must(EVP_CipherUpdate(state_->context.get(), out, &written, piece.data(), static_cast<int>(piece.size())) == 1);
    return static_cast<std::size_t>(written);
}

Result<void> Cipher::expect_tag(Bytes tag) {
    if (tag.size() < 12 || tag.size() > kTagSize) return fail(ErrorKind::bad_value, 0);
    const ErrorQueueGuard guard;
    std::array<std::uint8_t, kTagSize> copy{};
    std::copy(tag.begin(), tag.end(), copy.begin());
    if (EVP_CIPHER_CTX_ctrl(state_->context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()), copy.data()) != 1)
        return fail(ErrorKind::bad_value, 0);
    return {};
}

Result<std::size_t> Cipher::finish(std::uint8_t* out) {
    const ErrorQueueGuard guard;
    int written = 0;
    if (EVP_CipherFinal_ex(state_->context.get(), out, &written) != 1) return fail(ErrorKind::bad_value, 0);
    return static_cast<std::size_t>(written);
}

ByteString Cipher::tag() const {
    ByteString tag(kTagSize);
    must(EVP_CIPHER_CTX_ctrl(state_->context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag.size()), tag.data()) == 1);
    return tag;
}

}  // namespace truename::crypto
