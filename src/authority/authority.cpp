#include "authority/authority.h"

#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "authority/issuers.h"
#include "authority/key_files.h"
#include "base/replace_file.h"
#include "base/text.h"
#include "x509/print.h"

namespace truename::authority {

namespace {

constexpr std::string_view kUnfinished = ".new-";

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
        folder_ = without_end_slashes(folder);
        if (Authority::is_in(folder_))
            return failed(FailureKind::usage, "there is one already",
                          "Choose another folder, or go on with the one that is there: truename ca show --store " + printable(folder));
        if (fs::exists(folder_, error) && !fs::is_empty(folder_, error))
            return failed(FailureKind::usage, error ? error.message() : "something else is in the folder",
                          "Name one that is not there yet");
        remove_leftovers();
        fs::create_directories(fs::absolute(folder_).parent_path(), error);  // what it could not make is told by the next line
        std::string path = folder_ + std::string(kUnfinished) + "XXXXXX";
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
    /// What killed programs have left, with keys in it: so old that none of them can still be at work.
    void remove_leftovers() const {
        namespace fs = std::filesystem;
        const fs::path folder(folder_);
        const std::string begin = folder.filename().string() + std::string(kUnfinished);
        std::error_code error, ignored;
        for (fs::directory_iterator it(folder.has_parent_path() ? folder.parent_path() : ".", error), end; !error && it != end;
             it.increment(error)) {
            const std::string name = it->path().filename().string();
            if (!name.starts_with(begin) || name.size() != begin.size() + 6 || !it->is_directory(ignored)) continue;
            if (it->last_write_time(ignored) < fs::file_time_type::clock::now() - std::chrono::hours(1))
                fs::remove_all(it->path(), ignored);
        }
    }
    [[nodiscard]] Unexpected<Failure> failed(FailureKind kind, std::string reason, std::string next) const {
        return {Failure{kind, "making the authority in", printable(folder_), std::move(reason), std::move(next)}};
    }
    std::string folder_, path_;
};

}  // namespace

Authority::Authority(Store store) : store_(std::move(store)), issued_(std::make_unique<std::atomic<std::int64_t>>(0)) {}

bool Authority::is_in(const std::string& folder) {
    std::error_code error;
    return std::filesystem::exists(folder + "/authority.db", error) || error;
}

Result<Authority, Failure> Authority::create(const std::string& folder, const Plan& plan, const crypto::Secret& passphrase, Time now,
                                             const crypto::Secret& pin) {
    if (passphrase.empty() && (plan.root_key_uri.empty() || plan.key_uri.empty()))
        return Unexpected{Failure{FailureKind::usage, "making the authority in", printable(folder), "the passphrase is empty",
                                  "Put one into the file: head -c 32 /dev/urandom | base64 > FILE"}};
    // Everything that can be wrong with the plan shows before anything is written.
    const auto root_key = plan.root_key_uri.empty() ? make_key(plan.key) : take_token_key(plan.root_key_uri, pin, {});
    if (!root_key) return forward_error(root_key);
    const auto key = plan.key_uri.empty() ? make_key(plan.key) : take_token_key(plan.key_uri, pin, {root_key->public_key_info()});
    if (!key) return forward_error(key);
    auto root = make_root(plan, *root_key, now);
    if (!root) return forward_error(root);
    auto intermediate = make_intermediate(plan, 1, *root, *root_key, *key, now);
    if (!intermediate) return forward_error(intermediate);

    // Made beside its place and moved there when it is whole: what stops on the way leaves nothing in the way.
    Building building;
    if (auto begun = building.begin(folder); !begun) return forward_error(begun);
    const auto fill = [&]() -> Result<void, Failure> {
        auto store = Store::create(building.path());
        if (!store) return forward_error(store);
        const IssuerRow top{1, "root", *root}, below{2, "intermediate", *intermediate};
        if (auto done = write_issuer(*store, top, *root_key, plan.root_key_uri, passphrase); !done) return done;
        if (auto done = write_issuer(*store, below, *key, plan.key_uri, passphrase); !done) return done;
        if (auto done = store->set(now, {std::string(kName), plan.name}); !done) return done;
        if (auto done = store->set(now, {std::string(kDomains), join(plan.domains, "\n")}); !done) return done;
        if (auto done = store->set(now, {std::string(kListUrl), plan.list_url}); !done) return done;
        if (auto done = store->add_issuer(now, top); !done) return done;
        return store->add_issuer(now, below);
    };
    if (auto filled = fill(); !filled) return forward_error(filled);
    {
        auto authority = open(building.path());
        if (!authority) return authority;
        authority->use(*key, passphrase, pin);
        if (auto published = authority->publish_lists(now, true); !published) return forward_error(published);
    }
    if (auto moved = building.finish(); !moved) return forward_error(moved);
    auto authority = open(folder);
    if (authority) authority->use(*key, passphrase, pin);
    return authority;
}

