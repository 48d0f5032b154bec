#include "authority/authority.h"
#include "authority/issuers.h"
#include "authority/key_files.h"
#include "base/text.h"
#include "x509/print.h"

namespace truename::authority {

Result<Authority, Failure> Authority::renew_issuer(const std::string& folder, const NewIssuer& wanted, const crypto::Secret& passphrase,
                                                   Time now, const crypto::Secret& pin) {
    auto opened = open(folder);
    if (!opened) return opened;
    if (auto unlocked = opened->unlock(passphrase, pin); !unlocked) return forward_error(unlocked);
    const auto root = x509::parse_certificate(opened->root());
    if (!root) return Unexpected{broken_store(folder, "its root is damaged: " + x509::describe(root.error()))};
    opened->set_root_key(wanted.root_key);
    const auto root_key = open_key(opened->root_key_place(), {passphrase, pin}, *root);
    if (!root_key) return forward_error(root_key);
    if (root->validity.not_after.time < now + std::chrono::days(1))
        return Unexpected{Failure{FailureKind::usage, "making another intermediate in", printable(folder), "the root ends too early",
                                  "It ends on " + format_date(root->validity.not_after.time) + ": make another authority"}};

    const auto name = opened->store_.setting(kName);
    if (!name) return forward_error(name);
    const Plan plan{.name = *name, .domains = opened->signer_->domains};
    const KeyType type = key_type_of(opened->signer_->certificate.subject_public_key_info).value_or(plan.key);
    const auto lock = opened->store_.lock();
    if (!lock) return forward_error(lock);
    const auto issuers = opened->store_.issuers();
    if (!issuers) return forward_error(issuers);
    std::vector<ByteString> taken;
    for (const IssuerRow& row : *issuers) {
        const auto certificate = x509::parse_certificate(row.certificate);
        if (certificate) taken.push_back(to_owned(certificate->subject_public_key_info.tlv));
    }
    const auto key = wanted.key_uri.empty() ? make_key(type) : take_token_key(wanted.key_uri, pin, taken);
    if (!key) return forward_error(key);
    // Each of its lists must have been there once: by them it is known which ones it has.
    if (auto published = opened->publish_locked(now, false); !published) return forward_error(published);
    IssuerRow row{issuers->back().id + 1, "intermediate", {}};
    auto certificate = make_intermediate(plan, issuers->size(), opened->root(), *root_key, *key, now);
    if (!certificate) return forward_error(certificate);
    row.certificate = std::move(*certificate);
    // The row last: without it the files are overwritten by the next who tries.
    if (auto written = write_issuer(opened->store_, row, *key, wanted.key_uri, passphrase); !written) return forward_error(written);
    if (auto added = opened->store_.add_issuer(now, row); !added) return forward_error(added);
    auto renewed = open(folder);
    if (!renewed) return renewed;
    renewed->use(*key, passphrase, pin);
    if (auto published = renewed->publish_locked(now, false); !published) return forward_error(published);
    return renewed;
}

}  // namespace truename::authority
