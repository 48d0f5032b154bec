#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"
#include "crypto/digest.h"
#include "der/oid.h"
#include "der/writer.h"
#include "x509/certificate.h"
#include "x509/ocsp_response.h"

namespace truename::x509 {

/// What a test's responder says of a certificate.
struct OcspSays {
    OcspVerdict verdict = OcspVerdict::good;
    std::optional<std::uint32_t> reason = {};  ///< of `revoked`, on 2026-10-01
};

/// The frame of a successful response around a ready ResponseData; its signature is empty.
inline ByteString ocsp_frame(Bytes response_data) {
    der::Writer writer;
    writer.sequence([&] {
        writer.integer(0, der::Tag::enumerated);
        writer.nested(der::context_constructed(0), [&] {
            writer.sequence([&] {
                writer.oid(der::oid::ocsp_basic);
                writer.nested(der::Tag::octet_string, [&] {
                    writer.sequence([&] {
                        writer.raw(response_data);
                        writer.sequence([] {});
                        writer.bit_string({});
                    });
                });
            });
        });
    });
    return writer.take();
}

/// A response about `certificate`, with hashes of that kind; nobody signed it.
inline ByteString ocsp_response(const Certificate& certificate, const OcspSays& says, crypto::DigestKind kind = crypto::DigestKind::sha1) {
    const Time day = *parse_time("2026-10-01");
    der::Writer writer;
    writer.sequence([&] {
        writer.nested(der::context_constructed(2), [&] { writer.octet_string(ByteString(20, 7)); });
        writer.time(day, der::Tag::generalized_time);
        writer.sequence([&] {
            writer.sequence([&] {
                writer.sequence([&] {
                    writer.sequence([&] { writer.oid(kind == crypto::DigestKind::sha1 ? der::oid::sha1 : der::oid::sha256); });
                    writer.octet_string(crypto::digest(kind, certificate.issuer.tlv()));
                    writer.octet_string(ByteString(crypto::digest_size(kind), 9));
                    writer.element(der::Tag::integer, certificate.serial_number);
                });
                if (says.verdict == OcspVerdict::good) writer.element(der::context(0), {});
                if (says.verdict == OcspVerdict::unknown) writer.element(der::context(2), {});
                if (says.verdict == OcspVerdict::revoked) {
                    writer.nested(der::context_constructed(1), [&] {
                        writer.time(day, der::Tag::generalized_time);
                        if (!says.reason) return;
                        writer.nested(der::context_constructed(0), [&] { writer.integer(*says.reason, der::Tag::enumerated); });
                    });
                }
                writer.time(day, der::Tag::generalized_time);
            });
        });
    });
    return ocsp_frame(writer.bytes());
}

}  // namespace truename::x509
