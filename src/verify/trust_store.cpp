#include "verify/trust_store.h"

#include <algorithm>
#include <array>
#include <string>

#include "der/oid.h"
#include "verify/shipped_roots.h"
#include "x509/certificate.h"
#include "x509/pem.h"

namespace truename::verify {

namespace {

constexpr std::array<std::string_view, kStoreCount> kStoreNames = {"microsoft", "mozilla", "apple", "android", "openjdk", "oracle-java"};

Bytes der_of(const ShippedRoot& root) {
    return {reinterpret_cast<const std::uint8_t*>(root.der), root.size};
}

/// The shipped roots as anchors, in the order of the table.
const std::vector<Anchor>& shipped_anchors() {
    static const std::vector<Anchor> anchors = [] {
        std::vector<Anchor> all;
        all.reserve(shipped_roots().size());
        for (const ShippedRoot& root : shipped_roots()) {
            all.push_back({der_of(root), root.subject_key, false, false, static_cast<std::uint16_t>(all.size()), {}});
        }
        return all;
    }();
    return anchors;
}

constexpr auto kByKey = [](const Anchor& a, const Anchor& b) { return a.subject_key < b.subject_key; };

/// The shipped root with the bytes of that anchor.
const Anchor* find_shipped(const Anchor& wanted) {
    const auto same_key = std::equal_range(shipped_anchors().begin(), shipped_anchors().end(), wanted, kByKey);
    const auto same = std::find_if(same_key.first, same_key.second, [&](const Anchor& a) { return equal(a.der, wanted.der); });
    return same == same_key.second ? nullptr : &*same;
}

std::int64_t day_of(Time time) {
    return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

Time time_of(std::uint16_t day) {
    return Time(std::chrono::days(day));
}

}  // namespace

std::string_view name_of(Store store) {
    return kStoreNames[static_cast<std::size_t>(store)];
}

std::optional<Store> find_store(std::string_view name) {
    const auto it = std::find(kStoreNames.begin(), kStoreNames.end(), name);
    if (it == kStoreNames.end()) return std::nullopt;
    return static_cast<Store>(it - kStoreNames.begin());
}

StoreHistory history_of(Store store) {
    const auto& looks = store_looks()[static_cast<std::size_t>(store)];
    return {time_of(looks[0]), time_of(looks[1])};
}

Result<std::size_t, Failure> TrustStores::add(Bytes file, std::string_view name) {
    const auto bundle = x509::read_pem_bundle(file, name);
    if (!bundle) return forward_error(bundle);
    std::size_t count = 0;
    for (const x509::PemBlock& block : bundle->blocks) {
        if (block.kind != x509::PemKind::certificate && block.kind != x509::PemKind::trusted_certificate) continue;
        ++count;
        const auto certificate = x509::parse_certificate(block.der);
        if (certificate) {
            insert(*certificate, true, x509::explicit_trust(block.settings, der::oid::kp_server_auth));
            continue;
        }
        return Unexpected{Failure{FailureKind::input, "reading roots", std::string(name),
                                  "certificate " + std::to_string(count) + " cannot be read: " + x509::describe(certificate.error()),
                                  "Take this certificate out of the file, or export it anew."}};
    }
    if (count == 0) {
        return Unexpected{Failure{FailureKind::input, "reading roots", std::string(name), "there is no certificate in it",
                                  "Give a file with the root's certificate in PEM or DER form."}};
    }
    return count;
}

Result<std::size_t, Failure> TrustStores::add_system(Bytes file, std::string_view name) {
    const auto bundle = x509::read_pem_bundle(file, name);
    if (!bundle) return forward_error(bundle);
    std::size_t count = 0;
    for (const Bytes der : bundle->all(x509::PemKind::certificate)) count += add_certificate(der, false) ? 1 : 0;
    return count;
}

bool TrustStores::add_certificate(Bytes der, bool added, x509::ExplicitTrust said) {
    const auto certificate = x509::parse_certificate(der);
    if (certificate) insert(*certificate, added, said);
    return certificate.has_value();
}

void TrustStores::insert(const x509::Certificate& certificate, bool added, x509::ExplicitTrust said) {
    const std::uint64_t key = name_key(certificate.subject);
    const auto known = by_der_.find(as_text(certificate.der));
    if (known != by_der_.end()) {
        Anchor& anchor = loaded_[known->second];
        if (added && !anchor.added) {
            OfSubject& places = by_subject_[key];
            std::erase(places.system, known->second);
            places.added.push_back(known->second);
        }
        anchor.added = anchor.added || added;
        anchor.system = anchor.system || !added;
        if (said != x509::ExplicitTrust::none) anchor.said = said;
        return;
    }
    const auto place = static_cast<Place>(loaded_.size());
    Anchor& anchor = loaded_.emplace_back(Anchor{certificate.der, key, added, !added, {}, said});
    if (const Anchor* same = find_shipped(anchor)) {
        anchor.shipped = same->shipped;
        anchor.der = same->der;
    } else {
        anchor.der = *owned_.emplace_back(std::make_shared<const ByteString>(to_owned(anchor.der)));
    }
    by_der_.emplace(as_text(anchor.der), place);
    OfSubject& places = by_subject_[key];
    (added ? places.added : places.system).push_back(place);
}

const Anchor* TrustStores::find(Bytes der, std::uint64_t subject_key) const {
    const auto known = by_der_.find(as_text(der));
    if (known != by_der_.end()) return &loaded_[known->second];
    return use_shipped_ ? find_shipped({der, subject_key, false, false, {}, {}}) : nullptr;
}

std::vector<const Anchor*> TrustStores::find_by_subject_key(std::uint64_t key) const {
    std::vector<const Anchor*> found;
    const auto loaded = by_subject_.find(key);
    if (loaded != by_subject_.end()) {
        for (const auto* places : {&loaded->second.added, &loaded->second.system}) {
            for (const Place place : *places) found.push_back(&loaded_[place]);
        }
    }
    if (!use_shipped_) return found;
    const std::size_t loaded_count = found.size();
    const Anchor wanted{{}, key, false, false, {}, {}};
    const auto shipped = std::equal_range(shipped_anchors().begin(), shipped_anchors().end(), wanted, kByKey);
    for (auto it = shipped.first; it != shipped.second; ++it) {
        const auto end_of_loaded = found.begin() + static_cast<std::ptrdiff_t>(loaded_count);
        const bool is_loaded = std::any_of(found.begin(), end_of_loaded, [&](const Anchor* a) { return a->shipped == it->shipped; });
        if (!is_loaded) found.push_back(&*it);
    }
    return found;
}

Membership TrustStores::membership(const Anchor& anchor, Store store, Time at) {
    const std::int64_t day = day_of(at);
    const auto& looks = store_looks()[static_cast<std::size_t>(store)];
    if (!anchor.shipped) return anchor.system && !anchor.added && day > looks[1] ? Membership::unknown : Membership::no;

    const StoreSpan& span = shipped_roots()[*anchor.shipped].stores[static_cast<std::size_t>(store)];
    if (span.blocked_from != 0 && day >= span.blocked_from) return Membership::blocked;
    if (span.from == 0) return day < looks[0] ? Membership::unknown : Membership::no;
    if (day < span.from) return span.maybe_from != 0 && day <= span.maybe_from && day >= looks[0] ? Membership::no : Membership::unknown;
    if (day <= span.until || span.gone_by == 0) return Membership::yes;
    return day < span.gone_by ? Membership::unknown : Membership::no;
}

std::size_t TrustStores::size() const {
    const auto not_shipped = std::count_if(loaded_.begin(), loaded_.end(), [](const Anchor& a) { return !a.shipped; });
    return use_shipped_ ? shipped_anchors().size() + static_cast<std::size_t>(not_shipped) : loaded_.size();
}

}  // namespace truename::verify
