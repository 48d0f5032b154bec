#pragma once

#include <optional>

#include "base/bytes.h"
#include "crypto/digest.h"
#include "sql/database.h"

namespace truename::authority {

/// The SHA-256 of the SubjectPublicKeyInfo of a TBSCertificate.
crypto::Sha256 key_hash_of(Bytes tbs);

/// Notes that somebody else has the key of a certificate, in the transaction of the caller.
Result<void, sql::Error> insert_compromised(sql::Database& database, Bytes serial);

/// The serial number of a certificate whose key has that hash and that was revoked because somebody else has the key. In a transaction of
/// the caller that may write: the hashes of keys are computed here, when the first one is looked for.
Result<std::optional<ByteString>, sql::Error> find_compromised(sql::Database& database, const crypto::Sha256& key_hash);

}  // namespace truename::authority
