#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/draft.h"
#include "authority/store.h"
#include "base/time.h"
#include "crypto/private_key.h"
#include "crypto/secret.h"
#include "finding/failure.h"

namespace truename::authority {

/// The kinds of keys that an authority has and makes.
enum class KeyType : std::uint8_t { p256, p384, rsa2048, rsa3072, rsa4096, ed25519 };
/// `p256`, `rsa3072`, ...; nothing for other words.
std::optional<KeyType> find_key_type(std::string_view word);
/// All words, with blanks between them.
inline constexpr std::string_view kKeyTypes = "p256 p384 rsa2048 rsa3072 rsa4096 ed25519";
/// A new key. Making an RSA key takes up to a second.
Result<crypto::PrivateKey, Failure> make_key(KeyType type);

/// What a new authority is to be.
struct Plan {
    std::string name = {};                  ///< of the root: `Example Mail`; the intermediate is called after it
    std::vector<std::string> domains = {};  ///< the only ones that it may issue for (RFC 5280 4.2.1.10); none: any
    KeyType key = KeyType::p256;
    unsigned root_years = 10, intermediate_years = 5;
    std::string list_url = {};  ///< where revocation lists will be found, with `{shard}` in it; empty: certificates name none
};

/// A certificate with those above it.
struct Issued {
    std::string serial;             ///< as serial_hex() writes it
    ByteString certificate;         ///< DER
    std::vector<ByteString> above;  ///< the intermediate, without the root
    ByteString root;
    Time not_after{};
    std::vector<std::string> names;
};

/// A revocation list that was made.
struct PublishedList {
    std::string file;  ///< its path
    std::int64_t number = 0, entries = 0;
    Time next_update{};
};

/// One's own certificate authority: a root, whose key is needed only to make intermediates, and an intermediate that issues. Its state is a
/// Store. Issuing may be done by any number of threads at once; everything that came back is on the disk.
///
///     auto authority = Authority::open("/var/lib/truename/ca");
///     authority->unlock(passphrase);
///     auto issued = authority->issue(order, clock.now());
class Authority {
  public:
    /// Makes folder, keys, root, intermediate and an empty revocation list. Fails with `usage` when there is an authority already, for a
    /// name or domains that are none, and for an empty passphrase. Nothing is left behind when it fails.
    static Result<Authority, Failure> create(const std::string& folder, const Plan& plan, const crypto::Secret& passphrase, Time now);
    /// Opens one. Without unlock() it can only show what there is.
    static Result<Authority, Failure> open(const std::string& folder);
    /// Opens the key of the intermediate. Fails with `usage` for a wrong passphrase.
    Result<void, Failure> unlock(const crypto::Secret& passphrase);

    [[nodiscard]] const ByteString& root() const { return root_.certificate; }
    [[nodiscard]] const ByteString& intermediate() const { return intermediate_.certificate; }
    [[nodiscard]] const Signer& signer() const { return *signer_; }
    [[nodiscard]] Store& store() { return store_; }

    /// What would be signed. Fails as make_draft().
    Result<Draft, Failure> draft(const Order& order, Time now) const;
    /// Records the draft, signs it, keeps the signature. Whatever stops the program on the way, no certificate exists without its record.
    Result<Issued, Failure> issue(Draft draft, Time now);

    /// What would be asked for to have a certificate of that serial number again: its profile, names and key. Fails with `usage` for a
    /// number that was never issued.
    Result<Order, Failure> order_again(Bytes serial);

    /// Takes a certificate back: from the next revocation list on, which is made at once. `reason` is a CRLReason. Fails with `usage` for a
    /// serial number that was never issued or stands on the list already.
    Result<std::vector<PublishedList>, Failure> revoke(Bytes serial, std::int64_t reason, Time now);
    /// Makes the revocation lists that are due: all of them with `all`, else those whose time is half over or that lack somebody. Refuses
    /// to publish a list that has not exactly the entries that the store has.
    Result<std::vector<PublishedList>, Failure> publish_lists(Time now, bool all);

  private:
    Authority(Store store, IssuerRow root, IssuerRow intermediate);
    Result<void, Failure> make_signer();
    void use(crypto::PrivateKey key);
    /// Whether a list's time is half over, somebody was revoked since, or its file is not what was made.
    Result<bool, Failure> is_due(std::int64_t shard, Time now);
    Result<PublishedList, Failure> publish_list(std::int64_t shard, Time now);  // the store is locked

    Store store_;
    IssuerRow root_, intermediate_;
    std::unique_ptr<Signer> signer_;  // borrows from intermediate_, so it stays where it is
    std::optional<crypto::PrivateKey> key_;
    std::int64_t lists_from_ = 0;                        // no list has this number or a smaller one
    std::unique_ptr<std::atomic<std::int64_t>> issued_;  // so many, for the numbers of revocation lists
};

}  // namespace truename::authority
