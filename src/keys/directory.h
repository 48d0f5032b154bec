#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "finding/failure.h"
#include "keys/key_store.h"
#include "mail/signer_trust.h"
#include "verify/trust_store.h"
#include "x509/certificate.h"

namespace truename::keys {

/// A key as it is to be judged now.
struct Key {
    KeyRow row;
    std::string owner;                 ///< its addresses, safe to print
    std::string vouched;               ///< who says that it is the owner's, and since when that counts; empty: nobody
    std::vector<std::string> reasons;  ///< why it is not to be used, in sentences; empty: it can be
    ByteString root;                   ///< of the path to an authority whose word counts, or has; empty: there is none
    bool is_held = false;              ///< another key of an address was known before, and not the same authority vouches for both
    Time known_since{};                ///< since when somebody vouches for it who still does; Time::max() where that is not known
    Time not_before{}, not_after{};

    [[nodiscard]] crypto::Sha256 fingerprint() const { return crypto::sha256(row.certificate); }
    [[nodiscard]] bool is_usable() const { return reasons.empty(); }
};

/// What came of adding something.
struct Added {
    std::vector<Key> keys;        ///< those that are new, or confirmed now
    std::size_t known = 0;        ///< how many were there already, as they are
    std::size_t authorities = 0;  ///< how many certificates of authorities were taken
};

/// Whose key is it? People's certificates, and who vouches for each: somebody who compared its fingerprint with the owner, an authority
/// that was added here, or one of this machine's list.
class Directory {
  public:
    /// Borrows the store. `trust` has the roots of this machine, or those that are wanted; the store's own are added.
    static Result<Directory, Failure> open(KeyStore& store, verify::TrustStores trust, Time at);

    /// Takes people's certificates (DER), and those of authorities among them to find the way to one whose word counts. With `confirms`
    /// somebody has compared the fingerprint with the owner, of one person. Fails with `usage` when there are several, with `input` when
    /// none of them is of somebody with an address, or of an authority.
    Result<Added, Failure> add(const std::vector<ByteString>& certificates, const std::string& origin, bool confirms);
    /// From now on the word of these authorities counts. Fails with `input` when none of them is one.
    Result<Added, Failure> trust(const std::vector<ByteString>& certificates, const std::string& origin);

    /// Somebody has compared the fingerprint of this key, which is in the store, with its owner.
    Result<Key, Failure> confirm(const Key& key);
    /// Forgets the keys with these certificates (DER), revoked ones for instance, whoever vouches for them. Gives how many there were.
    Result<std::size_t, Failure> take_away(const std::vector<ByteString>& certificates);
    /// Those whose certificates lead to somebody, the oldest addition first.
    [[nodiscard]] const std::vector<AuthorityRow>& authorities() const { return authorities_; }

    /// The keys of an address, the newest certificate first. Fails with `usage` for what is no address.
    Result<std::vector<Key>, Failure> find(std::string_view address);
    /// All keys, the oldest addition first.
    Result<std::vector<Key>, Failure> list();
    /// The certificate to encrypt to for an address. Fails with `refused`, and says why, when there is none that can be used.
    Result<Key, Failure> choose(std::string_view address);
    /// The certificates of authorities that lead to the one that vouches, as far as they are known, nearest first and without the root.
    [[nodiscard]] std::vector<ByteString> issuers_of(const Key& key) const;

  private:
    Directory(KeyStore& store, verify::TrustStores trust, Time at) : store_(store), trust_(std::move(trust)), at_(at) {}
    Result<void, Failure> read_authorities();
    [[nodiscard]] Key judge(KeyRow row) const;
    /// The keys of an address, confirmed ones and then those known first before others. The first for which somebody vouches decides:
    /// another is held unless the same authority vouches for it as for one that is not, or it was confirmed. This is found anew each time,
    /// so that it does not matter in which order, at which time or under which trust keys were added.
    Result<std::vector<Key>, Failure> judge_address(std::string_view address);
    /// A key with what follows for it from the others of each of its addresses.
    Result<Key, Failure> judge_among_others(KeyRow row);
    Result<void, Failure> add_key(const ByteString& certificate, const std::string& origin, bool confirms, Added& added);

    KeyStore& store_;
    verify::TrustStores trust_;
    Time at_;
    std::vector<AuthorityRow> authorities_;
    std::vector<ByteString> issuers_;
};

/// The addresses that a certificate is for, as they are compared (address_key()): those of its subjectAltName, or else of its subject. What
/// stands in the subject beside them is held by no constraint of its issuers, and not shown.
std::vector<std::string> addresses_of(const x509::Certificate& certificate);

/// A key's fingerprint as people read it to each other: `ab:cd:...`, SHA-256.
std::string fingerprint_text(const Key& key);

}  // namespace truename::keys
