#pragma once

#include <string>

#include "authority/rows.h"
#include "authority/store.h"
#include "crypto/private_key.h"
#include "crypto/secret.h"
#include "finding/failure.h"
#include "x509/certificate.h"

namespace truename::authority {

/// A mistake in what this program itself has written.
Failure broken_store(const std::string& folder, std::string reason);

/// Writes the two files of one of the authority's own certificates: first its key, encrypted. Fails with `usage` for an empty passphrase.
Result<void, Failure> write_issuer(Store& store, const IssuerRow& row, const crypto::PrivateKey& key, const crypto::Secret& passphrase);

/// Opens the key in the file `path`. Fails with `local` when it is not there, with `usage` for a wrong passphrase, with `local` when it is
/// not that of `certificate`.
Result<crypto::PrivateKey, Failure> open_key(const std::string& path, const crypto::Secret& passphrase,
                                             const x509::Certificate& certificate);

}  // namespace truename::authority
