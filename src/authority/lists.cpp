#include <algorithm>
#include <cstring>

#include "authority/authority.h"
#include "authority/key_files.h"
#include "base/read_file.h"
#include "base/replace_file.h"
#include "base/text.h"
#include "x509/build_crl.h"
#include "x509/crl.h"
#include "x509/print.h"

namespace truename::authority {

namespace {

constexpr std::chrono::days kListLifetime{7};
constexpr std::chrono::days kRootListLifetime{365};  // its key is not at hand every week

}  // namespace

Result<std::vector<PublishedList>, Failure> Authority::revoke(Bytes serial, std::int64_t reason, Time now) {
    const auto lock = store_.lock();
    if (!lock) return forward_error(lock);
    const auto row = find_row(serial);
    if (!row) return forward_error(row);
    if (*row) return revoke_row(**row, reason, now);
    return Unexpected{Failure{FailureKind::usage, "revoking", x509::serial_hex(serial),
                              "this authority has issued no certificate with that number", "See those that it has: truename ca list"}};
}

Result<std::optional<CertificateRow>, Failure> Authority::find_row(Bytes serial) {
    auto found = store_.certificate(serial);
    if (!found || *found) return found;
    const auto issuers = store_.issuers();
    if (!issuers) return forward_error(issuers);
    for (const IssuerRow& issuer : *issuers) {
        if (issuer.id == root_.id) continue;
        auto row = as_issued(issuer);
        if (!row) return forward_error(row);
        if (equal(row->serial, serial)) return std::optional(std::move(*row));
    }
    return std::optional<CertificateRow>();
}

Result<CertificateRow, Failure> Authority::as_issued(const IssuerRow& intermediate) const {
    const auto certificate = x509::parse_certificate(intermediate.certificate);
    if (!certificate)
        return Unexpected{broken_store(store_.folder(), "its certificate is damaged: " + x509::describe(certificate.error()))};
    return CertificateRow{to_owned(certificate->serial_number),
                          root_.id,
                          intermediate.kind,
                          x509::to_string(certificate->subject),
                          to_seconds(certificate->validity.not_before.time),
                          to_seconds(certificate->validity.not_after.time),
                          0,
                          to_owned(certificate->tbs_certificate),
                          to_owned(certificate->signature_value)};
}

Result<std::vector<PublishedList>, Failure> Authority::revoke_row(const CertificateRow& row, std::int64_t reason, Time now) {
    const auto issuers = store_.issuers();
    if (!issuers) return forward_error(issuers);
    const auto issuer = std::ranges::find(*issuers, row.issuer, &IssuerRow::id);
    if (issuer == issuers->end()) return Unexpected{broken_store(store_.folder(), "the issuer of a certificate is missing")};
    // Before anything is written: without the issuer's key there is no list.
    if (auto ready = key_of(*issuer); !ready) return forward_error(ready);
    const auto is_recorded = store_.certificate(row.serial);
    if (!is_recorded) return forward_error(is_recorded);
    const auto earlier = store_.revocation(row);
    if (!earlier) return forward_error(earlier);
    if (*earlier) {
        // Something may have stopped the program between the record and the list.
        const auto due = is_due(row.issuer, row.shard, now);
        if (!due) return forward_error(due);
        if (!*due)
            return Unexpected{Failure{FailureKind::usage, "revoking", x509::serial_hex(row.serial),
                                      "it was revoked on " + format_time(from_seconds((*earlier)->at)), "It is on the revocation list"}};
    } else {
        const RevocationRow revocation{row.issuer, row.shard, row.not_after, row.serial, to_seconds(now), reason};
        const auto done = store_.write("recording a revocation in", [&](sql::Database& database) -> Result<void, sql::Error> {
            if (!*is_recorded) {  // an intermediate
                if (auto recorded = insert_record(database, now, row); !recorded) return recorded;
                if (auto kept = insert_signature(database, now, row); !kept) return kept;
            }
            return insert_revocation(database, now, revocation);
        });
        if (!done) return forward_error(done);
    }
    auto list = publish_list(*issuer, row.shard, now);
    if (!list) return forward_error(list);
    return std::vector{std::move(*list)};
}

Result<bool, Failure> Authority::is_due(std::int64_t issuer, std::int64_t shard, Time now) {
    const auto last = store_.last_list(issuer, shard);
    if (!last) return forward_error(last);
    if (!*last || to_seconds(now) >= ((*last)->this_update + (*last)->next_update) / 2) return true;
    const auto since = store_.revocations_since_list(issuer, shard);
    if (!since) return forward_error(since);
    const auto contents = read_own_file(store_.path(list_file(issuer, shard)));
    return *since != 0 || !contents || !equal(crypto::sha256(as_bytes(*contents)), (*last)->fingerprint);
}

Result<std::vector<PublishedList>, Failure> Authority::publish_lists(Time now, bool all) {
    const auto lock = store_.lock();
    if (!lock) return forward_error(lock);
    return publish_locked(now, all);
}

Result<std::vector<PublishedList>, Failure> Authority::publish_locked(Time now, bool all) {
    std::vector<IssuerRow> intermediates = earlier_;
    intermediates.push_back(intermediate_);
    std::vector<PublishedList> made;
    std::int64_t next = 0;  // the first list of the intermediate that follows
    for (const IssuerRow& issuer : intermediates) {
        const auto certificate = x509::parse_certificate(issuer.certificate);
        if (!certificate)
            return Unexpected{broken_store(store_.folder(), "its certificate is damaged: " + x509::describe(certificate.error()))};
        const auto shards = store_.shards_of(issuer.id);
        if (!shards) return forward_error(shards);
        const std::int64_t first = *shards ? (*shards)->first : next;
        const std::int64_t last = std::max(issuer.id == intermediate_.id ? shard() : first, *shards ? (*shards)->last : first);
        next = last + 1;
        if (certificate->validity.not_after.time <= now) continue;  // and so has everything that it issued
        for (std::int64_t shard = first; shard <= last; ++shard) {
            const auto due = is_due(issuer.id, shard, now);
            if (!due) return forward_error(due);
            if (!all && !*due) continue;
            auto list = publish_list(issuer, shard, now);
            if (!list) return forward_error(list);
            made.push_back(std::move(*list));
        }
    }
    const auto of_root = store_.last_list(root_.id, 0);
    if (!of_root) return forward_error(of_root);
    if (!*of_root || !is_root_key_there()) return made;
    const auto due = is_due(root_.id, 0, now);
    if (!due) return forward_error(due);
    if (!all && !*due) return made;
    auto list = publish_list(root_, 0, now);
    if (!list) return forward_error(list);
    made.push_back(std::move(*list));
    return made;
}

std::string Authority::served_name(const ListRow& list) const {
    if (signer_->list_url.empty()) return list_file(list.issuer, list.shard);
    const std::string address = list_address(signer_->list_url, list.issuer == root_.id ? "root" : std::to_string(list.shard));
    return address.substr(address.find_last_of('/') + 1);
}

Result<std::vector<std::string>, Failure> Authority::copy_lists(const std::string& folder, Time now) {
    const auto lock = store_.lock();  // so that no older list comes after a newer one
    if (!lock) return forward_error(lock);
    const auto lists = store_.newest_lists();
    if (!lists) return forward_error(lists);
    std::vector<std::string> names;
    for (const ListRow& list : *lists) {
        if (list.next_update <= to_seconds(now)) continue;
        const std::string path = store_.path(list_file(list.issuer, list.shard));
        const auto contents = read_own_file(path);
        if (!contents || !equal(crypto::sha256(as_bytes(*contents)), list.fingerprint))
            return Unexpected{Failure{FailureKind::local, "copying", printable(path), "it is not the list that was made",
                                      "Make it anew with truename ca crl"}};
        const std::string to = folder + "/" + served_name(list);
        if (const auto written = replace_file(to, *contents, Readers::everybody); !written)
            return Unexpected{Failure{FailureKind::local, "writing", printable(to), std::strerror(written.error()), ""}};
        names.push_back(to);
    }
    return names;
}

std::string Authority::root_key_place() const {
    return root_key_file_.empty() ? key_place(store_, root_) : root_key_file_;
}

bool Authority::is_root_key_there() const {
    const std::string place = root_key_place();
    return is_in_token(place) ? !pin_.empty() : read_own_file(place).has_value();
}

Result<const crypto::PrivateKey*, Failure> Authority::key_of(const IssuerRow& issuer) {
    if (issuer.id == intermediate_.id) return &*key_;
    const auto kept = other_keys_.find(issuer.id);
    if (kept != other_keys_.end()) return &kept->second;
    const auto certificate = x509::parse_certificate(issuer.certificate);
    if (!certificate)
        return Unexpected{broken_store(store_.folder(), "its certificate is damaged: " + x509::describe(certificate.error()))};
    auto key = open_key(issuer.id == root_.id ? root_key_place() : key_place(store_, issuer), {passphrase_, pin_}, *certificate);
    if (!key) return forward_error(key);
    return &other_keys_.emplace(issuer.id, std::move(*key)).first->second;
}

Result<bool, Failure> Authority::root_list_waits(Time now) {
    const auto list = store_.last_list(root_.id, 0);
    if (!list) return forward_error(list);
    if (!*list || is_root_key_there()) return false;
    return is_due(root_.id, 0, now);
}

Result<PublishedList, Failure> Authority::publish_list(const IssuerRow& issuer, std::int64_t shard, Time now) {
    const auto certificate = x509::parse_certificate(issuer.certificate);
    if (!certificate)
        return Unexpected{broken_store(store_.folder(), "its certificate is damaged: " + x509::describe(certificate.error()))};
    const auto key = key_of(issuer);
    if (!key) return forward_error(key);
    const auto previous = store_.last_list(issuer.id, shard);
    if (!previous) return forward_error(previous);
    const std::int64_t number = std::max(*previous ? (*previous)->number : 0, lists_from_) + 1;
    // Whoever trusts the issuer must not do so longer because of a list.
    const Time next_update =
        std::min(now + (issuer.id == root_.id ? kRootListLifetime : kListLifetime), certificate->validity.not_after.time);
    ListRow row{issuer.id, shard, number, to_seconds(now), to_seconds(next_update), 0, {}};
    // An entry stays until a list has it that was made after the certificate had ended (RFC 5280 3.3).
    const Time from = *previous ? std::min(now, from_seconds((*previous)->this_update)) : now;
    x509::NewRevokedCertificates entries;
    const auto read = store_.each_revocation(issuer.id, shard, from, [&](const RevocationRow& one) {
        entries.add(one.serial, from_seconds(one.at), static_cast<std::uint32_t>(one.reason));
    });
    if (!read) return forward_error(read);
    row.entries = *read;

    x509::CrlTemplate wanted{to_owned(certificate->subject.tlv()),
                             now,
                             next_update,
                             {x509::make_authority_key_identifier(certificate->subject_public_key_info.tlv),
                              x509::make_crl_number(static_cast<std::uint64_t>(row.number))}};
    if (has_shards(signer_->list_url) && issuer.id != root_.id)
        wanted.extensions.push_back(x509::make_issuing_distribution_point(list_address(signer_->list_url, std::to_string(shard))));
    const auto der = x509::sign_crl(wanted, std::move(entries), **key);
    const auto crl = der ? x509::parse_crl(*der) : Result<x509::CertificateList, x509::ParseError>(Unexpected{x509::ParseError{}});
    const std::string name = list_file(issuer.id, shard);
    // Whoever was revoked must stand on it: it is read back and counted against the store before anybody gets it.
    if (!crl || static_cast<std::int64_t>(crl->revoked_certificates.count()) != row.entries)
        return Unexpected{Failure{FailureKind::local, "making the revocation list", printable(store_.path(name)),
                                  "it does not have the entries that the store has, so it is not published",
                                  "Look with truename ca audit"}};
    row.fingerprint = to_owned(crypto::sha256(*der));
    if (auto added = store_.add_list(now, row); !added) return forward_error(added);
    if (auto written = store_.write_public(name, as_text(*der)); !written) return forward_error(written);
    return PublishedList{store_.path(name), row.number, row.entries, from_seconds(row.next_update)};
}

}  // namespace truename::authority
