#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace truename::crypto {

/// How contents are encrypted: AES (FIPS 197) and, for old messages, Triple DES, chained (CBC) or counted with a tag (GCM, SP 800-38D).
/// CTR alone protects nothing against change: it is for files that nobody else can open.
enum class CipherKind : std::uint8_t {
    aes128_cbc,
    aes192_cbc,
    aes256_cbc,
    des_ede3_cbc,
    aes128_gcm,
    aes192_gcm,
    aes256_gcm,
    aes128_ctr,
};

/// `AES-256-CBC`.
std::string_view name_of(CipherKind kind);
/// Octets of its key.
std::size_t key_size(CipherKind kind);
/// Octets of its initialization vector: a block, or 12 for GCM.
std::size_t iv_size(CipherKind kind);
/// Whether a changed ciphertext is noticed.
bool is_authenticated(CipherKind kind);

/// Octets of the tag that we write behind GCM.
inline constexpr std::size_t kTagSize = 16;

/// A cipher under way: pieces go in, pieces come out.
class Cipher {
  public:
    /// The most by which what comes out of one call is longer than what went in.
    static constexpr std::size_t kMaxGrowth = 16;

    /// bad_value when key or vector have another size than the kind asks for, unsupported when the library lacks it. CBC pads as RFC 5652
    /// 6.3 says.
    static Result<Cipher> encryptor(CipherKind kind, Bytes key, Bytes iv);
    static Result<Cipher> decryptor(CipherKind kind, Bytes key, Bytes iv);

    /// What a tag covers besides the contents; before the first update().
    void add_associated(Bytes data);
    /// Works on a piece of at most a gigabyte; gives how many octets it wrote to `out`, which has room for the piece and kMaxGrowth more.
    std::size_t update(Bytes piece, std::uint8_t* out);
    /// The tag that finish() compares, 12 to 16 octets (RFC 5084 3.2); bad_value for others.
    Result<void> expect_tag(Bytes tag);
    /// The last octets, at most kMaxGrowth. Decrypting: bad_value when the padding or the tag is wrong, and then nothing that came out
    /// before may be used.
    Result<std::size_t> finish(std::uint8_t* out);
    /// The tag of what was encrypted, behind finish().
    [[nodiscard]] ByteString tag() const;

  private:
    struct State;
    struct FreeState {
        void operator()(State* state) const;
    };
    explicit Cipher(std::unique_ptr<State, FreeState> state) : state_(std::move(state)) {}
    static Result<Cipher> make(CipherKind kind, Bytes key, Bytes iv, bool encrypts);
    std::unique_ptr<State, FreeState> state_;
};

}  // namespace truename::crypto
