#include "crypto/digest.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <cstring>

#include "crypto/evp.h"

namespace truename::crypto {

namespace {

struct DigestRow {
    const char* library_name;
    std::string_view name;
    std::size_t size;
};

const DigestRow& row(DigestKind kind) {
    static constexpr DigestRow kRows[] = {{"MD5", "MD5", 16},          {"SHA1", "SHA-1", 20},       {"SHA2-224", "SHA-224", 28},
                                          {"SHA2-256", "SHA-256", 32}, {"SHA2-384", "SHA-384", 48}, {"SHA2-512", "SHA-512", 64}};
    return kRows[static_cast<std::size_t>(kind)];
}

/// Out of memory, or a library without this digest: nothing can go on.
void must(bool done) {
    if (!done) std::abort();
}

/// A digest under way.
class Hash {
  public:
    explicit Hash(DigestKind kind) { must(context() != nullptr && EVP_DigestInit_ex2(context(), fetched_digest(kind), nullptr) == 1); }
    void add(Bytes data) { must(EVP_DigestUpdate(context(), data.data(), data.size()) == 1); }
    void finish(std::uint8_t* result) { must(EVP_DigestFinal_ex(context(), result, nullptr) == 1); }

  private:
    /// A context per thread: making one costs as much as hashing a certificate.
    static EVP_MD_CTX* context() {
        thread_local const EvpMdContext kept(EVP_MD_CTX_new());
        return kept.get();
    }
};

void hash(DigestKind kind, Bytes data, std::uint8_t* result) {
    Hash hash(kind);
    hash.add(data);
    hash.finish(result);
}

}  // namespace

const EVP_MD* fetched_digest(DigestKind kind) {
    // Fetching by name takes global locks in OpenSSL 3.0; once is enough.
    static const std::array<EVP_MD*, 6> digests = [] {
        std::array<EVP_MD*, 6> all{};
        for (std::size_t i = 0; i < all.size(); ++i) all[i] = EVP_MD_fetch(nullptr, row(static_cast<DigestKind>(i)).library_name, nullptr);
        return all;
    }();
    return digests[static_cast<std::size_t>(kind)];
}

std::string_view name_of(DigestKind kind) {
    return row(kind).name;
}

std::size_t digest_size(DigestKind kind) {
    return row(kind).size;
}

ByteString digest(DigestKind kind, Bytes data) {
    ByteString result(digest_size(kind));
    hash(kind, data, result.data());
    return result;
}

Sha256 sha256(Bytes data) {
    Sha256 result;
    hash(DigestKind::sha256, data, result.data());
    return result;
}

Sha256 sha256(std::initializer_list<Bytes> parts) {
    Hash hash(DigestKind::sha256);
    for (const Bytes part : parts) {
        const std::uint64_t size = part.size();
        std::array<std::uint8_t, sizeof size> length;
        std::memcpy(length.data(), &size, sizeof size);
        hash.add(length);
        hash.add(part);
    }
    Sha256 result;
    hash.finish(result.data());
    return result;
}

Sha256 hmac_sha256(Bytes key, Bytes data) {
    Sha256 result;
    std::size_t size = 0;
    const unsigned char* done = EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA2-256", nullptr, key.data(), key.size(), data.data(), data.size(),
                                          result.data(), result.size(), &size);
    if (done == nullptr) std::abort();
    return result;
}

Sha1 sha1(Bytes data) {
    Sha1 result;
    hash(DigestKind::sha1, data, result.data());
    return result;
}

struct Digester::State {
    EvpMdContext context{EVP_MD_CTX_new()};
};

void Digester::FreeState::operator()(State* state) const {
    delete state;
}

Digester::Digester(DigestKind kind) : kind_(kind), state_(new State) {
    must(state_->context != nullptr && EVP_DigestInit_ex2(state_->context.get(), fetched_digest(kind), nullptr) == 1);
}

void Digester::add(Bytes piece) {
    must(EVP_DigestUpdate(state_->context.get(), piece.data(), piece.size()) == 1);
}

ByteString Digester::finish() {
    ByteString result(digest_size(kind_));
    must(EVP_DigestFinal_ex(state_->context.get(), result.data(), nullptr) == 1);
    return result;
}

}  // namespace truename::crypto