Result<Authority, Failure> Authority::open(const std::string& folder) {
    auto store = Store::open(folder);
    if (!store) return forward_error(store);
    auto issuers = store->issuers();
    if (!issuers) return forward_error(issuers);
    // The newest of each kind is the one in use.
    Authority authority(std::move(*store));
    for (IssuerRow& row : *issuers) {
        if (row.kind == "root")
            authority.root_ = std::move(row);
        else if (authority.intermediate_.id != 0)
            authority.earlier_.push_back(std::exchange(authority.intermediate_, std::move(row)));
        else
            authority.intermediate_ = std::move(row);
    }
    if (authority.root_.id == 0 || authority.intermediate_.id == 0)
        return Unexpected{broken_store(folder, "it was never finished: it has no certificate of its own")};
    if (auto made = authority.make_signer(); !made) return forward_error(made);
    return authority;
}

Result<void, Failure> Authority::make_signer() {
    const auto certificate = x509::parse_certificate(intermediate_.certificate);
    if (!certificate)
        return Unexpected{broken_store(store_.folder(), "its certificate is damaged: " + x509::describe(certificate.error()))};
    const auto domains = store_.setting(kDomains), list_url = store_.setting(kListUrl), lists_from = store_.setting(kListsFrom);
    if (!domains) return forward_error(domains);
    if (!list_url) return forward_error(list_url);
    if (!lists_from) return forward_error(lists_from);
    std::from_chars(lists_from->data(), lists_from->data() + lists_from->size(), lists_from_);
    signer_ = std::make_unique<Signer>(
        Signer{intermediate_.id, *certificate, usual_scheme_of(certificate->subject_public_key_info), {}, *list_url});
    for (const std::string_view domain : split(*domains, '\n')) {
        if (!domain.empty()) signer_->domains.emplace_back(domain);
    }
    const auto certificate_row = as_issued(intermediate_);
    if (!certificate_row) return forward_error(certificate_row);
    const auto revoked = store_.revocation(*certificate_row);
    if (!revoked) return forward_error(revoked);
    is_revoked_ = revoked->has_value();
    return store_.read("counting the certificates of", [&](sql::Database& database) {
        return database.query("SELECT count(*) FROM certificates", {}, [&](const sql::Row& row) { *issued_ = row.integer(0); });
    });
}

bool Authority::has_key_in_token() const {
    return is_in_token(key_place(store_, intermediate_));
}

Result<void, Failure> Authority::unlock(const crypto::Secret& passphrase, const crypto::Secret& pin) {
    auto key = open_key(key_place(store_, intermediate_), {passphrase, pin}, signer_->certificate);
    if (!key) return forward_error(key);
    use(std::move(*key), passphrase, pin);
    return {};
}

void Authority::use(crypto::PrivateKey key, const crypto::Secret& passphrase, const crypto::Secret& pin) {
    key_ = std::move(key);
    passphrase_ = crypto::Secret(std::string(passphrase.view()));
    pin_ = crypto::Secret(std::string(pin.view()));
}

std::int64_t Authority::shard() const {
    return static_cast<std::int64_t>(earlier_.size()) + (has_shards(signer_->list_url) ? *issued_ / kCertificatesOfList : 0);
}

Result<Draft, Failure> Authority::draft(const Order& order, Time now) const {
    if (is_revoked_)
        return Unexpected{Failure{FailureKind::usage, "making a certificate in", printable(store_.folder()),
                                  "its intermediate was revoked, so nothing that it issues counts",
                                  "Make another one: truename ca renew --issuer"}};
    return make_draft(order, *signer_, shard(), now);
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

Result<void, Failure> Authority::check_is_own(const x509::Certificate& certificate) {
    const auto row = find_row(certificate.serial_number);
    if (!row) return forward_error(row);
    if (!*row || (equal((*row)->tbs, certificate.tbs_certificate) &&
                  ((*row)->signature.empty() || equal((*row)->signature, certificate.signature_value))))
        return {};
    return Unexpected{Failure{FailureKind::input, "looking up", x509::serial_hex(certificate.serial_number),
                              "the file holds another certificate than the one that this authority has issued with that number",
                              "See what it has issued: truename ca list"}};
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

}  // namespace truename::authority
