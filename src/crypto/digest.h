#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>

#include "base/bytes.h"

namespace truename::crypto {

/// Digests by their names in FIPS 180-4; md5 and older ones only so that old signatures can be named.
enum class DigestKind : std::uint8_t { md5, sha1, sha224, sha256, sha384, sha512 };

using Sha1 = std::array<std::uint8_t, 20>;
using Sha256 = std::array<std::uint8_t, 32>;

/// `SHA-256`.
std::string_view name_of(DigestKind kind);

/// Length of the result in bytes.
std::size_t digest_size(DigestKind kind);

/// The digest of `data`. MD5 works here even where the library refuses it for signatures.
ByteString digest(DigestKind kind, Bytes data);

/// The SHA-256 of `data`: of a certificate's DER form it is the fingerprint that reports show.
Sha256 sha256(Bytes data);
/// One SHA-256 over several parts, each behind its length: no other list of parts gives the same.
Sha256 sha256(std::initializer_list<Bytes> parts);
/// HMAC with SHA-256 (RFC 2104).
Sha256 hmac_sha256(Bytes key, Bytes data);
/// The SHA-1 of `data`, for key identifiers (RFC 5280 4.2.1.2 (1)) and old fingerprints.
Sha1 sha1(Bytes data);

/// A digest of what comes piece by piece.
class Digester {
  public:
    explicit Digester(DigestKind kind);
    void add(Bytes piece);
    /// The digest of all pieces; the end of this one's life.
    [[nodiscard]] ByteString finish();
    [[nodiscard]] DigestKind kind() const { return kind_; }

  private:
    struct State;
    struct FreeState {
        void operator()(State* state) const;
    };
    DigestKind kind_;
    std::unique_ptr<State, FreeState> state_;
};

}  // namespace truename::crypto
