#pragma once

#include <string>

#include "authority/store.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/secret.h"
#include "finding/failure.h"

namespace truename::authority {

/// Copies an authority, at one moment and while others work with it, into a folder that is not there yet: records, log, certificates and
/// encrypted keys, but no revocation lists. The copy is looked through before this comes back.
Result<void, Failure> make_backup(Store& store, const std::string& folder);

/// Makes an authority of a backup, in a folder that is not there yet, and its revocation lists. What was done since the backup is not in
/// it: certificates that were issued then are not known, and those that were revoked then are to be revoked again. Revocation lists get
/// numbers that none had before. Fails with `input` when the backup was changed, with `usage` for a wrong passphrase.
Result<void, Failure> restore_backup(const std::string& backup, const std::string& folder, const crypto::Secret& passphrase, Time now,
                                     const crypto::Secret& pin = crypto::Secret());

}  // namespace truename::authority
