#include "authority/key_files.h"

#include <algorithm>
#include <filesystem>

#include "authority/key_type.h"
#include "base/read_file.h"
#include "base/text.h"
#include "x509/pem.h"

namespace truename::authority {

namespace {

constexpr std::size_t kLongestUri = 1'024;

}  // namespace

Failure broken_store(const std::string& folder, std::string reason) {
    return {FailureKind::local, "opening the authority in", printable(folder), std::move(reason),
            "Take the last backup: truename ca restore"};
}

bool is_in_token(std::string_view key) {
    return key.starts_with("pkcs11:");
}

std::string key_place(const Store& store, const IssuerRow& row) {
    const auto uri = read_own_file(store.path(uri_file(row)));
    return uri ? std::string(trim(*uri)) : store.path(key_file(row));
}

Result<void, Failure> write_issuer(Store& store, const IssuerRow& row, const crypto::PrivateKey& key, const std::string& uri,
                                   const crypto::Secret& passphrase) {
    const std::string certificate = x509::to_pem("CERTIFICATE", row.certificate);
    if (is_in_token(uri)) {
        if (auto written = store.write_private(uri_file(row), uri + "\n"); !written) return written;
        return store.write_public(certificate_file(row), certificate);
    }
    const auto pem = key.to_encrypted_pem(passphrase.view());
    if (!pem)
        return Unexpected{Failure{FailureKind::usage, "encrypting the key of", printable(store.folder()), "the passphrase is empty",
                                  "Put one into the file: head -c 32 /dev/urandom | base64 > FILE"}};
    if (auto written = store.write_private(key_file(row), *pem); !written) return written;
    std::error_code ignored;
    std::filesystem::remove(store.path(uri_file(row)), ignored);  // of somebody who was stopped before the row was written
    return store.write_public(certificate_file(row), certificate);
}

Result<crypto::PrivateKey, Failure> open_token_key(const std::string& uri, const crypto::Secret& pin) {
    const auto failed = [&](std::string reason, std::string next) {
        return Unexpected{Failure{FailureKind::usage, "opening the key", printable(uri), std::move(reason), std::move(next)}};
    };
    if (uri.find("pin-") != std::string::npos || uri.find("pin=") != std::string::npos)
        return Unexpected{Failure{FailureKind::usage, "opening", "a key in a token",
                                  "its address has a PIN in it, which other users can see",
                                  "Put the PIN into a file and name that: --pin-file FILE"}};
    if (!is_in_token(uri) || printable(uri) != uri || uri.size() > kLongestUri)
        return failed("it is no address of a key in a token", "Write it as pkcs11:token=ca;object=issuing");
    if (pin.empty()) return failed("the PIN of its token is needed", "Put the PIN into a file and name that: --pin-file FILE");
    auto key = crypto::PrivateKey::from_token(uri, pin.view());
    if (key) return std::move(*key);
    if (key.error().kind == ErrorKind::unsupported)
        return failed("OpenSSL has nothing to talk to tokens", "Install it: apt install libengine-pkcs11-openssl");
    return failed("its token does not give it: no such key, or another PIN",
                  "See with p11tool --list-privkeys what there is; too many wrong PINs lock a token");
}

Result<crypto::PrivateKey, Failure> take_token_key(const std::string& uri, const crypto::Secret& pin,
                                                   const std::vector<ByteString>& taken) {
    auto key = open_token_key(uri, pin);
    if (!key) return key;
    const auto failed = [&](std::string reason, std::string next) {
        return Unexpected{Failure{FailureKind::usage, "taking the key", printable(uri), std::move(reason), std::move(next)}};
    };
    const ByteString info = key->public_key_info();
    der::Reader reader{Bytes(info)};
    const auto parsed = x509::read_subject_public_key_info(reader);
    if (!parsed || !key_type_of(*parsed))
        return failed("it is of no kind that an authority has", "Make one of these in the token: " + std::string(kKeyTypes));
    if (std::ranges::find(taken, info) != taken.end())
        return failed("another certificate of this authority has it already", "Make another key in the token");
    return key;
}

Result<crypto::PrivateKey, Failure> open_key(const std::string& place, const Secrets& secrets, const x509::Certificate& certificate) {
    const auto failed = [&](FailureKind kind, std::string reason, std::string next) {
        return Unexpected{Failure{kind, "opening the key", printable(place), std::move(reason), std::move(next)}};
    };
    const auto from_file = [&]() -> Result<crypto::PrivateKey, Failure> {
        const auto pem = read_own_file(place);
        if (!pem)
            return failed(FailureKind::local, "it is not there, or may not be read",
                          "Run as the owner of the authority, or bring the key back from where it is kept");
        auto key = crypto::PrivateKey::from_pem(*pem, secrets.passphrase.view());
        if (!key)
            return failed(FailureKind::usage, "the passphrase does not open it",
                          "It is the one that truename ca init was given; a line break at the end of the file does not count");
        return std::move(*key);
    };
    auto key = is_in_token(place) ? open_token_key(place, secrets.pin) : from_file();
    if (!key) return key;
    if (!equal(key->public_key_info(), certificate.subject_public_key_info.tlv))
        return failed(FailureKind::local, "it is not the key of " + x509::to_string(certificate.subject), "Name the right one");
    return key;
}

}  // namespace truename::authority
