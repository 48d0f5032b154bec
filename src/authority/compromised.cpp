#include "authority/compromised.h"

#include <utility>
#include <vector>

#include "x509/build.h"
#include "x509/certificate.h"

namespace truename::authority {

namespace {

/// Those that were noted since the last time.
Result<void, sql::Error> compute_hashes(sql::Database& database) {
    std::vector<std::pair<ByteString, crypto::Sha256>> found;
    auto read = database.query("SELECT k.serial, c.tbs FROM compromised k JOIN certificates c ON c.serial = k.serial WHERE k.key IS NULL",
                               {}, [&](const sql::Row& row) { found.emplace_back(to_owned(row.blob(0)), key_hash_of(row.blob(1))); });
    if (!read) return read;
    for (const auto& [serial, hash] : found) {
        if (auto kept = database.run("UPDATE compromised SET key = ? WHERE serial = ?", {Bytes(hash), Bytes(serial)}); !kept)
            return forward_error(kept);
    }
    return {};
}

}  // namespace

crypto::Sha256 key_hash_of(Bytes tbs) {
    const ByteString der = x509::encode_signed(tbs, x509::encode_signature_algorithm({}), {});
    const auto certificate = x509::parse_certificate(der);
    return crypto::sha256(certificate ? certificate->subject_public_key_info.tlv : tbs);
}

Result<void, sql::Error> insert_compromised(sql::Database& database, Bytes serial) {
    if (auto done = database.run("INSERT INTO compromised (serial) VALUES (?)", {serial}); !done) return forward_error(done);
    return {};
}

Result<std::optional<ByteString>, sql::Error> find_compromised(sql::Database& database, const crypto::Sha256& key_hash) {
    if (auto computed = compute_hashes(database); !computed) return forward_error(computed);
    std::optional<ByteString> serial;
    auto read = database.query("SELECT serial FROM compromised WHERE key = ? LIMIT 1", {Bytes(key_hash)},
                               [&](const sql::Row& row) { serial = to_owned(row.blob(0)); });
    if (!read) return forward_error(read);
    return serial;
}

}  // namespace truename::authority
