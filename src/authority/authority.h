#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/draft.h"
#include "authority/key_type.h"
#include "authority/store.h"
#include "base/time.h"
#include "crypto/private_key.h"
#include "crypto/secret.h"
#include "finding/failure.h"

namespace truename::authority {

/// What a new authority is to be.
struct Plan {
    std::string name = {};                  ///< of the root: `Example Mail`; the intermediate is called after it
    std::vector<std::string> domains = {};  ///< the only ones that it may issue for (RFC 5280 4.2.1.10); none: any
    KeyType key = KeyType::p256;
    std::string root_key_uri = {}, key_uri = {};  ///< of keys that are in a token already (RFC 7512); empty: made, and kept in files
    unsigned root_years = 10, intermediate_years = 5;
    std::string list_url = {};  ///< where revocation lists will be found, with `{shard}` in it; empty: certificates name none
};

/// Which keys another intermediate needs.
struct NewIssuer {
    std::string root_key = {};  ///< path or PKCS #11 URI; empty: where it was
    std::string key_uri = {};   ///< of its own key, when that is in a token already; empty: made, and kept in a file
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
    /// Whether one is in that folder, or that cannot be seen.
    static bool is_in(const std::string& folder);
    /// Makes folder, keys, root, intermediate and an empty revocation list. Fails with `usage` when there is an authority already, for a
    /// name or domains that are none, and for an empty passphrase. Nothing is left behind when it fails.
    static Result<Authority, Failure> create(const std::string& folder, const Plan& plan, const crypto::Secret& passphrase, Time now,
                                             const crypto::Secret& pin = crypto::Secret());
    /// Opens one. Without unlock() it can only show what there is.
    static Result<Authority, Failure> open(const std::string& folder);
    /// Opens the key of the intermediate. Fails with `usage` for a wrong passphrase. The passphrase is kept for the keys of earlier
    /// intermediates, whose revocation lists go on. `pin` is that of the token where keys are in one.
    Result<void, Failure> unlock(const crypto::Secret& passphrase, const crypto::Secret& pin = crypto::Secret());
    /// Whether the key of the intermediate is in a token, so that unlock() wants a PIN and no passphrase.
    [[nodiscard]] bool has_key_in_token() const;
    /// Where the root's key is, a path or a PKCS #11 URI, when it is not where it was.
    void set_root_key(std::string file) { root_key_file_ = std::move(file); }
    /// Makes another intermediate, with a key of the same kind, and gives the authority that issues from it. What the intermediates before
    /// it have issued stays valid, and their revocation lists go on. Fails with `local` when the root's key is not there, with `usage` for
    /// a wrong passphrase or PIN.
    static Result<Authority, Failure> renew_issuer(const std::string& folder, const NewIssuer& wanted, const crypto::Secret& passphrase,
                                                   Time now, const crypto::Secret& pin = crypto::Secret());

    [[nodiscard]] const ByteString& root() const { return root_.certificate; }
    /// The one that issues: the newest.
    [[nodiscard]] const ByteString& intermediate() const { return intermediate_.certificate; }
    /// Whether it was revoked; then nothing is issued from it.
    [[nodiscard]] bool is_revoked() const { return is_revoked_; }
    /// Those that issued before it, the oldest first.
    [[nodiscard]] const std::vector<IssuerRow>& earlier_intermediates() const { return earlier_; }
    [[nodiscard]] const Signer& signer() const { return *signer_; }
    [[nodiscard]] Store& store() { return store_; }

    /// What would be signed. Fails as make_draft().
    Result<Draft, Failure> draft(const Order& order, Time now) const;
    /// Records the draft, signs it, keeps the signature. Whatever stops the program on the way, no certificate exists without its record.
    Result<Issued, Failure> issue(Draft draft, Time now);

    /// That the authority has issued this very certificate, if it has issued one of that serial number. Fails with `input` when it is
    /// another one: numbers alone are no proof of which certificate somebody means.
    Result<void, Failure> check_is_own(const x509::Certificate& certificate);
    /// What would be asked for to have a certificate of that serial number again: its profile, names and key. Fails with `usage` for a
    /// number that was never issued.
    Result<Order, Failure> order_again(Bytes serial);

    /// Takes a certificate back: from the next revocation list on, which is made at once. `reason` is a CRLReason. Fails with `usage` for a
    /// serial number that was never issued or stands on the list already. An intermediate can be taken back, too: on a list of the root,
    /// whose key is needed; the newest one issues no more then.
    Result<std::vector<PublishedList>, Failure> revoke(Bytes serial, std::int64_t reason, Time now);
    /// Makes the revocation lists that are due, of each intermediate whose time is not over: all of them with `all`, else those whose time
    /// is half over or that lack somebody; that of the root, too, if an intermediate was revoked and the root's key is there. Refuses to
    /// publish a list that has not exactly the entries that the store has.
    Result<std::vector<PublishedList>, Failure> publish_lists(Time now, bool all);
    /// Whether the root has a list that is due, and its key is not there to make it.
    Result<bool, Failure> root_list_waits(Time now);
    /// Copies the newest lists that still count into a folder that is there, each whole or not at all, under the last part of the address
    /// that certificates have for it. Gives their paths.
    Result<std::vector<std::string>, Failure> copy_lists(const std::string& folder, Time now);

  private:
    explicit Authority(Store store);
    Result<void, Failure> make_signer();
    void use(crypto::PrivateKey key, const crypto::Secret& passphrase, const crypto::Secret& pin);
    /// The revocation list on which the next certificate would be. Numbers grow, also from one intermediate to the next, so that each
    /// list has an address of its own.
    [[nodiscard]] std::int64_t shard() const;

    [[nodiscard]] std::string root_key_place() const;
    /// Whether the root can sign.
    [[nodiscard]] bool is_root_key_there() const;
    /// The row of one of the authority's own certificates as if it had issued it to somebody: so it can be revoked as others can.
    Result<CertificateRow, Failure> as_issued(const IssuerRow& intermediate) const;

    /// The row of a certificate that was issued, or of an intermediate.
    Result<std::optional<CertificateRow>, Failure> find_row(Bytes serial);

    // Those below want the store locked.
    Result<std::vector<PublishedList>, Failure> revoke_row(const CertificateRow& row, std::int64_t reason, Time now);
    /// Whether a list's time is half over, somebody was revoked since, or its file is not what was made.
    Result<bool, Failure> is_due(std::int64_t issuer, std::int64_t shard, Time now);
    Result<PublishedList, Failure> publish_list(const IssuerRow& issuer, std::int64_t shard, Time now);
    Result<std::vector<PublishedList>, Failure> publish_locked(Time now, bool all);
    /// The file's name in a folder that a web server serves.
    [[nodiscard]] std::string served_name(const ListRow& list) const;
    /// Borrowed until the next call.
    Result<const crypto::PrivateKey*, Failure> key_of(const IssuerRow& issuer);

    Store store_;
    IssuerRow root_, intermediate_;
    std::vector<IssuerRow> earlier_;
    std::unique_ptr<Signer> signer_;  // borrows from intermediate_, so it stays where it is
    std::optional<crypto::PrivateKey> key_;
    crypto::Secret passphrase_, pin_;
    std::string root_key_file_;
    bool is_revoked_ = false;                                // the newest intermediate is
    std::map<std::int64_t, crypto::PrivateKey> other_keys_;  // those that were needed
    std::int64_t lists_from_ = 0;                            // no list has this number or a smaller one
    std::unique_ptr<std::atomic<std::int64_t>> issued_;      // so many, for the numbers of revocation lists
};

}  // namespace truename::authority
