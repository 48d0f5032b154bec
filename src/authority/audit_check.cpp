#include "authority/audit_check.h"

#include <map>

#include "authority/audit.h"
#include "authority/compromised.h"
#include "base/read_file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "x509/pem.h"
#include "x509/print.h"

namespace truename::authority {

namespace {

constexpr std::size_t kMostProblems = 100;

/// Looks at one database; columns 0 to 2 of each query are event, subject and digest of the entry that a row names.
class Check {
  public:
    Check(sql::Database& database, const Store& store, ListFiles list_files, std::string_view known_head, AuditReport& report)
        : database_(database), store_(store), list_files_(list_files), known_head_(known_head), report_(report) {}

    Result<void, sql::Error> run() {
        if (auto whole = database_.check(); !whole) {
            if (whole.error().kind != sql::ErrorKind::corrupt) return whole;
            add("the database is damaged: " + printable(whole.error().text));
        }
        if (auto done = check_log(); !done) return done;
        if (auto done = check_schema(); !done) return done;
        if (auto done = check_settings(); !done) return done;
        if (auto done = check_issuers(); !done) return done;
        if (auto done = check_certificates(); !done) return done;
        if (auto done = check_revocations(); !done) return done;
        if (auto done = check_compromised(); !done) return done;
        return check_lists();
    }

  private:
    void add(std::string problem) {
        if (report_.problems.size() < kMostProblems) report_.problems.push_back(std::move(problem));
    }

    Result<void, sql::Error> check_log() {
        ByteString before;
        return database_.query("SELECT number, at, event, subject, digest, hash FROM audit ORDER BY number", {}, [&](const sql::Row& row) {
            const std::int64_t number = row.integer(0);
            if (number != ++report_.entries) {
                add("entry " + std::to_string(report_.entries) + " of the log is missing");
                report_.entries = number;
            }
            const crypto::Sha256 hash = audit_hash(before, number, row.integer(1), row.text(2), row.blob(3), row.blob(4));
            if (!equal(hash, row.blob(5))) add("entry " + std::to_string(number) + " of the log was changed, or one before it was");
            before = to_owned(row.blob(5));
            report_.head = to_hex(before);
            if (report_.head == known_head_) report_.known_head_at = number;
            if (row.text(2) == name_of(AuditEvent::setting)) settings_[std::string(as_text(row.blob(3)))] = number;
            ++events_[std::string(row.text(2))];
        });
    }

    /// Whether the entry is about that and vouches for this digest.
    void compare(const sql::Row& row, AuditEvent event, Bytes subject, const crypto::Sha256& digest, const std::string& what) {
        if (row.text(0) != name_of(event) || !equal(row.blob(1), subject) || !equal(row.blob(2), digest)) add(what + " was changed");
    }
    void count(AuditEvent event, std::int64_t rows, std::string_view what) {
        const std::int64_t entries = events_[std::string(name_of(event))];
        if (rows != entries)
            add("the log has " + std::to_string(entries) + " " + std::string(what) + ", the tables have " + std::to_string(rows));
    }

    /// The schema too: a trigger could keep rows out.
    Result<void, sql::Error> check_schema() {
        const auto schema = schema_of(database_);
        if (!schema) return forward_error(schema);
        if (*schema != expected_schema()) add("the tables of the database are not those that this program makes");
        return {};
    }

    Result<void, sql::Error> check_settings() {
        std::size_t rows = 0;
        auto done = database_.query(
            "SELECT a.event, a.subject, a.digest, s.name, s.value, s.audit FROM settings s LEFT JOIN audit a ON a.number = s.audit", {},
            [&](const sql::Row& row) {
                const SettingRow setting{std::string(row.text(3)), std::string(row.text(4))};
                const std::string what = "the setting " + printable(setting.name);
                compare(row, AuditEvent::setting, as_bytes(setting.name), setting.digest(), what);
                if (settings_[setting.name] != row.integer(5)) add(what + " is not the newest of the log");
                ++rows;
            });
        if (rows != settings_.size())
            add("the log has " + std::to_string(settings_.size()) + " settings, the tables have " + std::to_string(rows));
        return done;
    }

    /// The files that people copy.
    void check_issuer_file(const IssuerRow& issuer) {
        const std::string path = store_.path(certificate_file(issuer));
        if (read_own_file(path) != x509::to_pem("CERTIFICATE", issuer.certificate))
            add("the file " + printable(path) + " is not the authority's " + issuer.kind);
    }

    Result<void, sql::Error> check_issuers() {
        std::int64_t rows = 0;
        auto done = database_.query(
            "SELECT a.event, a.subject, a.digest, i.id, i.kind, i.certificate FROM issuers i LEFT JOIN audit a ON a.number = i.audit ORDER "
            "BY i.id",
            {}, [&](const sql::Row& row) {
                const IssuerRow issuer{row.integer(3), std::string(row.text(4)), to_owned(row.blob(5))};
                compare(row, AuditEvent::issuer, crypto::sha256(issuer.certificate), issuer.digest(),
                        "the authority's own certificate " + std::to_string(issuer.id));
                check_issuer_file(issuer);
                ++rows;
            });
        count(AuditEvent::issuer, rows, "certificates of the authority's own");
        return done;
    }

