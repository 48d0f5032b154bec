#include "keys/directory.h"

#include <algorithm>

#include "base/text.h"
#include "mail/identity.h"
#include "verify/mailboxes.h"
#include "x509/certificate.h"
#include "x509/issuing_rules.h"
#include "x509/signature.h"

namespace truename::keys {

namespace {

/// The most issuers above a certificate, and the most signatures that are looked at to find them: who sent them may have sent many that
/// only have the name.
constexpr std::size_t kMostIssuers = 12, kMostSignatures = 200;

/// The certificates of `pool` (DER) that lead up from one, each found by its name and its signature; nearest first and without the root.
std::vector<ByteString> issuers_above(const ByteString& leaf, const std::vector<ByteString>& pool) {
    std::vector<ByteString> chain;
    x509::SignatureChecker checker;
    std::size_t left = kMostSignatures;
    ByteString last = leaf;
    while (chain.size() < kMostIssuers) {
        const auto certificate = x509::parse_certificate(last);
        if (!certificate || x509::is_self_issued(*certificate)) break;
        const auto issuer = std::ranges::find_if(pool, [&](const ByteString& der) {
            const auto above = x509::parse_certificate(der);
            if (!above || x509::relation(certificate->issuer, above->subject) == x509::NameRelation::different || left == 0) return false;
            --left;
            return checker.check(*certificate, above->subject_public_key_info) == crypto::SignatureCheck::valid;
        });
        if (issuer == pool.end() || x509::is_self_issued(*x509::parse_certificate(*issuer))) break;
        chain.push_back(*issuer);
        last = *issuer;
    }
    return chain;
}

/// Certificates that people make for themselves often say that they are an authority's: that is what `openssl req -x509` makes. One with
/// an address, and without a key usage that is an authority's alone, is of that person.
bool is_of_a_person(const x509::Certificate& certificate) {
    if (addresses_of(certificate).empty()) return false;
    const auto& usage = certificate.known.key_usage;
    const bool only_issues = usage && !usage->has(x509::KeyUsageBit::digital_signature) &&
                             !usage->has(x509::KeyUsageBit::key_encipherment) && !usage->has(x509::KeyUsageBit::key_agreement);
    return !x509::is_authority(certificate) || (x509::is_self_issued(certificate) && !only_issues);
}

void hold(Key& key) {
    key.reasons.emplace_back(
        "Another key of this address was known before, and not the same authority vouches for both: compare its fingerprint with the "
        "owner, "
        "and confirm it");
}

/// Of the authorities that came with people's certificates those that lead up from them; all where nobody came. Others would only be in the
/// way when somebody who vouches is looked for, and anybody can put a thousand into a mail.
std::vector<ByteString> worth_keeping(const std::vector<const ByteString*>& people, std::vector<ByteString> authorities) {
    if (people.empty()) return authorities;
    std::vector<ByteString> kept;
    for (const ByteString* person : people) {
        for (ByteString& issuer : issuers_above(*person, authorities)) {
            if (std::ranges::find(kept, issuer) == kept.end()) kept.push_back(std::move(issuer));
        }
    }
    return kept;
}

Unexpected<Failure> nothing_in(const std::string& origin, std::string reason) {
    return {Failure{FailureKind::input, "adding", printable(origin), std::move(reason), ""}};
}

}  // namespace

std::vector<std::string> addresses_of(const x509::Certificate& certificate) {
    std::vector<std::string> keys;
    const auto presented = verify::presented_mailboxes(certificate);
    for (const verify::PresentedMailbox* each : verify::compared_mailboxes(presented)) {
        if (!each->mailbox) continue;
        std::string key = each->mailbox->local_part + "@" + each->mailbox->host;
        if (std::ranges::find(keys, key) == keys.end()) keys.push_back(std::move(key));
    }
    return keys;
}

std::string fingerprint_text(const Key& key) {
    return to_hex(key.fingerprint(), ':');
}

Result<Directory, Failure> Directory::open(KeyStore& store, verify::TrustStores trust, Time at) {
    Directory directory(store, std::move(trust), at);
    if (auto read = directory.read_authorities(); !read) return forward_error(read);
    return directory;
}

Result<void, Failure> Directory::read_authorities() {
    auto rows = store_.authorities();
    if (!rows) return forward_error(rows);
    issuers_.clear();
    for (const AuthorityRow& row : *rows) {
        issuers_.push_back(row.certificate);
        const bool is_new = std::ranges::none_of(
            authorities_, [&](const AuthorityRow& one) { return one.is_trusted && equal(one.certificate, row.certificate); });
        if (row.is_trusted && is_new) trust_.add_certificate(row.certificate, true);
    }
    authorities_ = std::move(*rows);
    return {};
}

Key Directory::judge(KeyRow row) const {
    Key key;
    const auto certificate = x509::parse_certificate(row.certificate);
    key.row = std::move(row);
    if (!certificate) {
        key.reasons.emplace_back("The certificate cannot be read");
        return key;
    }
    key.owner = mail::describe_owner(*certificate);
    key.not_before = certificate->validity.not_before.time;
    key.not_after = certificate->validity.not_after.time;
    const auto may = mail::check_may_receive(*certificate, at_);
    if (!may) key.reasons.push_back(may.error().reason);
    mail::Vouching vouching = mail::find_vouching(key.row.certificate, issuers_, trust_, at_);
    key.root = std::move(vouching.root);
    const auto own =
        std::ranges::find_if(authorities_, [&](const AuthorityRow& one) { return one.is_trusted && equal(one.certificate, key.root); });
    if (key.row.confirmed)
        key.vouched = "you, who compared the fingerprint on " + format_date(*key.row.confirmed);
    else if (!vouching.by.empty())
        key.vouched = vouching.by + (own != authorities_.end() ? ", added on " + format_date(own->added) : ", of this machine's list");
    else if (may || key.root.empty())  // that it has ended is not said twice
        key.reasons.insert(key.reasons.end(), vouching.doubts.begin(), vouching.doubts.end());
    if (own != authorities_.end())
        key.known_since = std::max(key.row.added, own->added);
    else
        // Who vouches for it now and did not then began to at a time that is not known: what was known before counts before it.
        key.known_since = key.row.was_vouched ? key.row.added : Time::max();
    return key;
}

Result<std::vector<Key>, Failure> Directory::judge_address(std::string_view address) {
    const auto rows = store_.keys_of(address);
    if (!rows) return forward_error(rows);
    std::vector<Key> keys;
    keys.reserve(rows->size());
    for (const KeyRow& row : *rows) {
        const auto certificate = x509::parse_certificate(row.certificate);
        const auto own = certificate ? addresses_of(*certificate) : std::vector<std::string>();
        if (std::ranges::find(own, address) != own.end()) keys.push_back(judge(row));
    }
    std::ranges::stable_sort(keys, std::ranges::less(), [](const Key& key) { return std::pair(!key.row.confirmed, key.known_since); });
    std::vector<const Key*> known;  // those that decide about later ones: for which somebody vouches, or has
    for (Key& key : keys) {
        const bool is_vouched = !key.root.empty() || key.row.confirmed;
        const bool is_of_the_same =
            std::ranges::any_of(known, [&](const Key* one) { return !key.root.empty() && equal(one->root, key.root); });
        key.is_held = is_vouched && !known.empty() && !is_of_the_same && !key.row.confirmed;
        if (key.is_held)
            hold(key);
        else if (is_vouched)
            known.push_back(&key);
    }
    return keys;
}

Result<Key, Failure> Directory::judge_among_others(KeyRow row) {
    Key judged = judge(std::move(row));
    const auto certificate = x509::parse_certificate(judged.row.certificate);
    if (!certificate) return judged;
    for (const std::string& address : addresses_of(*certificate)) {
        const auto keys = judge_address(address);
        if (!keys) return forward_error(keys);
        const auto own = std::ranges::find_if(*keys, [&](const Key& key) { return equal(key.row.certificate, judged.row.certificate); });
        if (own != keys->end() && own->is_held) return *own;
    }
    return judged;
}

Result<void, Failure> Directory::add_key(const ByteString& der, const std::string& origin, bool confirms, Added& added) {
    const auto certificate = x509::parse_certificate(der);
    const std::vector<std::string> addresses = addresses_of(*certificate);
    const auto rows = store_.keys_of(addresses.front());
    if (!rows) return forward_error(rows);
    const auto known = std::ranges::find_if(*rows, [&](const KeyRow& row) { return equal(row.certificate, der); });
    KeyRow row = known != rows->end() ? *known : KeyRow{der, at_, origin, std::nullopt, false};
    if (known == rows->end()) row.was_vouched = !judge(row).root.empty();
    if (confirms) row.confirmed = at_;
    if (known != rows->end() && !confirms) ++added.known;
    if (known == rows->end() || confirms) {
        if (auto put = store_.put(row, addresses); !put) return put;
    }
    auto key = judge_among_others(std::move(row));
    if (!key) return forward_error(key);
    added.keys.push_back(std::move(*key));
    return {};
}

Result<Added, Failure> Directory::add(const std::vector<ByteString>& certificates, const std::string& origin, bool confirms) {
    Added added;
    std::vector<const ByteString*> people;
    std::vector<ByteString> authorities;
    for (const ByteString& der : certificates) {
        const auto certificate = x509::parse_certificate(der);
        if (certificate && is_of_a_person(*certificate))
            people.push_back(&der);
        else if (certificate && x509::is_authority(*certificate))
            authorities.push_back(der);
    }
    if (confirms && people.size() > 1)
        return Unexpected{Failure{FailureKind::usage, "confirming what is in", printable(origin),
                                  "it holds the keys of " + counted(people.size(), "person"),
                                  "Add it without --confirm, then confirm each by its fingerprint: truename keys confirm FINGERPRINT"}};
    if (people.empty() && authorities.empty()) return nothing_in(origin, "no certificate in it is of somebody with an address");
    for (const ByteString& der : worth_keeping(people, std::move(authorities))) {
        if (auto put = store_.put(AuthorityRow{der, at_, origin, false}); !put) return forward_error(put);
        ++added.authorities;
    }
    if (auto read = read_authorities(); !read) return forward_error(read);
    for (const ByteString* der : people) {
        if (auto done = add_key(*der, origin, confirms, added); !done) return forward_error(done);
    }
    return added;
}

Result<Added, Failure> Directory::trust(const std::vector<ByteString>& certificates, const std::string& origin) {
    Added added;
    for (const ByteString& der : certificates) {
        const auto certificate = x509::parse_certificate(der);
        if (!certificate || !x509::is_authority(*certificate) || !x509::is_self_issued(*certificate)) continue;
        if (auto put = store_.put(AuthorityRow{der, at_, origin, true}); !put) return forward_error(put);
        ++added.authorities;
    }
    if (added.authorities == 0) return nothing_in(origin, "no certificate in it is the root of an authority");
    if (auto read = read_authorities(); !read) return forward_error(read);
    return added;
}

Result<Key, Failure> Directory::confirm(const Key& key) {
    const auto certificate = x509::parse_certificate(key.row.certificate);
    KeyRow row = key.row;
    row.confirmed = at_;
    if (auto put = store_.put(row, certificate ? addresses_of(*certificate) : std::vector<std::string>()); !put) return forward_error(put);
    return judge_among_others(std::move(row));
}

Result<std::size_t, Failure> Directory::take_away(const std::vector<ByteString>& certificates) {
    std::size_t gone = 0;
    const auto rows = store_.all_keys();
    if (!rows) return forward_error(rows);
    for (const KeyRow& row : *rows) {
        if (std::ranges::none_of(certificates, [&](const ByteString& each) { return equal(each, row.certificate); })) continue;
        if (auto forgotten = store_.forget(crypto::sha256(row.certificate)); !forgotten) return forward_error(forgotten);
        ++gone;
    }
    return gone;
}

Result<std::vector<Key>, Failure> Directory::find(std::string_view address) {
    const auto wanted = address_key(address);
    if (!wanted)
        return Unexpected{Failure{FailureKind::usage, "looking for the key of", printable(address), "it is no address of a mailbox",
                                  "Write it as mail is sent to it: ada@example.com"}};
    auto keys = judge_address(*wanted);
    if (!keys) return keys;
    std::ranges::stable_sort(*keys, std::ranges::greater(), &Key::not_before);
    return keys;
}

Result<std::vector<Key>, Failure> Directory::list() {
    const auto rows = store_.all_keys();
    if (!rows) return forward_error(rows);
    std::vector<Key> keys;
    for (const KeyRow& row : *rows) {
        auto key = judge_among_others(row);
        if (!key) return forward_error(key);
        keys.push_back(std::move(*key));
    }
    return keys;
}

Result<Key, Failure> Directory::choose(std::string_view address) {
    auto keys = find(address);
    if (!keys) return forward_error(keys);
    const auto refused = [&](std::string reason, std::string next) {
        return Unexpected{Failure{FailureKind::refused, "encrypting to", printable(address), std::move(reason), std::move(next)}};
    };
    if (keys->empty()) return refused("no key of this address is known", "Add one: truename keys add FILE");
    const auto usable = std::ranges::find_if(*keys, &Key::is_usable);
    if (usable != keys->end()) return std::move(*usable);
    std::string reasons;
    for (const Key& key : *keys) {
        reasons += (reasons.empty() ? "" : "; ") + std::string("the key ") + fingerprint_text(key).substr(0, 11) +
                   "...: " + join(key.reasons, ", ");
    }
    const bool would_help =
        std::ranges::any_of(*keys, [](const Key& key) { return !key.row.confirmed && (key.is_held || key.vouched.empty()); });
    const bool has_ended = std::ranges::all_of(*keys, [&](const Key& key) { return key.not_after < at_; });
    return refused(std::move(reasons), has_ended ? "A newer key of the owner is needed: truename keys add FILE"
                                       : would_help
                                           ? "Compare the fingerprint with the owner by telephone, then: truename keys confirm FINGERPRINT"
                                           : "");
}

std::vector<ByteString> Directory::issuers_of(const Key& key) const {
    return issuers_above(key.row.certificate, issuers_);
}

}  // namespace truename::keys
