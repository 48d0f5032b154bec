#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "sql/database.h"

namespace truename::authority {

/// What an entry of the log is about.
enum class AuditEvent : std::uint8_t {
    setting,   ///< something that stays was chosen: its name, its domains
    issuer,    ///< a certificate of its own was made, or made anew
    recorded,  ///< a certificate is going to be signed
    signed_,   ///< it was
    revoked,
    list,  ///< a revocation list was signed
};
/// `recorded`: the word in the database and in what is shown.
std::string_view name_of(AuditEvent event);

/// One entry: `digest` stands for everything that the store says of `subject` because of it.
struct AuditEntry {
    AuditEvent event = AuditEvent::setting;
    Bytes subject;  ///< a serial number, or the SHA-256 of an issuer's certificate
    crypto::Sha256 digest{};
};

/// Appends to the log, in the transaction of the caller, and gives the entry's number. Each entry is hashed together with the hash of the
/// one before it, so that no byte of the log can change without all that follow. `at` never runs backwards: fails with `constraint` when
/// the log has an entry from more than a minute later, because then the clock was set back.
Result<std::int64_t, sql::Error> append_audit(sql::Database& database, Time at, const AuditEntry& entry);

/// The hash of an entry.
crypto::Sha256 audit_hash(Bytes hash_before, std::int64_t number, std::int64_t at, std::string_view event, Bytes subject, Bytes digest);

}  // namespace truename::authority
