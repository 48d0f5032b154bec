#include "authority/audit.h"

#include <algorithm>
#include <array>

#include "authority/rows.h"

namespace truename::authority {

namespace {

constexpr std::int64_t kMostSecondsBack = 60;

/// The newest entry; number 0 when there is none.
struct Last {
    std::int64_t number = 0, at = 0;
    ByteString hash;
};

Result<Last, sql::Error> last_entry(sql::Database& database) {
    Last last;
    const auto read = database.query("SELECT number, at, hash FROM audit ORDER BY number DESC LIMIT 1", {}, [&](const sql::Row& row) {
        last = {row.integer(0), row.integer(1), to_owned(row.blob(2))};
    });
    if (!read) return forward_error(read);
    return last;
}

}  // namespace

std::string_view name_of(AuditEvent event) {
    static constexpr std::array<std::string_view, 6> kNames = {"setting", "issuer", "recorded", "signed", "revoked", "list"};
    return kNames.at(static_cast<std::size_t>(event));
}

crypto::Sha256 audit_hash(Bytes hash_before, std::int64_t number, std::int64_t at, std::string_view event, Bytes subject, Bytes digest) {
    return crypto::sha256({hash_before, Number(number), Number(at), as_bytes(event), subject, digest});
}

Result<std::int64_t, sql::Error> append_audit(sql::Database& database, Time at, const AuditEntry& entry) {
    const auto last = last_entry(database);
    if (!last) return forward_error(last);
    const std::int64_t now = to_seconds(at);
    if (now + kMostSecondsBack < last->at)
        return Unexpected{
            sql::Error{sql::ErrorKind::constraint,
                       "the clock says " + format_time(at) + ", and the log has an entry of " + format_time(from_seconds(last->at)) +
                           ". Set the clock if it is wrong now; if it was wrong then, go back to the last backup from before, "
                           "with truename ca restore"}};
    const std::int64_t number = last->number + 1, written = std::max(now, last->at);
    const crypto::Sha256 hash = audit_hash(last->hash, number, written, name_of(entry.event), entry.subject, entry.digest);
    const auto done = database.run("INSERT INTO audit (number, at, event, subject, digest, hash) VALUES (?, ?, ?, ?, ?, ?)",
                                   {number, written, name_of(entry.event), entry.subject, Bytes(entry.digest), Bytes(hash)});
    if (!done) return forward_error(done);
    return number;
}

}  // namespace truename::authority
