#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "crypto/private_key.h"
#include "der/oid.h"
#include "der/writer.h"
#include "tests/seeds.h"
#include "x509/certificate.h"

namespace truename::x509 {

/// An entry of a test's CRL: of 2026-02-01.
struct CrlEntry {
    Bytes serial_number;
    std::optional<std::uint32_t> reason = {};
};

/// What a test's CRL says.
struct CrlSays {
    std::vector<CrlEntry> entries = {};
    std::string_view this_update = "2026-02-01", next_update = "2027-01-01";
    std::function<void(der::Writer&)> extensions = {};  ///< writes Extension after Extension
};

/// An Extension whose value is what `value` writes.
inline void write_extension(der::Writer& writer, der::Oid id, bool critical, const std::function<void(der::Writer&)>& value) {
    der::Writer inside;
    value(inside);
    writer.sequence([&] {
        writer.oid(id);
        if (critical) writer.boolean(true);
        writer.octet_string(inside.bytes());
    });
}

/// A CRL of `issuer`, signed with `key`, which must be a P-256 key. RFC 5280 5.1
inline ByteString make_crl(const Name& issuer, const crypto::PrivateKey& key, const CrlSays& says = {}) {
    der::Writer tbs;
    const auto algorithm = [](der::Writer& writer) { writer.sequence([&] { writer.oid(der::oid::ecdsa_with_sha256); }); };
    tbs.sequence([&] {
        tbs.integer(1);
        algorithm(tbs);
        tbs.raw(issuer.tlv());
        tbs.time(*parse_time(says.this_update));
        if (!says.next_update.empty()) tbs.time(*parse_time(says.next_update));
        if (!says.entries.empty()) {
            tbs.sequence([&] {
                for (const CrlEntry& entry : says.entries) {
                    tbs.sequence([&] {
                        tbs.element(der::Tag::integer, entry.serial_number);
                        tbs.time(*parse_time("2026-02-01"));
                        if (!entry.reason) return;
                        tbs.sequence([&] {
                            write_extension(tbs, der::oid::crl_reason, false,
                                            [&](der::Writer& writer) { writer.integer(*entry.reason, der::Tag::enumerated); });
                        });
                    });
                }
            });
        }
        if (says.extensions) {
            tbs.nested(der::context_constructed(0), [&] { tbs.sequence([&] { says.extensions(tbs); }); });
        }
    });
    der::Writer crl;
    crl.sequence([&] {
        crl.raw(tbs.bytes());
        algorithm(crl);
        crl.bit_string(*key.sign({.kind = crypto::SignatureKind::ecdsa}, tbs.bytes()));
    });
    write_seed("x509_crl", as_text(crl.bytes()));
    return crl.take();
}

}  // namespace truename::x509
