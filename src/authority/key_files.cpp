#include "authority/key_files.h"

#include "base/read_file.h"
#include "base/text.h"
#include "x509/pem.h"

namespace truename::authority {

Failure broken_store(const std::string& folder, std::string reason) {
    return {FailureKind::local, "opening the authority in", printable(folder), std::move(reason),
            "Take the last backup: truename ca restore"};
}

Result<void, Failure> write_issuer(Store& store, const IssuerRow& row, const crypto::PrivateKey& key, const crypto::Secret& passphrase) {
    const auto pem = key.to_encrypted_pem(passphrase.view());
    if (!pem)
        return Unexpected{Failure{FailureKind::usage, "encrypting the key of", printable(store.folder()), "the passphrase is empty",
                                  "Put one into the file: head -c 32 /dev/urandom | base64 > FILE"}};
    if (auto written = store.write_private(key_file(row), *pem); !written) return written;
    return store.write_public(certificate_file(row), x509::to_pem("CERTIFICATE", row.certificate));
}

Result<crypto::PrivateKey, Failure> open_key(const std::string& path, const crypto::Secret& passphrase,
                                             const x509::Certificate& certificate) {
    const auto failed = [&](FailureKind kind, std::string reason, std::string next) {
        return Unexpected{Failure{kind, "opening the key", printable(path), std::move(reason), std::move(next)}};
    };
    const auto pem = read_own_file(path);
    if (!pem)
        return failed(FailureKind::local, "it is not there, or may not be read",
                      "Run as the owner of the authority, or bring the key back from where it is kept");
    auto key = crypto::PrivateKey::from_pem(*pem, passphrase.view());
    if (!key)
        return failed(FailureKind::usage, "the passphrase does not open it",
                      "It is the one that truename ca init was given; a line break at the end of the file does not count");
    if (!equal(key->public_key_info(), certificate.subject_public_key_info.tlv))
        return failed(FailureKind::local, "it is not the key of " + x509::to_string(certificate.subject), "Name the right one");
    return std::move(*key);
}

}  // namespace truename::authority
