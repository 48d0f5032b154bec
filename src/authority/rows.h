#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "sql/seconds.h"

namespace truename::authority {

// What the tables of an authority hold, and the digests by which the log vouches for it.

using sql::from_seconds;
using sql::to_seconds;

/// A number as eight octets, most significant first: for digests.
class Number {
  public:
    explicit Number(std::int64_t value) {
        for (std::size_t i = 0; i < octets_.size(); ++i)
            octets_[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (56 - 8 * i));
    }
    operator Bytes() const { return octets_; }

  private:
    std::array<std::uint8_t, 8> octets_{};
};

/// Something that was chosen when the authority was made.
struct SettingRow {
    std::string name, value;
    [[nodiscard]] crypto::Sha256 digest() const { return crypto::sha256({as_bytes(name), as_bytes(value)}); }
};

// The names of settings.
inline constexpr std::string_view kName = "name", kDomains = "domains", kListUrl = "list-url";
/// The setting from whose number on revocation lists are counted in an authority that was restored.
inline constexpr std::string_view kListsFrom = "lists-from";

/// A certificate of the authority's own.
struct IssuerRow {
    std::int64_t id = 0;
    std::string kind;  ///< `root` or `intermediate`
    ByteString certificate;
    [[nodiscard]] crypto::Sha256 digest() const { return crypto::sha256({Number(id), as_bytes(kind), certificate}); }
};

/// The names of its files: `root.pem`, `intermediate.pem`, `intermediate-3.pem`; the first ones keep theirs for those who look there.
inline std::string certificate_file(const IssuerRow& row) {
    return row.kind + (row.id > 2 ? "-" + std::to_string(row.id) : "") + ".pem";
}
/// `intermediate.key.uri`, with the URI of a key that is in a token.
inline std::string uri_file(const IssuerRow& row) {
    return row.kind + (row.id > 2 ? "-" + std::to_string(row.id) : "") + ".key.uri";
}
/// `intermediate.key.pem`.
inline std::string key_file(const IssuerRow& row) {
    return row.kind + (row.id > 2 ? "-" + std::to_string(row.id) : "") + ".key.pem";
}

/// A certificate that was issued, or was going to be.
struct CertificateRow {
    ByteString serial;  ///< contents of the INTEGER
    std::int64_t issuer = 0;
    std::string profile;
    std::string names;  ///< in their order, a line each
    std::int64_t not_before = 0, not_after = 0;
    std::int64_t shard = 0;     ///< of the revocation list that it would be on
    ByteString tbs, signature;  ///< no signature: nobody knows whether it was made before something stopped the program
    [[nodiscard]] crypto::Sha256 digest() const {
        return crypto::sha256(
            {serial, Number(issuer), as_bytes(profile), as_bytes(names), Number(not_before), Number(not_after), Number(shard), tbs});
    }
    [[nodiscard]] crypto::Sha256 signature_digest() const { return crypto::sha256({serial, signature}); }
};

/// A certificate that was taken back.
struct RevocationRow {
    std::int64_t issuer = 0, shard = 0,
                 not_after = 0;  ///< as in the certificate's row: a list is read without looking at a million of those
    ByteString serial;
    std::int64_t at = 0;
    std::int64_t reason = 0;  ///< CRLReason (RFC 5280 5.3.1); 0 when none was given
    [[nodiscard]] crypto::Sha256 digest() const {
        return crypto::sha256({Number(issuer), Number(shard), Number(not_after), serial, Number(at), Number(reason)});
    }
};

/// A revocation list that was signed; the list itself is a file.
struct ListRow {
    std::int64_t issuer = 0, shard = 0, number = 0;
    std::int64_t this_update = 0, next_update = 0, entries = 0;
    ByteString fingerprint;  ///< SHA-256 of the list
    [[nodiscard]] crypto::Sha256 digest() const {
        return crypto::sha256(
            {Number(issuer), Number(shard), Number(number), Number(this_update), Number(next_update), Number(entries), fingerprint});
    }
};

/// The reason of revocations that tells that somebody else has the key (RFC 5280 5.3.1).
inline constexpr std::int64_t kKeyCompromise = 1;

/// The name of the newest such list's file in the folder of the store.
inline std::string list_file(std::int64_t issuer, std::int64_t shard) {
    return "list-" + std::to_string(issuer) + "-" + std::to_string(shard) + ".crl";
}

}  // namespace truename::authority