    Result<void, sql::Error> check_certificates() {
        std::int64_t rows = 0, signatures = 0;
        auto done = database_.query(
            "SELECT a.event, a.subject, a.digest, c.serial, c.issuer, c.profile, c.names, c.not_before, c.not_after, c.shard, c.tbs "
            "FROM certificates c LEFT JOIN audit a ON a.number = c.audit",
            {}, [&](const sql::Row& row) {
                const CertificateRow certificate{to_owned(row.blob(3)),    row.integer(4),         std::string(row.text(5)),
                                                 std::string(row.text(6)), row.integer(7),         row.integer(8),
                                                 row.integer(9),           to_owned(row.blob(10)), {}};
                compare(row, AuditEvent::recorded, certificate.serial, certificate.digest(),
                        "the record of certificate " + x509::serial_hex(certificate.serial));
                ++rows;
            });
        if (!done) return done;
        count(AuditEvent::recorded, rows, "records of certificates");
        auto signed_ones = database_.query(
            "SELECT a.event, a.subject, a.digest, c.serial, c.signature FROM certificates c LEFT JOIN audit a ON a.number = c.signed_audit "
            "WHERE c.signature IS NOT NULL OR c.signed_audit IS NOT NULL",
            {}, [&](const sql::Row& row) {
                CertificateRow certificate;
                certificate.serial = to_owned(row.blob(3));
                certificate.signature = to_owned(row.blob(4));
                compare(row, AuditEvent::signed_, certificate.serial, certificate.signature_digest(),
                        "the signature of certificate " + x509::serial_hex(certificate.serial));
                ++signatures;
            });
        count(AuditEvent::signed_, signatures, "signatures");
        return signed_ones;
    }

    Result<void, sql::Error> check_revocations() {
        std::int64_t rows = 0;
        auto done = database_.query(
            "SELECT a.event, a.subject, a.digest, r.issuer, r.shard, r.not_after, r.serial, r.at, r.reason "
            "FROM revocations r LEFT JOIN audit a ON a.number = r.audit",
            {}, [&](const sql::Row& row) {
                const RevocationRow revocation{row.integer(3),        row.integer(4), row.integer(5),
                                               to_owned(row.blob(6)), row.integer(7), row.integer(8)};
                compare(row, AuditEvent::revoked, revocation.serial, revocation.digest(),
                        "the revocation of " + x509::serial_hex(revocation.serial));
                ++rows;
            });
        count(AuditEvent::revoked, rows, "revocations");
        return done;
    }

    /// Keys that must not be certified again: a row that is missing would let one through.
    Result<void, sql::Error> check_compromised() {
        return database_.query(
            "SELECT r.serial, c.tbs, k.key, k.serial FROM revocations r JOIN certificates c ON c.serial = r.serial "
            "LEFT JOIN compromised k ON k.serial = r.serial WHERE r.reason = ?",
            {kKeyCompromise}, [&](const sql::Row& row) {
                if (row.is_null(3) || (!row.is_null(2) && !equal(key_hash_of(row.blob(1)), row.blob(2))))
                    add("that the key of " + x509::serial_hex(row.blob(0)) + " was given up is not recorded any more");
            });
    }

    Result<void, sql::Error> check_lists() {
        std::int64_t rows = 0;
        std::vector<ListRow> newest;
        auto done = database_.query(
            "SELECT a.event, a.subject, a.digest, l.issuer, l.shard, l.number, l.this_update, l.next_update, l.entries, l.fingerprint "
            "FROM lists l LEFT JOIN audit a ON a.number = l.audit ORDER BY l.issuer, l.shard, l.number",
            {}, [&](const sql::Row& row) {
                const ListRow list{row.integer(3), row.integer(4), row.integer(5),       row.integer(6),
                                   row.integer(7), row.integer(8), to_owned(row.blob(9))};
                compare(row, AuditEvent::list, Number(list.issuer), list.digest(),
                        "the record of revocation list " + std::to_string(list.number));
                ++rows;
                if (!newest.empty() && newest.back().issuer == list.issuer && newest.back().shard == list.shard) newest.pop_back();
                newest.push_back(list);
            });
        if (!done) return done;
        count(AuditEvent::list, rows, "revocation lists");
        if (list_files_ == ListFiles::there) {
            for (const ListRow& list : newest) check_list_file(list);
        }
        return {};
    }

    void check_list_file(const ListRow& list) {
        const std::string path = store_.path(list_file(list.issuer, list.shard));
        const auto contents = read_own_file(path);
        if (!contents || !equal(crypto::sha256(as_bytes(*contents)), list.fingerprint))
            add("the file " + printable(path) + " is not revocation list " + std::to_string(list.number) +
                ": make it anew with truename ca crl");
    }

    sql::Database& database_;
    const Store& store_;
    ListFiles list_files_;
    std::string_view known_head_;
    AuditReport& report_;
    std::map<std::string, std::int64_t> events_, settings_;  // how many of each; the newest entry of each setting
};

}  // namespace

Result<AuditReport, Failure> check_audit(Store& store, ListFiles list_files, std::string_view known_head) {
    AuditReport report;
    const auto done = store.read("looking through",
                                 [&](sql::Database& database) { return Check(database, store, list_files, known_head, report).run(); });
    // What cannot be read any more is what is being looked for.
    if (!done && report.entries == 0) return forward_error(done);
    if (!done) report.problems.push_back("the rest cannot be read: " + printable(done.error().reason));
    return report;
}

}  // namespace truename::authority
