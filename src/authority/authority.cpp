#include "authority/authority.h"

#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "authority/issuers.h"
#include "base/read_file.h"
#include "base/replace_file.h"
#include "base/text.h"
#include "x509/build_crl.h"
#include "x509/crl.h"
#include "x509/pem.h"
#include "x509/print.h"

namespace truename::authority {

namespace {

constexpr std::string_view kRootKey = "root.key.pem";
constexpr std::string_view kRoot = "root.pem", kIntermediate = "intermediate.pem";
constexpr std::string_view kDomains = "domains", kListUrl = "list-url", kName = "name";
constexpr std::chrono::days kListLifetime{7};
constexpr std::int64_t kCertificatesOfList = 100'000;

Result<std::string, Failure> read_key_file(const std::string& path) {
    auto text = read_own_file(path);
    if (!text)
        return Unexpected{Failure{FailureKind::local, "opening the key", printable(path), "it is not there, or may not be read",
                                  "Run as the owner of the authority, or bring the key back from where it is kept"}};
    return std::move(*text);
}

/// A mistake in what this program itself has written.
Failure broken(const std::string& folder, std::string reason) {
    return {FailureKind::local, "opening the authority in", printable(folder), std::move(reason),
            "Take the last backup: truename ca restore"};
}

Result<void, Failure> write_issuer(Store& store, std::string_view key_file, std::string_view file, const crypto::PrivateKey& key,
                                   Bytes certificate, const crypto::Secret& passphrase) {
    const auto pem = key.to_encrypted_pem(passphrase.view());
    if (!pem)
        return Unexpected{Failure{FailureKind::usage, "encrypting the key of", printable(store.folder()), "the passphrase is empty",
                                  "Put one into the file: head -c 32 /dev/urandom | base64 > FILE"}};
    if (auto written = store.write_private(key_file, *pem); !written) return written;
    return store.write_public(file, x509::to_pem("CERTIFICATE", certificate));
}

/// A folder that becomes another one's when all is in it.
class Building {
  public:
    Building() = default;
    Building(const Building&) = delete;
    Building& operator=(const Building&) = delete;
    ~Building() {
        std::error_code ignored;
        if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::string& path() const { return path_; }

    Result<void, Failure> begin(const std::string& folder) {
        namespace fs = std::filesystem;
        std::error_code error;
        folder_ = folder;
        while (folder_.size() > 1 && folder_.ends_with('/')) folder_.pop_back();
        if (fs::exists(folder_ + "/authority.db", error))
            return failed(FailureKind::usage, "there is one already",
                          "Choose another folder, or go on with the one that is there: truename ca show --store " + printable(folder));
        if (fs::exists(folder_, error) && !fs::is_empty(folder_, error))
            return failed(FailureKind::usage, error ? error.message() : "something else is in the folder",
                          "Name one that is not there yet");
        std::string path = folder_ + ".new-XXXXXX";
        if (::mkdtemp(path.data()) == nullptr) return failed(FailureKind::local, std::strerror(errno), "");
        path_ = std::move(path);
        return {};
    }
    /// Fails when somebody else was quicker.
    Result<void, Failure> finish() {
        if (::rename(path_.c_str(), folder_.c_str()) != 0)
            return failed(errno == ENOTEMPTY || errno == EEXIST ? FailureKind::usage : FailureKind::local, std::strerror(errno), "");
        path_.clear();
        if (const auto flushed = flush_folder_of(folder_); !flushed) return failed(FailureKind::local, std::strerror(flushed.error()), "");
        return {};
    }

  private:
    [[nodiscard]] Unexpected<Failure> failed(FailureKind kind, std::string reason, std::string next) const {
        return {Failure{kind, "making the authority in", printable(folder_), std::move(reason), std::move(next)}};
    }
    std::string folder_, path_;
};

}  // namespace

std::optional<KeyType> find_key_type(std::string_view word) {
    const auto words = split(kKeyTypes, ' ');
    const auto found = std::ranges::find(words, word);
    if (found == words.end()) return std::nullopt;
    return static_cast<KeyType>(found - words.begin());
}

Result<crypto::PrivateKey, Failure> make_key(KeyType type) {
    const auto made = [&] {
        switch (type) {
            case KeyType::p256:
                return crypto::PrivateKey::generate_ec(crypto::Curve::p256);
            case KeyType::p384:
                return crypto::PrivateKey::generate_ec(crypto::Curve::p384);
            case KeyType::rsa2048:
                return crypto::PrivateKey::generate_rsa(2048);
            case KeyType::rsa3072:
                return crypto::PrivateKey::generate_rsa(3072);
            case KeyType::rsa4096:
                return crypto::PrivateKey::generate_rsa(4096);
            case KeyType::ed25519:
                break;
        }
        return crypto::PrivateKey::generate_ed25519();
    }();
    if (!made) return Unexpected{Failure{FailureKind::local, "making", "a key", "OpenSSL could not", ""}};
    return *made;
}

Authority::Authority(Store store, IssuerRow root, IssuerRow intermediate)
    : store_(std::move(store)),
      root_(std::move(root)),
      intermediate_(std::move(intermediate)),
      issued_(std::make_unique<std::atomic<std::int64_t>>(0)) {}

Result<Authority, Failure> Authority::create(const std::string& folder, const Plan& plan, const crypto::Secret& passphrase, Time now) {
    if (passphrase.empty())
        return Unexpected{Failure{FailureKind::usage, "making the authority in", printable(folder), "the passphrase is empty",
                                  "Put one into the file: head -c 32 /dev/urandom | base64 > FILE"}};
    // Everything that can be wrong with the plan shows before anything is written.
    const auto root_key = make_key(plan.key), key = make_key(plan.key);
    if (!root_key) return forward_error(root_key);
    if (!key) return forward_error(key);
    auto root = make_root(plan, *root_key, now);
    if (!root) return forward_error(root);
    auto intermediate = make_intermediate(plan, *root, *root_key, *key, now);
    if (!intermediate) return forward_error(intermediate);

    // Made beside its place and moved there when it is whole: what stops on the way leaves nothing in the way.
    Building building;
    if (auto begun = building.begin(folder); !begun) return forward_error(begun);
    const auto fill = [&]() -> Result<void, Failure> {
        auto store = Store::create(building.path());
        if (!store) return forward_error(store);
        if (auto done = write_issuer(*store, kRootKey, kRoot, *root_key, *root, passphrase); !done) return done;
        if (auto done = write_issuer(*store, kIntermediateKey, kIntermediate, *key, *intermediate, passphrase); !done) return done;
        if (auto done = store->set(now, {std::string(kName), plan.name}); !done) return done;
        if (auto done = store->set(now, {std::string(kDomains), join(plan.domains, "\n")}); !done) return done;
        if (auto done = store->set(now, {std::string(kListUrl), plan.list_url}); !done) return done;
        if (auto done = store->add_issuer(now, {0, "root", *root}); !done) return done;
        return store->add_issuer(now, {0, "intermediate", *intermediate});
    };
    if (auto filled = fill(); !filled) return forward_error(filled);
    {
        auto authority = open(building.path());
        if (!authority) return authority;
        authority->use(*key);
        if (auto published = authority->publish_lists(now, true); !published) return forward_error(published);
    }
    if (auto moved = building.finish(); !moved) return forward_error(moved);
    auto authority = open(folder);
    if (authority) authority->use(*key);
    return authority;
}

Result<Authority, Failure> Authority::open(const std::string& folder) {
    auto store = Store::open(folder);
    if (!store) return forward_error(store);
    auto issuers = store->issuers();
    if (!issuers) return forward_error(issuers);
    // The newest of each kind is the one in use.
    const auto newest = [&](std::string_view kind) {
        const auto found = std::find_if(issuers->rbegin(), issuers->rend(), [&](const IssuerRow& row) { return row.kind == kind; });
        return found == issuers->rend() ? IssuerRow() : *found;
    };
    IssuerRow root = newest("root"), intermediate = newest("intermediate");
    if (root.id == 0 || intermediate.id == 0) return Unexpected{broken(folder, "it was never finished: it has no certificate of its own")};
    Authority authority(std::move(*store), std::move(root), std::move(intermediate));
    if (auto made = authority.make_signer(); !made) return forward_error(made);
    return authority;
}

Result<void, Failure> Authority::make_signer() {
    const auto certificate = x509::parse_certificate(intermediate_.certificate);
    if (!certificate) return Unexpected{broken(store_.folder(), "its certificate is damaged: " + x509::describe(certificate.error()))};
    const auto domains = store_.setting(kDomains), list_url = store_.setting(kListUrl), lists_from = store_.setting(kListsFrom);
    if (!domains) return forward_error(domains);
    if (!list_url) return forward_error(list_url);
    if (!lists_from) return forward_error(lists_from);
    std::from_chars(lists_from->data(), lists_from->data() + lists_from->size(), lists_from_);
    signer_ = std::make_unique<Signer>(Signer{intermediate_.id, *certificate, {}, {}, *list_url});
    for (const std::string_view domain : split(*domains, '\n')) {
        if (!domain.empty()) signer_->domains.emplace_back(domain);
    }
    return store_.read("counting the certificates of", [&](sql::Database& database) {
        return database.query("SELECT count(*) FROM certificates", {}, [&](const sql::Row& row) { *issued_ = row.integer(0); });
    });
}

Result<void, Failure> Authority::unlock(const crypto::Secret& passphrase) {
    const std::string path = store_.path(kIntermediateKey);
    const auto pem = read_key_file(path);
    if (!pem) return forward_error(pem);
    auto key = crypto::PrivateKey::from_pem(*pem, passphrase.view());
    if (!key)
        return Unexpected{Failure{FailureKind::usage, "opening the key", printable(path), "the passphrase does not open it",
                                  "It is the one that truename ca init was given; a line break at the end of the file does not count"}};
    if (!equal(key->public_key_info(), signer_->certificate.subject_public_key_info.tlv))
        return Unexpected{broken(store_.folder(), "its key is not that of its certificate")};
    use(std::move(*key));
    return {};
}

void Authority::use(crypto::PrivateKey key) {
    signer_->scheme = key.usual_scheme();
    key_ = std::move(key);
}

Result<Draft, Failure> Authority::draft(const Order& order, Time now) const {
    const bool has_shards = signer_->list_url.find("{shard}") != std::string::npos;
    return make_draft(order, *signer_, has_shards ? *issued_ / kCertificatesOfList : 0, now);
}

Result<Issued, Failure> Authority::issue(Draft draft, Time now) {
    CertificateRow& row = draft.row;
    if (auto recorded = store_.record(now, row); !recorded) return forward_error(recorded);
    auto signature = key_->sign(signer_->scheme, row.tbs);
    if (!signature) return Unexpected{Failure{FailureKind::local, "signing for", draft.names.front(), "OpenSSL could not", ""}};
    row.signature = std::move(*signature);
    if (auto kept = store_.complete(now, row); !kept) return forward_error(kept);
    ++*issued_;
    return Issued{x509::serial_hex(row.serial), signed_certificate(row, draft.algorithm),
                  {intermediate_.certificate},  root_.certificate,
                  from_seconds(row.not_after),  std::move(draft.names)};
}

Result<Order, Failure> Authority::order_again(Bytes serial) {
    const auto usage = [&](std::string text) {
        return Unexpected{
            Failure{FailureKind::usage, "renewing", x509::serial_hex(serial), std::move(text), "See what there is: truename ca list"}};
    };
    const auto found = store_.certificate(serial);
    if (!found) return forward_error(found);
    if (!*found) return usage("this authority has issued no certificate with that number");
    const CertificateRow& row = **found;
    const CertificateProfile* profile = find_certificate_profile(row.profile);
    const ByteString der = signed_certificate(row, x509::encode_signature_algorithm(signer_->scheme));
    const auto certificate = x509::parse_certificate(der);
    if (profile == nullptr || !certificate) return usage("it cannot be read, or is of a kind that this version does not know");
    Order order{profile, {}, to_owned(certificate->subject_public_key_info.tlv), {}, true};
    for (const std::string_view name : split(row.names, '\n')) order.names.emplace_back(name);
    return order;
}

Result<std::vector<PublishedList>, Failure> Authority::revoke(Bytes serial, std::int64_t reason, Time now) {
    const auto usage = [&](std::string text, std::string next) {
        return Unexpected{Failure{FailureKind::usage, "revoking", x509::serial_hex(serial), std::move(text), std::move(next)}};
    };
    const auto lock = store_.lock();
    if (!lock) return forward_error(lock);
    const auto found = store_.certificate(serial);
    if (!found) return forward_error(found);
    if (!*found) return usage("this authority has issued no certificate with that number", "See those that it has: truename ca list");
    const CertificateRow& row = **found;
    const auto earlier = store_.revocation(row);
    if (!earlier) return forward_error(earlier);
    if (*earlier) {
        // Something may have stopped the program between the record and the list.
        const auto due = is_due(row.shard, now);
        if (!due) return forward_error(due);
        if (!*due) return usage("it was revoked on " + format_time(from_seconds((*earlier)->at)), "It is on the revocation list");
    } else {
        const RevocationRow revocation{row.issuer, row.shard, row.not_after, row.serial, to_seconds(now), reason};
        if (auto done = store_.revoke(now, revocation); !done) return forward_error(done);
    }
    auto list = publish_list(row.shard, now);
    if (!list) return forward_error(list);
    return std::vector{std::move(*list)};
}

Result<bool, Failure> Authority::is_due(std::int64_t shard, Time now) {
    const auto last = store_.last_list(intermediate_.id, shard);
    if (!last) return forward_error(last);
    if (!*last || to_seconds(now) >= ((*last)->this_update + (*last)->next_update) / 2) return true;
    const auto since = store_.revocations_since_list(intermediate_.id, shard);
    if (!since) return forward_error(since);
    const auto contents = read_own_file(store_.path(list_file(intermediate_.id, shard)));
    return *since != 0 || !contents || !equal(crypto::sha256(as_bytes(*contents)), (*last)->fingerprint);
}

Result<std::vector<PublishedList>, Failure> Authority::publish_lists(Time now, bool all) {
    const auto lock = store_.lock();
    if (!lock) return forward_error(lock);
    std::vector<PublishedList> made;
    const std::int64_t shards = signer_->list_url.find("{shard}") == std::string::npos ? 1 : *issued_ / kCertificatesOfList + 1;
    for (std::int64_t shard = 0; shard < shards; ++shard) {
        const auto due = is_due(shard, now);
        if (!due) return forward_error(due);
        if (!all && !*due) continue;
        auto list = publish_list(shard, now);
        if (!list) return forward_error(list);
        made.push_back(std::move(*list));
    }
    return made;
}

Result<PublishedList, Failure> Authority::publish_list(std::int64_t shard, Time now) {
    const std::int64_t issuer = intermediate_.id;
    const auto last = store_.last_list(issuer, shard);
    if (!last) return forward_error(last);
    ListRow row{issuer, shard, std::max(*last ? (*last)->number : 0, lists_from_) + 1, to_seconds(now), to_seconds(now + kListLifetime),
                0,      {}};
    x509::NewRevokedCertificates entries;
    const auto read = store_.each_revocation(issuer, shard, now, [&](const RevocationRow& one) {
        entries.add(one.serial, from_seconds(one.at), static_cast<std::uint32_t>(one.reason));
    });
    if (!read) return forward_error(read);
    row.entries = *read;

    const Bytes key_info = signer_->certificate.subject_public_key_info.tlv;
    x509::CrlTemplate wanted{
        to_owned(signer_->certificate.subject.tlv()),
        now,
        now + kListLifetime,
        {x509::make_authority_key_identifier(key_info), x509::make_crl_number(static_cast<std::uint64_t>(row.number))}};
    const std::string address = list_address(signer_->list_url, shard);
    if (address != signer_->list_url) wanted.extensions.push_back(x509::make_issuing_distribution_point(address));
    const auto der = x509::sign_crl(wanted, std::move(entries), *key_);
    const auto crl = der ? x509::parse_crl(*der) : Result<x509::CertificateList, x509::ParseError>(Unexpected{x509::ParseError{}});
    const std::string name = list_file(issuer, shard);
    // Whoever was revoked must stand on it: it is read back and counted against the store before anybody gets it.
    if (!crl || static_cast<std::int64_t>(crl->revoked_certificates.count()) != row.entries)
        return Unexpected{Failure{FailureKind::local, "making the revocation list", printable(store_.path(name)),
                                  "it does not have the entries that the store has, so it is not published",
                                  "Look with truename ca audit"}};
    row.fingerprint = to_owned(crypto::sha256(*der));
    if (auto added = store_.add_list(now, row); !added) return forward_error(added);
    if (auto written = store_.write_public(name, as_text(*der)); !written) return forward_error(written);
    return PublishedList{store_.path(name), row.number, row.entries, now + kListLifetime};
}

}  // namespace truename::authority
