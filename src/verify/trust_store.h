#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "finding/failure.h"
#include "x509/certificate.h"
#include "x509/name.h"
#include "x509/trust_settings.h"

namespace truename::verify {

/// The lists of roots that makers of systems and programs ship, as far as their history is known (data/trust-stores/README.md).
enum class Store : std::uint8_t { microsoft, mozilla, apple, android, openjdk, oracle_java };

/// How many stores there are.
inline constexpr std::size_t kStoreCount = 6;

/// `microsoft`, `mozilla`, `apple`, `android`, `openjdk`, `oracle-java`: the word in profiles.
std::string_view name_of(Store store);
/// The store of that name; nothing when there is none.
std::optional<Store> find_store(std::string_view name);

/// From when to when a store was looked at, first and newest time. Outside of it membership is unknown or what it last was.
struct StoreHistory {
    Time first, newest;
};
StoreHistory history_of(Store store);

/// Whether a store holds a root at some time.
enum class Membership : std::uint8_t {
    no,
    unknown,  ///< before the store was first looked at, or between two looks of which only one saw it
    yes,
    blocked,  ///< the store's maker says that nobody may trust it
};

/// A certificate that somebody trusts as it is. It lives as long as the TrustStores that it comes from, its bytes as any copy of them.
struct Anchor {
    Bytes der;                             ///< the certificate; borrowed from the program itself or from the TrustStores
    std::uint64_t subject_key = 0;         ///< name_key() of its subject
    bool added = false;                    ///< given by the user or administrator (`--trust FILE`)
    bool system = false;                   ///< in this machine's bundle
    std::optional<std::uint16_t> shipped;  ///< its row in the table of shipped roots; nothing when no store is known to have held it
    /// What was said of it in so many words where it was added: for TLS servers, in the settings of a TRUSTED CERTIFICATE.
    x509::ExplicitTrust said = x509::ExplicitTrust::none;
};

/// A number that is the same for all names that are equal by RFC 5280 7.1, and for few others: for indexes. Letter case, blanks, string
/// types and what is not ASCII once it is folded count for nothing.
std::uint64_t name_key(const x509::Name& name);

/// All anchors of one run: the shipped lists (compiled in, one binary search away, nothing is read before it is asked for), this
/// machine's bundle, and what the user adds. After loading it is only read, and may be shared by threads. A copy shares the certificates.
class TrustStores {
  public:
    /// Reads the PEM or DER certificates of `file` as added roots; `name` is what error texts call it. Gives how many there were.
    /// Failure (kind input) when there is none in it or one cannot be read. Not checked: that they are authorities.
    Result<std::size_t, Failure> add(Bytes file, std::string_view name);
    /// The same for this machine's bundle (`/etc/ssl/certs/ca-certificates.crt`); what cannot be read in it is skipped.
    Result<std::size_t, Failure> add_system(Bytes file, std::string_view name);
    /// Adds one certificate that is read already, as added or as one of this machine's; copies the bytes. False when it cannot be read.
    bool add_certificate(Bytes der, bool added, x509::ExplicitTrust said = x509::ExplicitTrust::none);
    /// Without the shipped lists nothing but what was added is found: for `--trust none` and tests. They are on at first.
    void use_shipped(bool on) { use_shipped_ = on; }

    /// The anchors whose subject may be `name`: those with its key. The caller compares. Added ones first, then shipped, then system.
    [[nodiscard]] std::vector<const Anchor*> find_by_subject_key(std::uint64_t key) const;

    /// The anchor with exactly these bytes, whose subject has that key; null when there is none.
    [[nodiscard]] const Anchor* find(Bytes der, std::uint64_t subject_key) const;

    /// Whether `store` holds `anchor` at `at`. A root that no store ever held is `no`, but `unknown` when this machine has it and `at` is
    /// after the store was last looked at: it may be new.
    [[nodiscard]] static Membership membership(const Anchor& anchor, Store store, Time at);

    /// How many anchors can be found.
    [[nodiscard]] std::size_t size() const;

  private:
    using Place = std::uint32_t;  // of an anchor in loaded_
    void insert(const x509::Certificate& certificate, bool added, x509::ExplicitTrust said);

    std::vector<std::shared_ptr<const ByteString>> owned_;
    std::deque<Anchor> loaded_;
    std::unordered_map<std::string_view, Place> by_der_;
    struct OfSubject {
        std::vector<Place> added, system;  // in the order of loading
    };
    std::unordered_map<std::uint64_t, OfSubject> by_subject_;
    bool use_shipped_ = true;
};

}  // namespace truename::verify
