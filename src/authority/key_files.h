#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "authority/rows.h"
#include "authority/store.h"
#include "crypto/private_key.h"
#include "crypto/secret.h"
#include "finding/failure.h"
#include "x509/certificate.h"

namespace truename::authority {

/// A mistake in what this program itself has written.
Failure broken_store(const std::string& folder, std::string reason);

/// What opens keys.
struct Secrets {
    const crypto::Secret& passphrase;  ///< of those in files
    const crypto::Secret& pin;         ///< of those in a token
};

/// Whether that is a PKCS #11 URI (RFC 7512) and no path.
bool is_in_token(std::string_view key);

/// The path of the key of one of the authority's own certificates, or its URI.
std::string key_place(const Store& store, const IssuerRow& row);

/// Writes the two files of one of the authority's own certificates: first its key, encrypted, or the URI of one that is in a token. Fails
/// with `usage` for an empty passphrase.
Result<void, Failure> write_issuer(Store& store, const IssuerRow& row, const crypto::PrivateKey& key, const std::string& uri,
                                   const crypto::Secret& passphrase);

/// Opens a key in a token. Fails with `usage` for a URI that is none or has a PIN in it, for no PIN and a wrong one.
Result<crypto::PrivateKey, Failure> open_token_key(const std::string& uri, const crypto::Secret& pin);

/// The same for a key that is going to issue. Fails with `usage` also for one that is of none of the kinds that an authority has, and for
/// one of those in `taken` (SubjectPublicKeyInfo elements): whoever finds a certificate's issuer by its key would take one for the other.
Result<crypto::PrivateKey, Failure> take_token_key(const std::string& uri, const crypto::Secret& pin, const std::vector<ByteString>& taken);

/// Opens the key at `place`, a path or a URI. Fails with `local` when it is not there or not that of `certificate`, with `usage` for a
/// wrong passphrase or PIN.
Result<crypto::PrivateKey, Failure> open_key(const std::string& place, const Secrets& secrets, const x509::Certificate& certificate);

}  // namespace truename::authority
